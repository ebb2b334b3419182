"""`focus`: depth of field, what is sharp, and whether the picture is motion-blurred."""

from collections.abc import Iterator
from typing import Final

from imagetoprompt.analysis.blur import MotionBlur, motion_blur
from imagetoprompt.analysis.depth_of_field import DepthOfField, depth_of_field
from imagetoprompt.core.measurements import Focus
from imagetoprompt.core.scene import Observation
from imagetoprompt.facts.hedging import (
    ScoredClause,
    clause_thresholds,
    joined_clauses,
    unsure_clauses,
)
from imagetoprompt.images.picture import Picture

FACETS: Final = ("focus",)

# A smear of this share of the longer side leaves nothing but streaks: motion 1.
FULL_SMEAR_LENGTH: Final = 0.1
# Confidence from which the measurement has motion.
MIN_MOTION_CONFIDENCE: Final = 0.5


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One claim with the measurement, its words empty when nothing is sure; then unsure clauses."""
    depth, smear = depth_of_field(picture), motion_blur(picture)
    moved = smear.confidence >= MIN_MOTION_CONFIDENCE
    extent = smear.confidence * min(1.0, smear.length / FULL_SMEAR_LENGTH)
    measured = Focus(
        depth_of_field=depth.name,
        sharp=depth.sharp,
        subject_sharp=depth.subject_sharp,
        motion=round(extent, 4) if moved else 0.0,
        motion_angle=round(smear.angle, 1) if moved else None,
    )
    clauses = list(_clauses(depth, smear))
    # Motion blur comes first: it makes depth of field impossible to judge.
    said = [clause for clause in clauses if clause.is_sure][:1]
    yield joined_clauses("focus", said, measured, otherwise=depth.confidence)
    yield from unsure_clauses("focus", clauses)


def _clauses(depth: DepthOfField, smear: MotionBlur) -> Iterator[ScoredClause]:
    needed = clause_thresholds("focus")
    words = f"{_direction(smear.angle)} motion blur"
    yield ScoredClause(words, smear.confidence, needed["motion"])
    if depth.name == "shallow":
        background = "" if depth.subject_sharp is False else ", blurred background"
        words = f"shallow depth of field{background}"
        yield ScoredClause(words, depth.confidence, needed["shallow"])
    elif depth.name == "deep":
        yield ScoredClause("deep focus", depth.confidence, needed["deep"])


def _direction(angle: float) -> str:
    """The direction of a smear; degrees from the horizontal, 0 to 180."""
    if min(angle, 180 - angle) < 25:
        return "horizontal"
    return "vertical" if abs(angle - 90) < 25 else "diagonal"
