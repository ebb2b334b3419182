"""What the user wants left out, in each of the ways in which a generator can be told.

It does not decide which way: that is in the Profile.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from imagetoprompt.core.prompt import Dropped, Profile
from imagetoprompt.core.scene import Scene
from imagetoprompt.lexicon import table
from imagetoprompt.targets.writing.sanitize import clauses, clean

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


def exclusions(scene: Scene, profile: Profile) -> Exclusions:
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
    items = [clause for each in scene.excluded for clause in clauses(clean(each, profile.syntax))]
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
    opposites: dict[str, str] = table("exclusions")["positive"]
    known = dict.fromkeys(opposites[each.lower()] for each in wanted if each.lower() in opposites)
    reason = f"{profile.title} may add what is named, and no positive wording is known for it."
    rest = [each for each in wanted if each.lower() not in opposites]
    return Exclusions(sentence=" ".join(known), dropped=dropped + _lost(rest, reason))


def _lost(items: Iterable[str], reason: str) -> tuple[Dropped, ...]:
    return tuple(Dropped(EXCLUDED, item, reason) for item in items)
