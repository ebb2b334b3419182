"""`composition`: shot size, placement of the subject, symmetry, lines and empty space."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from imagetoprompt.analysis.horizon import MIN_HORIZON_CONFIDENCE, horizon
from imagetoprompt.analysis.layout import ShotSize, negative_space, repetition, shot_size, symmetry
from imagetoprompt.analysis.lines import diagonal_lines, leading_lines
from imagetoprompt.analysis.subject_detection import MainSubject, main_subject
from imagetoprompt.core.measurements import Composition
from imagetoprompt.core.scene import Observation
from imagetoprompt.facts.hedging import (
    ScoredClause,
    clause_thresholds,
    joined_clauses,
    unsure_clauses,
)
from imagetoprompt.images.picture import Picture

FACETS: Final = ("composition",)

MAX_CLAUSES: Final = 3
# How far the subject's center may lie from a third line or the middle, as a share of the width.
MAX_PLACEMENT_OFFSET: Final = 0.075
# A subject wider than this share of the picture has no particular place in it.
MAX_PLACED_WIDTH: Final = 0.7
# Correlation with the mirror image from which symmetry is intended.
MIN_SYMMETRY: Final = 0.72
# Confidence from which a pattern or lines are features of the layout.
MIN_FEATURE_CONFIDENCE: Final = 0.5
# Negative space: at least this share of the picture is empty, and the subject's box is smaller.
MIN_EMPTY_SHARE: Final = 0.45
MAX_SURROUNDED_AREA: Final = 0.3
SHOT_WORDS: Final = {"medium": "medium shot", "full": "full shot", "wide": "wide shot"}


class LayoutFeature(NamedTuple):
    """A kind of layout, the words for it, and its confidence (0 to 1)."""

    name: str
    words: str
    confidence: float


def observe(picture: Picture, /) -> Iterator[Observation]:
    """Yield the measurement with the sure clauses, if any, as its value; then unsure clauses."""
    main = main_subject(picture)
    size = shot_size(picture, main)
    layout = list(_layout(picture, main))
    line = horizon(picture)
    has_horizon = line is not None and line.confidence >= MIN_HORIZON_CONFIDENCE
    measured = Composition(
        shot=size.name,
        layout=tuple(feature.name for feature in layout),
        subject_box=None if main is None else main.box,
        horizon=round(line.height, 4) if line is not None and has_horizon else None,
        symmetry=symmetry(picture),
    )
    clauses = list(_clauses(size, layout))
    sure = [clause for clause in clauses if clause.is_sure][:MAX_CLAUSES]
    yield joined_clauses("composition", sure, measured, otherwise=size.confidence)
    yield from unsure_clauses("composition", clauses)


def _clauses(size: ShotSize, layout: list[LayoutFeature]) -> Iterator[ScoredClause]:
    needed = clause_thresholds("composition")
    words = SHOT_WORDS.get(size.name, f"{size.name} shot" if "wide" in size.name else size.name)
    yield ScoredClause(words, size.confidence, needed["shot"])
    for feature in layout:
        yield ScoredClause(feature.words, feature.confidence, needed["layout"])


def _layout(picture: Picture, main: MainSubject | None) -> Iterator[LayoutFeature]:
    """Every layout feature of the picture, the most distinctive first."""
    yield from _whole_picture(picture)
    if main is not None and main.box[2] < MAX_PLACED_WIDTH:
        yield from _placement(main)
    yield from _empty_space(picture, main)


def _whole_picture(picture: Picture) -> Iterator[LayoutFeature]:
    mirrored = symmetry(picture)
    if mirrored >= MIN_SYMMETRY:
        confidence = min(0.95, 0.75 + mirrored - MIN_SYMMETRY)
        yield LayoutFeature("symmetric", "symmetrical composition", confidence)
    repeated = repetition(picture)
    if repeated >= MIN_FEATURE_CONFIDENCE:
        yield LayoutFeature("pattern", "repeating pattern", repeated)
    leading = leading_lines(picture)
    if leading >= MIN_FEATURE_CONFIDENCE:
        yield LayoutFeature("leading lines", "leading lines", leading)
    diagonal = diagonal_lines(picture)
    if diagonal >= MIN_FEATURE_CONFIDENCE:
        yield LayoutFeature("diagonal", "diagonal composition", diagonal)


def _placement(main: MainSubject) -> Iterator[LayoutFeature]:
    center = main.box[0] + main.box[2] / 2
    if abs(center - 0.5) <= MAX_PLACEMENT_OFFSET:
        yield LayoutFeature("centered", "centered subject", main.confidence)
    for third, side in ((1 / 3, "left"), (2 / 3, "right")):
        if abs(center - third) <= MAX_PLACEMENT_OFFSET:
            words = f"subject on the {side} third"
            yield LayoutFeature("rule of thirds", words, main.confidence)


def _empty_space(picture: Picture, main: MainSubject | None) -> Iterator[LayoutFeature]:
    space = negative_space(picture)
    if main is None or space.share < MIN_EMPTY_SHARE:
        return
    if main.box[2] * main.box[3] < MAX_SURROUNDED_AREA:
        where = f" {space.where}" if space.where else ""
        confidence = min(0.9, 0.3 + space.share)
        yield LayoutFeature("negative space", f"negative space{where}", confidence)
