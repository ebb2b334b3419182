"""How the picture is laid out: size of shot, place of the subject, symmetry, lines, empty space.

It does not know what the subject is.
"""

from collections.abc import Iterator
from typing import Final

from imagetoprompt.analysis import horizon as horizons
from imagetoprompt.analysis.layout import ShotSize, negative_space, repetition, shot_size, symmetry
from imagetoprompt.analysis.lines import diagonal_lines, leading_lines
from imagetoprompt.analysis.subject_detection import MainSubject, main_subject
from imagetoprompt.core.measurements import Composition
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture

FACETS: Final = ("composition",)

# Confidence from which an aspect is worded, and how many may be.
MIN_CLAUSE_CONFIDENCE: Final = 0.7
MAX_CLAUSES: Final = 3
# How far from a third, or the middle, the middle of the subject may be: shares of the width.
NEAR_CENTER: Final = 0.075
# A larger subject has no place: it is all over the picture.
FULL_FRAME_SHARE: Final = 0.7
# Correlation with its mirror image from which a picture is meant to be symmetric.
MIN_SYMMETRY: Final = 0.72
SHOT_WORDS: Final = {"medium": "medium shot", "full": "full shot", "wide": "wide shot"}


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One claim on composition; its words are empty when nothing is certain."""
    main = main_subject(picture)
    size = shot_size(picture, main)
    found = tuple(_layout(picture, main))
    line = horizons.horizon(picture)
    measured = Composition(
        shot=size.name,
        layout=tuple(name for _, name, _ in found),
        subject_box=None if main is None else main.box,
        horizon=round(line.height, 4)
        if line is not None and line.confidence >= horizons.MIN_HORIZON_CONFIDENCE
        else None,
        symmetry=symmetry(picture),
    )
    clauses = [
        *_size(size),
        *((sure, text) for sure, _, text in found if sure >= MIN_CLAUSE_CONFIDENCE),
    ][:MAX_CLAUSES]
    words = ", ".join(text for _, text in clauses)
    confidence = min((sure for sure, _ in clauses), default=size.confidence)
    yield Observation("composition", words, round(confidence, 4), "pixels", measured)


def _size(size: ShotSize) -> Iterator[tuple[float, str]]:
    if size.confidence >= MIN_CLAUSE_CONFIDENCE:
        name = size.name
        yield size.confidence, SHOT_WORDS.get(name, f"{name} shot" if "wide" in name else name)


def _layout(picture: Picture, main: MainSubject | None) -> Iterator[tuple[float, str, str]]:
    """Each layout that is seen: how sure, its name, and its clause, the most telling first."""
    yield from _whole(picture)
    if main is not None and main.box[2] < FULL_FRAME_SHARE:
        yield from _placed(main)
    yield from _empty(picture, main)


def _whole(picture: Picture) -> Iterator[tuple[float, str, str]]:
    mirrored = symmetry(picture)
    if mirrored >= MIN_SYMMETRY:
        yield min(0.95, 0.75 + mirrored - MIN_SYMMETRY), "symmetric", "symmetrical composition"
    repeated = repetition(picture)
    if repeated >= 0.5:
        yield repeated, "pattern", "repeating pattern"
    toward = leading_lines(picture)
    if toward >= 0.5:
        yield toward, "leading lines", "leading lines"
    slanted = diagonal_lines(picture)
    if slanted >= 0.5:
        yield slanted, "diagonal", "diagonal composition"


def _placed(main: MainSubject) -> Iterator[tuple[float, str, str]]:
    middle = main.box[0] + main.box[2] / 2
    if abs(middle - 0.5) <= NEAR_CENTER:
        yield main.confidence, "centerd", "centered subject"
    for third, side in ((1 / 3, "left"), (2 / 3, "right")):
        if abs(middle - third) <= NEAR_CENTER:
            yield main.confidence, "rule of thirds", f"subject on the {side} third"


def _empty(picture: Picture, main: MainSubject | None) -> Iterator[tuple[float, str, str]]:
    space = negative_space(picture)
    if main is not None and space.share >= 0.45 and main.box[2] * main.box[3] < 0.3:
        where = f" {space.where}" if space.where else ""
        yield min(0.9, 0.3 + space.share), "negative space", f"negative space{where}"
