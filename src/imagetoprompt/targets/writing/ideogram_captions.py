"""caption(told, ...) -> Draft: the JSON caption that Ideogram 4 was trained on, with its spans.

Keys and their order are those of the vendor's JSON prompting page (IDEO-P4J). The text is built in
pieces rather than by a JSON library, so that every character of a fact stays in a span.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from imagetoprompt.core.measurements import Box, Measurement, Subject, Text
from imagetoprompt.core.prompt import Profile
from imagetoprompt.targets.writing.clauses import FacetClauses, WordSlot
from imagetoprompt.targets.writing.prose import is_photographic
from imagetoprompt.targets.writing.sentence_order import (
    DraftText,
    Sentence,
    TextPiece,
    arranged_sentences,
    draft_text,
    render_sentence,
)
from imagetoprompt.targets.writing.tags import TAGS

_BACKGROUND: Final[Sentence] = ("setting", "time", "weather", "season")
# What a caption's summary is about; the rest has keys of its own.
_SUMMARY: Final = {"subject", "action", "setting", "medium", "composition", "camera", "focus"}
# Boxes are given on a grid of 1000 from the top left, as [y_min, x_min, y_max, x_max].
_GRID: Final = 1000
_NOTHING: Final = FacetClauses("", (), ())


def json_caption(
    told: Mapping[str, FacetClauses], profile: Profile, emphasis: str, instead: str = ""
) -> DraftText:
    """The caption of what is told; `instead` ends the background, in place of exclusions."""
    if not told and not instead:
        return DraftText("", ())
    members = [
        _string(
            "high_level_description", _summary(told, arranged_sentences(profile, emphasis, told))
        ),
        _object("style_description", _style(told)),
        _object("compositional_deconstruction", _layout(told, instead)),
    ]
    return draft_text(chain([("", "{")], _listed(members), [("", "}")]))


def _summary(told: Mapping[str, FacetClauses], rows: list[Sentence]) -> Iterator[TextPiece]:
    telling = [row for row in rows if row != ("text",)]
    chosen = [row for row in telling if row == telling[0] or _SUMMARY.intersection(row)]
    for place, row in enumerate(chosen):
        yield "", " " if place else ""
        yield from render_sentence(told, row)
        yield "", "."


def _style(told: Mapping[str, FacetClauses]) -> list[list[TextPiece]]:
    """The members of the style; hex colors, comma and key with them, are all the palette's."""
    members = [*_looks(told)]
    colors = _colors(told)
    if colors:
        members[-1].append(("palette", f',"color_palette":[{colors}]'))
    return members


def _looks(told: Mapping[str, FacetClauses]) -> Iterator[list[TextPiece]]:
    looks = [facet for facet in ("style", "mood", "palette") if facet in told]
    if looks:
        tags = [
            [("", ", " if place else ""), _tag(told, facet)] for place, facet in enumerate(looks)
        ]
        yield _string("aesthetics", chain.from_iterable(tags))
    if "light" in told:
        yield _string("lighting", [_tag(told, "light")])
    if "medium" in told:
        yield [("medium", _medium(told["medium"]))]


def _medium(told: FacetClauses) -> str:
    """A photograph is named under 'photo', anything else under 'art_style', never both."""
    words = ", ".join(told.clauses)
    if is_photographic(words):
        return f'"photo":{_quoted(words)},"medium":"photograph"'
    return f'"medium":{_quoted(words)},"art_style":{_quoted(words)}'


def _colors(told: Mapping[str, FacetClauses]) -> str:
    numbers = told["palette"].measurements[0] if "palette" in told else None
    swatches = getattr(numbers, "swatches", ())
    return ",".join(_quoted(swatch.hex.upper()) for swatch in swatches)


def _layout(told: Mapping[str, FacetClauses], instead: str) -> Iterator[list[TextPiece]]:
    place = [
        *render_sentence({slot: told[slot] for slot in _BACKGROUND if slot in told}, _BACKGROUND)
    ]
    end = [("", ". " if place and instead else ""), ("", instead)]
    yield _string("background", [*place, *end])
    elements = [group for group in (_objects(told), _texts(told)) if group]
    yield [("", '"elements":['), *_listed(elements), ("", "]")]


def _objects(told: Mapping[str, FacetClauses]) -> list[TextPiece]:
    """Every subject, the frames around them too; what is being done goes with the main one."""
    pieces: list[TextPiece] = []
    subject = told.get("subject", _NOTHING)
    for place, clauses in enumerate(subject.facts):
        box = _box(_boxes(subject.measurements[place]))
        comma = "," if place else ""
        pieces.append(
            ("subject", f'{comma}{{"type":"obj",{box}"desc":"{_inner(", ".join(clauses))}')
        )
        if not place and "action" in told:
            facet, words = _tag(told, "action")
            pieces.append((facet, _inner(f" {words}")))
        pieces.append(("subject", '"}'))
    return pieces


def _texts(told: Mapping[str, FacetClauses]) -> list[TextPiece]:
    text = told.get("text", _NOTHING)
    elements = [
        f'{{"type":"text",{_box(_boxes(numbers))}"text":{_quoted(words)},"desc":"lettering"}}'
        for (words,), numbers in zip(text.facts, text.measurements, strict=True)
    ]
    return [("text", ",".join(elements))] if elements else []


def _boxes(numbers: Measurement | None) -> tuple[Box, ...]:
    if isinstance(numbers, Subject):
        return numbers.boxes
    return (numbers.box,) if isinstance(numbers, Text) else ()


def _box(boxes: tuple[Box, ...]) -> str:
    """The member for the box around all boxes, with its comma; nothing without boxes."""
    if not boxes:
        return ""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    grid = [min(max(round(each * _GRID), 0), _GRID) for each in (top, left, bottom, right)]
    return f'"bbox":{json.dumps(grid, separators=(",", ":"))},'


def _tag(told: Mapping[str, FacetClauses], facet: str) -> TextPiece:
    _, words = TAGS[facet](told[facet], WordSlot((), (), frozenset(told)))
    return facet, words


def _string(name: str, pieces: Iterable[TextPiece]) -> list[TextPiece]:
    inner = [(facet, _inner(words)) for facet, words in pieces]
    return [("", f'"{name}":"'), *inner, ("", '"')]


def _object(name: str, members: Iterable[list[TextPiece]]) -> list[TextPiece]:
    return [("", f'"{name}":{{'), *_listed(members), ("", "}")]


def _listed(members: Iterable[list[TextPiece]]) -> Iterator[TextPiece]:
    for place, member in enumerate(members):
        yield "", "," if place else ""
        yield from member


def _inner(words: str) -> str:
    """The words as they stand between the quotes of JSON."""
    return _quoted(words)[1:-1]


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
