"""Facets as comma-separated phrases, for generators that read tags rather than sentences."""

import re
from typing import Final

from imagetoprompt.lexicon import table
from imagetoprompt.lexicon.english import join_words, mid_sentence, without_article
from imagetoprompt.targets.writing.clauses import (
    FacetClauses,
    Phrasing,
    PhrasingTable,
    WordedClause,
    WordSlot,
)
from imagetoprompt.targets.writing.prose import SCENE_PHRASES, is_photographic, subject_phrase

_SCENES: Final = {"outdoors": "an outdoor scene", "indoors": "an interior"}


def _row(content: FacetClauses, _: WordSlot) -> WordedClause:
    return "", ", ".join(content.clauses)


def _row_of(kind: str) -> Phrasing:
    """Clauses separated by commas, each reworded by that row of clauses.toml to stand alone."""

    def phrasing(content: FacetClauses, _: WordSlot) -> WordedClause:
        wordings: dict[str, str] = table("clauses", __package__)[kind]
        return "", ", ".join(wordings.get(clause.lower(), clause) for clause in content.clauses)

    return phrasing


def _subject_tags(content: FacetClauses, _: WordSlot) -> WordedClause:
    return "", ", ".join(
        without_article(mid_sentence(", ".join(clauses))) for clauses in content.facts
    )


def _medium_tags(content: FacetClauses, _: WordSlot) -> WordedClause:
    return "", ", ".join(map(subject_phrase, content.clauses))


def _setting(content: FacetClauses, slot: WordSlot) -> WordedClause:
    glue, words = SCENE_PHRASES["setting"](content, slot)
    words = words.removeprefix("the setting is ")
    alone = not slot.leads("subject", "action") and not slot.follows("subject", "action")
    # "oil painting of outdoors": an adverb cannot stand alone, nor after "of".
    place, link, more = words.partition(" with ")
    return glue, (_SCENES.get(place, place) if alone else place) + link + more


def _mood(content: FacetClauses, _: WordSlot) -> WordedClause:
    words = join_words(
        [re.sub(r" (mood|atmosphere|feeling)$", "", clause) for clause in content.clauses]
    )
    return "", f"{words} atmosphere"


def _style(content: FacetClauses, _: WordSlot) -> WordedClause:
    return "", ", ".join(
        clause if re.search(r"\bstyle\b", clause) else f"{clause} style"
        for clause in content.clauses
    )


def _text(content: FacetClauses, _: WordSlot) -> WordedClause:
    return "", "the text " + join_words([f'"{words}"' for (words,) in content.facts])


def _medium_lead(content: FacetClauses, slot: WordSlot) -> WordedClause:
    """'watercolor painting of ' before a subject; a photograph is named at the end."""
    medium, *more = content.clauses
    if is_photographic(medium):
        return "", ""
    if more or not slot.leads("subject", "setting"):
        return "", f"{', '.join(map(subject_phrase, content.clauses))}, "
    return "", f"{subject_phrase(medium)} of "


def _medium_end(content: FacetClauses, slot: WordSlot) -> WordedClause:
    """The medium after a comma, unless it already stands at the start."""
    if slot.follows("medium") and not is_photographic(content.clauses[0]):
        return "", ""
    words = ", ".join(map(subject_phrase, content.clauses))
    return "", words if slot.present == {"medium"} else f", {words}"


_LOOKS: Final[PhrasingTable] = {
    "light": _row_of("light_tag"),
    "palette": _row,
    "composition": _row_of("composition_tag"),
    "camera": _row_of("camera_tag"),
    "focus": _row,
    "mood": _mood,
    "style": _style,
    "text": _text,
}

TAGS: Final[PhrasingTable] = {
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

PHRASES: Final[PhrasingTable] = {
    **_LOOKS,
    **SCENE_PHRASES,
    "setting": _setting,
    "medium": _medium_lead,
    "medium+": _medium_end,
}
"""Subject, action and setting as one phrase, the other facets as tags."""
