"""What the user wants left out, in each of the ways in which a generator can be told.

It does not decide which way: that is in the Profile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from imagetoprompt.core.prompt import Dropped, Parameter, Profile, Prompt
from imagetoprompt.core.scene import Scene
from imagetoprompt.errors import UnknownNameError
from imagetoprompt.lexicon import table
from imagetoprompt.targets.image_sizes import aspect_ratio, nearest_size
from imagetoprompt.targets.writing.clauses import clean_text, scene_clauses, split_clauses
from imagetoprompt.targets.writing.length_limits import Renderer, fit_to_limit
from imagetoprompt.targets.writing.sentence_order import DraftText, render

EXCLUDED: Final = "excluded"
"""Stands where a facet would in what is dropped of `Scene.excluded`."""

# A longer list does not steer any better and would push the facts out of the text.
_MOST: Final = 12
_LONGEST: Final = 60


@dataclass(frozen=True)
class Exclusions:
    """The words for a negative field or parameter, the sentence for the text, and what is lost."""

    words: tuple[str, ...] = ()
    sentence: str = ""
    dropped: tuple[Dropped, ...] = ()


def worded_exclusions(scene: Scene, profile: Profile) -> Exclusions:
    """What the scene excludes, as the profile says that it must be given."""
    wanted, dropped = _wanted(scene, profile)
    if profile.negatives == "sentence":
        return Exclusions(sentence=" ".join(f"No {each}." for each in wanted), dropped=dropped)
    if profile.negatives == "rewrite":
        return _rewritten(wanted, profile, dropped)
    if profile.negatives == "parameter":
        return _single(wanted, profile, dropped)
    if profile.negatives == "field":
        return Exclusions(words=wanted, dropped=dropped)
    return Exclusions(dropped=dropped + _lost(wanted, f"{profile.title} takes no exclusions."))


def _wanted(scene: Scene, profile: Profile) -> tuple[tuple[str, ...], tuple[Dropped, ...]]:
    """The items one by one, each once, without a leading 'no'; overlong and surplus ones lost."""
    items = [
        clause
        for each in scene.excluded
        for clause in split_clauses(clean_text(each, profile.syntax))
    ]
    bare = dict.fromkeys(item.removeprefix("no ").removeprefix("No ") for item in items)
    short = [item for item in bare if item and len(item) <= _LONGEST]
    lost = [item for item in bare if item not in short[:_MOST]]
    return tuple(short[:_MOST]), _lost(lost, f"Only {_MOST} short exclusions are given.")


def _single(wanted: tuple[str, ...], profile: Profile, dropped: tuple[Dropped, ...]) -> Exclusions:
    """Single words only: read word by word, 'modern clothing' would ban all clothing."""
    single = tuple(each for each in wanted if " " not in each)
    reason = f"{profile.title} reads each word of an exclusion by itself: use one noun."
    rest = [each for each in wanted if each not in single]
    return Exclusions(words=single, dropped=dropped + _lost(rest, reason))


def _rewritten(
    wanted: tuple[str, ...], profile: Profile, dropped: tuple[Dropped, ...]
) -> Exclusions:
    """The positive opposites, by the table; what has none there is lost."""
    opposites: dict[str, str] = table("exclusions", __package__)["positive"]
    known = dict.fromkeys(opposites[each.lower()] for each in wanted if each.lower() in opposites)
    reason = f"{profile.title} may add what is named, and no positive wording is known for it."
    rest = [each for each in wanted if each.lower() not in opposites]
    return Exclusions(sentence=" ".join(known), dropped=dropped + _lost(rest, reason))


def _lost(items: Iterable[str], reason: str) -> tuple[Dropped, ...]:
    return tuple(Dropped(EXCLUDED, item, reason) for item in items)


@dataclass(frozen=True)
class Ending:
    """What follows the facts: `text` as it is pasted after them, and parameters as data.

    alone: whether the text says something when there are no facts before it.
    """

    text: str = ""
    alone: bool = True
    parameters: Mapping[str, Parameter] = field(default_factory=dict, hash=False)


def chosen_profile(variants: Mapping[str, Profile], variant: str) -> Profile:
    """The profile of that name, the first one for no name; UnknownNameError if there is none."""
    name = variant or next(iter(variants))
    if name not in variants:
        raise UnknownNameError(f"variant of {next(iter(variants.values())).target}", name, variants)
    return variants[name]


def compose(
    scene: Scene,
    profile: Profile,
    emphasis: str,
    ending: Ending | None = None,
    write: Renderer | None = None,
) -> Prompt:
    """The prompt of a scene in the dialect of a profile.

    ending: in place of the exclusions that the profile puts into the text. write: in place of the
    manner of the profile.
    """
    if emphasis not in table("emphases", __package__):
        raise UnknownNameError("emphasis", emphasis, table("emphases", __package__))
    left_out = worded_exclusions(scene, profile)
    end = ending or Ending(_after(left_out.sentence))
    telling = scene_clauses(scene, profile)
    how = write or partial(render, profile=profile, emphasis=emphasis)
    fit = fit_to_limit(telling, how(telling.told()), how, profile.limit, end.text)
    return Prompt(
        target=profile.target,
        variant=profile.variant,
        text=_ended(fit.draft, end),
        negative=_negative(left_out, profile),
        parameters={**profile.defaults, **end.parameters},
        spans=fit.draft.spans,
        dropped=(*telling.dropped, *fit.dropped, *left_out.dropped),
        length=fit.length if fit.draft.text else 0,
        emphasis=emphasis,
    )


def size_parameters(scene: Scene, profile: Profile) -> dict[str, Parameter]:
    """Width and height in pixels, as parameters of those names."""
    width, height = nearest_size(scene.size, profile.shape)
    return {"width": width, "height": height}


def ratio_parameter(
    scene: Scene, profile: Profile, name: str = "aspect_ratio"
) -> dict[str, Parameter]:
    """The aspect ratio, as a parameter of that name."""
    return {name: aspect_ratio(scene.size, profile.shape)}


def exclusion_ending(scene: Scene, profile: Profile, parameters: Mapping[str, Parameter]) -> Ending:
    """The exclusions as their sentence, with parameters beside them."""
    return Ending(_after(worded_exclusions(scene, profile).sentence), parameters=parameters)


def _after(sentence: str) -> str:
    return f" {sentence}" if sentence else ""


def _ended(draft: DraftText, end: Ending) -> str:
    return (draft.text + end.text).strip() if draft.text or end.alone else ""


def _negative(left_out: Exclusions, profile: Profile) -> str:
    return ", ".join(left_out.words) if profile.negatives == "field" else ""
