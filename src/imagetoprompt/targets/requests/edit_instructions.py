"""edit_instruction(prompt, plan, profile) -> str: what to change and what to keep, in words.

For generators without a strength parameter. The strength selects one of four tiers, from "change
only this" to "a new picture after this one"; their phrases follow the vendors' guides to editing
(BFL-K, OAI-CB).
"""

from typing import Final

from imagetoprompt.core.measurements import Palette
from imagetoprompt.core.plan import TEXT_LINE_SEPARATOR, FacetChange, Plan
from imagetoprompt.core.prompt import Limit, Profile, Prompt
from imagetoprompt.lexicon import table
from imagetoprompt.lexicon.english import (
    capitalized,
    join_words,
    with_article,
    with_indefinite_article,
)
from imagetoprompt.targets.requests.strength_parameters import (
    LIGHT,
    PRESERVE,
    REINTERPRET,
    strength_tier,
)
from imagetoprompt.targets.writing.clauses import clean_phrase, clean_text
from imagetoprompt.targets.writing.compose import count_units


def edit_instruction(
    prompt: Prompt, plan: Plan, profile: Profile, *, limit: Limit | None = None
) -> str:
    """What to change and what to keep, in sentences; references are named by their numbers.

    If it is too long for the limit (by default that of the profile), the sentences about what stays
    are left out, then those about references and exclusions; at last the prompt itself is used.
    """
    bound = limit or profile.limit
    body = _body(prompt, plan, profile)
    more = (*_roles(plan), *_exclusions(prompt))
    candidates = (" ".join((*body, *more)), " ".join((body[0], *more)), body[0])
    fits = (text for text in candidates if count_units(text, bound.unit) <= bound.count)
    return next(fits, prompt.text)


def _body(prompt: Prompt, plan: Plan, profile: Profile) -> tuple[str, ...]:
    """The sentences, the most important one first."""
    if plan.task in ("inpaint", "outpaint"):
        return _local(plan, profile)
    number = strength_tier(plan)
    return _reinterpreted(prompt, plan) if number == REINTERPRET else _edited(plan, profile, number)


def _local(plan: Plan, profile: Profile) -> tuple[str, ...]:
    """What to do in the masked region; there is no tier, since everything else stays."""
    what = join_words(_verbs(plan, profile)) or str(
        table("instructions", __package__)["tasks"][plan.task]
    )
    where = "In the masked region, " if plan.task == "inpaint" else ""
    sentence = f"{where}{what}" if where else capitalized(what)
    return (f"{sentence}.", "Leave everything outside the mask exactly as it is.")


def _reinterpreted(prompt: Prompt, plan: Plan) -> tuple[str, ...]:
    kept = [words for facet, words in _INSPIRING_FACETS.items() if facet in plan.kept]
    what = join_words(kept) or "the subject"
    description = _described(plan) if prompt.text.startswith("{") else _facts(prompt)
    return (
        f"Use the reference image only as loose inspiration for {what}; "
        f"create a new composition: {description}",
    )


_INSPIRING_FACETS: Final = {"subject": "the subject", "palette": "the colors", "mood": "the mood"}


def _facts(prompt: Prompt) -> str:
    """The prompt up to its last fact, without exclusions and parameters after it."""
    end = prompt.spans[-1].end if prompt.spans else len(prompt.text)
    return f"{prompt.text[:end].rstrip('. ')}."


def _described(plan: Plan) -> str:
    """The facts after the change as a list, for prompts that are JSON."""
    after = [change.after for change in plan.changes if change.after]
    return f"{', '.join((*after, *plan.kept.values()))}."


def _edited(plan: Plan, profile: Profile, number: int) -> tuple[str, ...]:
    what = join_words(_verbs(plan, profile)) or str(
        table("instructions", __package__)["tasks"].get(plan.task, "edit it")
    )
    lines = join_words([f'"{clean_phrase(text, profile.syntax)}"' for text in _texts(plan)])
    words = [f"Keep the words {lines} as they are."] if lines else []
    if number == PRESERVE:
        return (f"{capitalized(what)}, and change nothing else.", _preserved(plan, profile), *words)
    main = _main(plan, profile) if _keeps_subject(plan) else ""
    kept = _maintained(plan, main) if number == LIGHT else _recognizable(plan, main)
    return (f"{capitalized(what)}, {kept}.", *words)


def _maintained(plan: Plan, main: str) -> str:
    same = f" and the same {_bare(main)}" if main else ""
    if _reframes(plan):
        return f"while maintaining the original scene, light and colors{same}"
    return f"while maintaining the original composition and object placement{same}"


def _recognizable(plan: Plan, main: str) -> str:
    what = "scene" if _reframes(plan) else "overall composition"
    free = "details, colors and lighting may change"
    return f"keeping the {what} and {main or 'the main forms'} recognizable; {free}"


def _reframes(plan: Plan) -> bool:
    """Whether composition or camera change, so that they cannot be asked to stay."""
    return any(
        change.facet in ("composition", "camera") and change.after for change in plan.changes
    )


def _verbs(plan: Plan, profile: Profile) -> list[str]:
    """An imperative for each change, those that redraw everything first."""
    changes = sorted(plan.changes, key=lambda change: change.facet not in ("medium", "style"))
    phrases = (_verb(change, plan, profile) for change in changes)
    return [phrase for phrase in phrases if phrase]


def _verb(change: FacetChange, plan: Plan, profile: Profile) -> str:
    """The change as an imperative; "" for a removal that needs none."""
    row = table("instructions", __package__)["facets"][change.facet]
    how = "swap" if change.before and change.after else "add" if change.after else "remove"
    form = row.get(how) or (row["add"] if change.after else "")
    before, after = (_safe(change.facet, words, profile) for words in (change.before, change.after))
    return str(form).format(
        before=before,
        after=after,
        the=with_definite_article(before),
        placed=f"{_placed(change.facet, after)}{_hexes(change, profile)}",
        main=_main(plan, profile),
    )


def _safe(facet: str, words: str, profile: Profile) -> str:
    """The words without the generator's syntax; each line of visible text in quotes."""
    if facet != "text":
        return clean_text(words, profile.syntax)
    lines = (clean_phrase(line, profile.syntax) for line in words.split(TEXT_LINE_SEPARATOR))
    return join_words([f'"{line}"' for line in lines])


def _hexes(change: FacetChange, profile: Profile) -> str:
    """' (#0F6E7C teal and #F2A541 amber)' for a generator that reads hex colors, else ''."""
    numbers = change.measurement
    if not profile.hexes or not isinstance(numbers, Palette) or not numbers.swatches:
        return ""
    swatches = numbers.swatches[:_MAX_HEX_COLORS]
    return f" ({join_words([f'{swatch.hex} {swatch.name}' for swatch in swatches])})"


# FLUX.2 follows three to five hex colors (BFL-S, hex-color-prompting).
_MAX_HEX_COLORS: Final = 5


def _placed(facet: str, words: str) -> str:
    """The words with an article if they name one thing."""
    if facet == "palette":
        return with_indefinite_article(words) if words.endswith(" palette") else words
    return with_indefinite_article(words) if facet == "style" else with_article(words)


def with_definite_article(phrase: str) -> str:
    """'the dog and the two people' of 'a dog and two people'."""
    parts = [part.strip() for part in phrase.replace(" and ", ", ").split(", ") if part.strip()]
    return join_words([f"the {_bare(part)}" for part in parts])


def _bare(phrase: str) -> str:
    for article in ("a ", "an ", "the "):
        if phrase.lower().startswith(article):
            return phrase[len(article) :]
    return phrase


def _keeps_subject(plan: Plan) -> bool:
    return "subject" in plan.kept


def _main(plan: Plan, profile: Profile) -> str:
    named = clean_text(plan.kept.get("subject", ""), profile.syntax)
    return with_definite_article(named) if named else "the main subject"


def _texts(plan: Plan) -> tuple[str, ...]:
    return tuple(plan.kept["text"].split(TEXT_LINE_SEPARATOR)) if "text" in plan.kept else ()


def _preserved(plan: Plan, profile: Profile) -> str:
    rows = table("instructions", __package__)
    spoiled = {row for change in plan.changes for row in rows["facets"][change.facet]["spoils"]}
    stays = [words for facet, words in rows["stays"].items() if facet not in spoiled]
    kept = join_words([str(words).format(main=_main(plan, profile)) for words in stays])
    return f"Keep everything else exactly the same: {kept}."


def _roles(plan: Plan) -> tuple[str, ...]:
    """Which image is what: the picture is the first one."""
    if not plan.references:
        return ()
    rows = table("instructions", __package__)["roles"]
    sentences = (
        rows[reference.role].format(n=number) for number, reference in enumerate(plan.references, 2)
    )
    return ("Image 1 is the picture to edit.", *sentences)


def _exclusions(prompt: Prompt) -> tuple[str, ...]:
    """What the prompt says after its last fact: the exclusions."""
    if not prompt.spans or prompt.text.startswith("{"):
        return ()
    rest = prompt.text[prompt.spans[-1].end :].lstrip(". ")
    return (rest,) if rest and not rest.startswith("--") else ()
