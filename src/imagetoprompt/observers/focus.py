"""`focus`: depth of field, the sharp area, and motion blur."""

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

# Motion blur of this share of the longer side leaves nothing but streaks: motion 1.
FULL_MOTION_LENGTH: Final = 0.1
# Confidence of motion blur below which the measurement has motion 0.
MIN_MOTION_CONFIDENCE: Final = 0.5
# Up to this many degrees from an axis, the direction is called horizontal or vertical.
MAX_AXIS_ANGLE: Final = 25


def observe(picture: Picture, /) -> Iterator[Observation]:
    """Yield the measurement with the sure clauses, if any, as its value; then unsure clauses."""
    depth, motion = depth_of_field(picture), motion_blur(picture)
    moved = motion.confidence >= MIN_MOTION_CONFIDENCE
    extent = motion.confidence * min(1.0, motion.length / FULL_MOTION_LENGTH)
    measured = Focus(
        depth_of_field=depth.name,
        sharp=depth.sharp,
        subject_sharp=depth.subject_sharp,
        motion=round(extent, 4) if moved else 0.0,
        motion_angle=round(motion.angle, 1) if moved else None,
    )
    clauses = list(_clauses(depth, motion))
    # Motion blur comes first: it makes depth of field impossible to judge.
    sure = [clause for clause in clauses if clause.is_sure][:1]
    yield joined_clauses("focus", sure, measured, otherwise=depth.confidence)
    yield from unsure_clauses("focus", clauses)


def _clauses(depth: DepthOfField, motion: MotionBlur) -> Iterator[ScoredClause]:
    needed = clause_thresholds("focus")
    words = f"{_direction(motion.angle)} motion blur"
    yield ScoredClause(words, motion.confidence, needed["motion"])
    if depth.name == "shallow":
        background = "" if depth.subject_sharp is False else ", blurred background"
        words = f"shallow depth of field{background}"
        yield ScoredClause(words, depth.confidence, needed["shallow"])
    elif depth.name == "deep":
        yield ScoredClause("deep focus", depth.confidence, needed["deep"])


def _direction(angle: float) -> str:
    """The direction of motion blur in words; `angle` in degrees from the horizontal, 0 to 180."""
    if min(angle, 180 - angle) < MAX_AXIS_ANGLE:
        return "horizontal"
    return "vertical" if abs(angle - 90) < MAX_AXIS_ANGLE else "diagonal"
