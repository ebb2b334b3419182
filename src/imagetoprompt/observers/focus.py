"""What is sharp, how deep the sharp field is, and whether something moved.

Measured on the blur of each part of the picture. It does not know distances, or the lens.
"""

from collections.abc import Iterator
from typing import Final

from imagetoprompt.analysis.blur import MotionBlur, motion_blur
from imagetoprompt.analysis.depth_of_field import DepthOfField, depth_of_field
from imagetoprompt.core.measurements import Focus
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture

FACETS: Final = ("focus",)

# Confidence from which an aspect is worded.
MIN_CLAUSE_CONFIDENCE: Final = 0.8
# Of everyday photographs nine in ten seem deep to the meter, some of them with soft backgrounds:
# from here on those that it called deep looked so by eye, too.
MIN_DEEP_CONFIDENCE: Final = 0.97


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One claim on focus; its words are empty when nothing is certain."""
    depth, smear = depth_of_field(picture), motion_blur(picture)
    moved = smear.confidence >= 0.5
    focus = Focus(
        depth_of_field=depth.name,
        sharp=depth.sharp,
        subject_sharp=depth.subject_sharp,
        motion=round(smear.confidence * min(1.0, smear.length / LONG_EXPOSURE), 4)
        if moved
        else 0.0,
        motion_angle=round(smear.angle, 1) if moved else None,
    )
    clauses = list(_words(depth, smear))
    words = ", ".join(text for _, text in clauses)
    confidence = min((sure for sure, _ in clauses), default=depth.confidence)
    yield Observation("focus", words, round(confidence, 4), "pixels", focus)


# A smear of a tenth of the longer side leaves nothing but streaks.
LONG_EXPOSURE: Final = 0.1


def _words(depth: DepthOfField, smear: MotionBlur) -> Iterator[tuple[float, str]]:
    if smear.confidence >= MIN_CLAUSE_CONFIDENCE:
        yield smear.confidence, f"{_direction(smear.angle)}motion blur"
    elif depth.confidence >= MIN_CLAUSE_CONFIDENCE and depth.name == "shallow":
        behind = depth.subject_sharp is not False
        yield (
            depth.confidence,
            "shallow depth of field" + (", blurred background" if behind else ""),
        )
    elif depth.confidence >= MIN_DEEP_CONFIDENCE and depth.name == "deep":
        yield depth.confidence, "deep focus"


def _direction(angle: float) -> str:
    if min(angle, 180 - angle) < 25:
        return "horizontal "
    return "vertical " if abs(angle - 90) < 25 else "diagonal "
