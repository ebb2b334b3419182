"""Facets as comma-separated phrases, for generators that read tags rather than sentences.

It does not know which phrases come first.
"""

import re
from typing import Final

from imagetoprompt.lexicon import table
from imagetoprompt.lexicon.english import joined, lowered, without_article
from imagetoprompt.targets.writing.clauses import Slot, Speech, Speeches, Told, Worded
from imagetoprompt.targets.writing.prose import SCENERY, is_photographic, named

_SCENES: Final = {"outdoors": "an outdoor scene", "indoors": "an interior"}


def _row(told: Told, _: Slot) -> Worded:
    return "", ", ".join(told.clauses)


def _row_of(kind: str) -> Speech:
    """Clauses in a row, each in the wording that stands alone."""

    def speech(told: Told, _: Slot) -> Worded:
        given: dict[str, str] = table("clauses")[kind]
        return "", ", ".join(given.get(clause.lower(), clause) for clause in told.clauses)

    return speech


def _subject_tags(told: Told, _: Slot) -> Worded:
    return "", ", ".join(without_article(lowered(", ".join(clauses))) for clauses in told.facts)


def _medium_tags(told: Told, _: Slot) -> Worded:
    return "", ", ".join(map(named, told.clauses))


def _setting(told: Told, slot: Slot) -> Worded:
    glue, words = SCENERY["setting"](told, slot)
    words = words.removeprefix("the setting is ")
    alone = not slot.leads("subject", "action") and not slot.follows("subject", "action")
    # "oil painting of outdoors": an adverb cannot stand alone, nor after "of".
    place, link, more = words.partition(" with ")
    return glue, (_SCENES.get(place, place) if alone else place) + link + more


def _mood(told: Told, _: Slot) -> Worded:
    words = joined([re.sub(r" (mood|atmosphere|feeling)$", "", each) for each in told.clauses])
    return "", f"{words} atmosphere"


def _style(told: Told, _: Slot) -> Worded:
    return "", ", ".join(
        each if re.search(r"\bstyle\b", each) else f"{each} style" for each in told.clauses
    )


def _text(told: Told, _: Slot) -> Worded:
    return "", "the text " + joined([f'"{words}"' for (words,) in told.facts])


def _medium_lead(told: Told, slot: Slot) -> Worded:
    """'watercolor painting of ' before a subject; a photograph waits for its place at the end."""
    medium, *more = told.clauses
    if is_photographic(medium):
        return "", ""
    if more or not slot.leads("subject", "setting"):
        return "", f"{', '.join(map(named, told.clauses))}, "
    return "", f"{named(medium)} of "


def _medium_end(told: Told, slot: Slot) -> Worded:
    """The medium with the comma before it, unless it has led."""
    if slot.follows("medium") and not is_photographic(told.clauses[0]):
        return "", ""
    words = ", ".join(map(named, told.clauses))
    return "", words if slot.told == {"medium"} else f", {words}"


_LOOKS: Final[Speeches] = {
    "light": _row_of("light_tag"),
    "palette": _row,
    "composition": _row_of("composition_tag"),
    "camera": _row_of("camera_tag"),
    "focus": _row,
    "mood": _mood,
    "style": _style,
    "text": _text,
}

TAGS: Final[Speeches] = {
    **_LOOKS,
    "medium": _medium_tags,
    "subject": _subject_tags,
    "action": _row,
    "setting": _row,
    "time": _row,
    "weather": _row,
    "season": _row,
}
"""Every facet as tags of its own."""

PHRASES: Final[Speeches] = {
    **_LOOKS,
    **SCENERY,
    "setting": _setting,
    "medium": _medium_lead,
    "medium+": _medium_end,
}
"""What is there as one phrase, the rest as tags."""
