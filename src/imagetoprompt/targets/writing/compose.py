"""compose(scene, profile, emphasis) -> Prompt: write a scene by the rules of a target variant.

The clauses of all facts are arranged in sentences. If the text exceeds the limit of the profile,
the clauses with the lowest confidence x importance are dropped. What the user wants left out is
given in the form that the profile asks for: a negative prompt, a parameter or a sentence.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from importlib.util import find_spec
from math import ceil
from typing import Final, TypeAlias

from imagetoprompt.core.prompt import Dropped, Limit, Parameter, Profile, Prompt, Unit
from imagetoprompt.core.scene import Scene
from imagetoprompt.errors import UnknownNameError
from imagetoprompt.lexicon import table
from imagetoprompt.targets.writing.clauses import (
    Clause,
    FacetClauses,
    SceneClauses,
    clean_text,
    scene_clauses,
    split_clauses,
)
from imagetoprompt.targets.writing.sentence_order import DraftText, render

Renderer: TypeAlias = Callable[[Mapping[str, FacetClauses]], DraftText]
"""From the clauses of each facet to a text with its spans."""

EXCLUDED: Final = "excluded"
"""Stands in place of a facet for dropped items of `Scene.excluded`."""

# A longer list does not steer any better and would push facts out of the text.
_MAX_EXCLUSIONS: Final = 12
_MAX_EXCLUSION_LENGTH: Final = 60


@dataclass(frozen=True)
class Ending:
    """What follows the facts. text: appended as it is. parameters: of the Prompt.

    alone: whether the text is written when there are no facts before it.
    """

    text: str = ""
    alone: bool = True
    parameters: Mapping[str, Parameter] = field(default_factory=dict, hash=False)


def chosen_profile(variants: Mapping[str, Profile], variant: str) -> Profile:
    """The profile of that variant, the first one for ""; UnknownNameError if there is none."""
    name = variant or next(iter(variants))
    if name not in variants:
        raise UnknownNameError(f"variant of {next(iter(variants.values())).target}", name, variants)
    return variants[name]


def compose(
    scene: Scene,
    profile: Profile,
    emphasis: str,
    ending: Ending | None = None,
    renderer: Renderer | None = None,
) -> Prompt:
    """Write the prompt of a scene for a target variant.

    ending: replaces the sentence of exclusions at the end. renderer: replaces the tags, phrases or
    sentences of the profile. UnknownNameError if there is no such emphasis.
    """
    if emphasis not in table("emphases", __package__):
        raise UnknownNameError("emphasis", emphasis, table("emphases", __package__))
    exclusions = worded_exclusions(scene, profile)
    ending = ending or Ending(_spaced(exclusions.sentence))
    clauses = scene_clauses(scene, profile)
    renderer = renderer or partial(render, profile=profile, emphasis=emphasis)
    complete = renderer(clauses.by_facet())
    fitted = fit_to_limit(clauses, complete, renderer, profile.limit, ending.text)
    draft = fitted.draft
    return Prompt(
        target=profile.target,
        variant=profile.variant,
        text=(draft.text + ending.text).strip() if draft.text or ending.alone else "",
        negative=", ".join(exclusions.words) if profile.negatives == "field" else "",
        parameters={**profile.defaults, **ending.parameters},
        spans=draft.spans,
        dropped=(*clauses.dropped, *fitted.dropped, *exclusions.dropped),
        length=fitted.length if draft.text else 0,
        emphasis=emphasis,
    )


def size_parameters(scene: Scene, profile: Profile) -> dict[str, Parameter]:
    """Width and height in pixels, as parameters of those names."""
    width, height = profile.shape.nearest(scene.size)
    return {"width": width, "height": height}


def ratio_parameter(
    scene: Scene, profile: Profile, name: str = "aspect_ratio"
) -> dict[str, Parameter]:
    """The aspect ratio, as a parameter of that name."""
    return {name: profile.shape.nearest_text(scene.size)}


def exclusion_ending(scene: Scene, profile: Profile, parameters: Mapping[str, Parameter]) -> Ending:
    """The sentence of exclusions as the ending, together with these parameters."""
    return Ending(_spaced(worded_exclusions(scene, profile).sentence), parameters=parameters)


def _spaced(sentence: str) -> str:
    return f" {sentence}" if sentence else ""


@dataclass(frozen=True)
class Exclusions:
    """words: for a negative prompt or parameter. sentence: for the text. dropped: neither."""

    words: tuple[str, ...] = ()
    sentence: str = ""
    dropped: tuple[Dropped, ...] = ()


def worded_exclusions(scene: Scene, profile: Profile) -> Exclusions:
    """What the scene excludes, in the form that the profile asks for."""
    items, dropped = _excluded_items(scene, profile)
    match profile.negatives:
        case "sentence":
            return Exclusions(sentence=" ".join(f"No {item}." for item in items), dropped=dropped)
        case "rewrite":
            return _positive_sentences(items, profile, dropped)
        case "parameter":
            return _single_words(items, profile, dropped)
        case "field":
            return Exclusions(words=items, dropped=dropped)
    reason = f"{profile.title} takes no exclusions."
    return Exclusions(dropped=dropped + _dropped(items, reason))


def _excluded_items(scene: Scene, profile: Profile) -> tuple[tuple[str, ...], tuple[Dropped, ...]]:
    """The items without repeats and without a leading 'no'; long and surplus ones are dropped."""
    items = [
        clause
        for text in scene.excluded
        for clause in split_clauses(clean_text(text, profile.syntax))
    ]
    bare = dict.fromkeys(item.removeprefix("no ").removeprefix("No ") for item in items)
    short = [item for item in bare if item and len(item) <= _MAX_EXCLUSION_LENGTH]
    kept = short[:_MAX_EXCLUSIONS]
    rest = [item for item in bare if item not in kept]
    return tuple(kept), _dropped(rest, f"Only {_MAX_EXCLUSIONS} short exclusions are given.")


def _single_words(
    items: tuple[str, ...], profile: Profile, dropped: tuple[Dropped, ...]
) -> Exclusions:
    """Items of one word only: read word by word, 'modern clothing' would ban all clothing."""
    single = tuple(item for item in items if " " not in item)
    reason = f"{profile.title} reads each word of an exclusion by itself: use one noun."
    rest = [item for item in items if item not in single]
    return Exclusions(words=single, dropped=dropped + _dropped(rest, reason))


def _positive_sentences(
    items: tuple[str, ...], profile: Profile, dropped: tuple[Dropped, ...]
) -> Exclusions:
    """The opposites of the items by exclusions.toml; items without one are dropped."""
    opposites: dict[str, str] = table("exclusions", __package__)["positive"]
    known = dict.fromkeys(opposites[item.lower()] for item in items if item.lower() in opposites)
    reason = f"{profile.title} may add what is named, and no positive wording is known for it."
    rest = [item for item in items if item.lower() not in opposites]
    return Exclusions(sentence=" ".join(known), dropped=dropped + _dropped(rest, reason))


def _dropped(items: Iterable[str], reason: str) -> tuple[Dropped, ...]:
    return tuple(Dropped(EXCLUDED, item, reason) for item in items)


# Share of the limit: a clause longer than this would push out nearly everything else.
_LARGE_CLAUSE_SHARE: Final = 0.6


@dataclass(frozen=True)
class FittedText:
    """A text within the limit, its length in the limit's unit, and the facts left out."""

    draft: DraftText
    length: int
    dropped: tuple[Dropped, ...]


def fit_to_limit(
    clauses: SceneClauses, complete: DraftText, renderer: Renderer, limit: Limit, ending: str
) -> FittedText:
    """Render as many clauses as fit with the ending, and drop the others.

    complete: the text with every clause, returned as it is if it fits. The lowest confidence x
    importance is dropped first, and before all others a clause that would fill most of the limit by
    itself.
    """
    length = count_units(complete.text + ending, limit.unit)
    if length <= limit.count:
        return FittedText(complete, length, ())
    order = _dropping_order(clauses, limit)

    def without(number: int) -> DraftText:
        return renderer(clauses.by_facet(without=set(order[:number])))

    def fits(number: int) -> bool:
        return count_units(without(number).text + ending, limit.unit) <= limit.count

    number = bisect_left(range(len(order)), True, key=fits)
    draft = without(number)
    reason = f"No room for it within {limit.count} {limit.unit}."
    return FittedText(
        draft,
        count_units(draft.text + ending, limit.unit),
        tuple(clauses.dropped_facts(set(order[:number]), reason)),
    )


def _dropping_order(clauses: SceneClauses, limit: Limit) -> list[Clause]:
    return sorted(
        clauses.clauses,
        key=lambda clause: (
            count_units(clause.words, limit.unit) <= limit.count * _LARGE_CLAUSE_SHARE,
            clause.worth,
        ),
    )


def count_units(text: str, unit: Unit) -> int:
    """The length of the text in the unit; T5 tokens may be overestimated, never underestimated."""
    if unit == "characters":
        return len(text)
    if unit == "words":
        return len(text.split())
    return clip_tokens(text) if unit == "CLIP tokens" else t5_tokens(text)


def clip_tokens(text: str) -> int:
    """Tokens of CLIP's vocabulary, without the begin and end tokens.

    Where instant_clip_tokenizer is not installed, an upper bound.
    """
    return _clip_tokenizer()(text)


@cache
def _clip_tokenizer() -> Callable[[str], int]:
    if find_spec("instant_clip_tokenizer") is None:
        return max_clip_tokens
    from instant_clip_tokenizer import Tokenizer  # noqa: PLC0415 - absent on some machines

    tokenizer = Tokenizer()
    return lambda text: len(tokenizer.encode(text))


# CLIP splits a text into runs of letters, single digits and runs of signs before it looks for
# tokens (Radford et al. 2021, simple_tokenizer.py), so no token spans two of them.
_CLIP_RUNS: Final = re.compile(r"[^\W\d_]+|\d|(?:[^\w\s]|_)+")


def max_clip_tokens(text: str) -> int:
    """Upper bound of CLIP tokens: by a table of words; one per byte for words not in it."""
    known = _clip_words()
    return sum(known.get(run) or len(run.encode()) for run in _CLIP_RUNS.findall(text.lower()))


@cache
def _clip_words() -> dict[str, int]:
    names = {"one": 1, "two": 2, "three": 3}
    lists = table("clip", __package__)
    return {word: count for name, count in names.items() for word in lists[name].split()}


# Words that every English vocabulary of 32 000 pieces contains as one piece.
_ONE_T5_TOKEN: Final = frozenset(
    "a an and are as at by for from in is it its no of on or the there to under with".split()  # noqa: SIM905
)


def t5_tokens(text: str) -> int:
    """Upper bound of T5's SentencePiece tokens, the end token included; its model is not needed.

    A piece has at least one character, so a word has at most its characters and one mark of its
    beginning. An English word that is one CLIP token has at most one piece for two letters; this
    goes by the table of words, so that the count is the same on every machine.
    """
    return bool(text) + sum(_t5_word(word) for word in re.findall(r"\w+|[^\w\s]", text))


@lru_cache(maxsize=4096)
def _t5_word(word: str) -> int:
    if word.lower() in _ONE_T5_TOKEN or word in ",.":
        return 1
    plain = word.isascii() and word.isalpha() and word[1:].islower() and len(word) > 2
    if plain and _clip_words().get(word.lower()) == 1:
        return max(3, ceil(len(word) / 2))
    return len(word.encode()) + 1
