"""viewpoint(picture): how far the camera looks up or down, and how far it is tilted.

Two witnesses: where the horizon crosses the picture, and how upright lines lean together. It does
not know the height of the camera above the ground.
"""

from dataclasses import dataclass
from math import atan, degrees, radians
from typing import Final, Literal, TypeAlias

from imagetoprompt.geometry.horizon import Horizon, horizon
from imagetoprompt.geometry.lines import Uprights, uprights
from imagetoprompt.picture import Picture

Angle: TypeAlias = Literal["overhead", "high", "eye level", "low", "worm's eye"]

# The focal length of a picture that does not tell it, in units of the longer side: a 35 mm lens.
USUAL_FOCAL: Final = 1.0
# Degrees of pitch at which one word gives way to the next: half way between what photographers
# mean by them.
STEPS: Final[tuple[tuple[float, Angle], ...]] = (
    (-57.0, "overhead"),
    (-13.0, "high"),
    (11.5, "eye level"),
    (47.0, "low"),
)


@dataclass(frozen=True)
class Viewpoint:
    """Where the camera looks; None is unknown.

    angle, and how sure it is (0 to 1). pitch: degrees, positive looking up. roll: degrees, positive
    when the horizon falls to the right, and how sure it is.
    """

    angle: Angle | None
    angle_confidence: float
    pitch: float | None
    roll: float | None
    roll_confidence: float


def viewpoint(picture: Picture) -> Viewpoint:
    """Where the camera looks, as far as the picture tells."""
    return picture.once("viewpoint", lambda: _judged(picture))


def named(pitch: float) -> Angle:
    """The word for a pitch in degrees."""
    return next((name for limit, name in STEPS if pitch < limit), "worm's eye")


def _judged(picture: Picture) -> Viewpoint:
    line, lean = horizon(picture), uprights(picture)
    roll, roll_sure = _roll(line, lean)
    pitch, pitch_sure = _pitch(picture, line, lean)
    angle = None if pitch is None else named(pitch)
    return Viewpoint(angle, round(pitch_sure, 4), pitch, roll, round(roll_sure, 4))


def _roll(line: Horizon | None, lean: Uprights | None) -> tuple[float | None, float]:
    by_line = 0.0 if line is None else line.confidence
    by_lean = 0.0 if lean is None else min(0.9, lean.support / 3)
    if line is not None and by_line >= max(by_lean, 0.3):
        return round(line.tilt, 2), by_line
    if lean is not None and by_lean >= 0.3:
        return round(lean.roll, 2), by_lean
    return None, 0.0


def _pitch(
    picture: Picture, line: Horizon | None, lean: Uprights | None
) -> tuple[float | None, float]:
    focal = _focal(picture.metadata.exif.get("FocalLengthIn35mmFilm"))
    if line is not None and line.confidence >= 0.5:
        tall = picture.size[1] / max(picture.size)
        return degrees(atan((line.height - 0.5) * tall / focal)), line.confidence
    if lean is not None and lean.support > 1.5:
        return degrees(atan(radians(lean.convergence) * focal)), min(0.7, lean.support / 5)
    return None, 0.0


def _focal(told: object) -> float:
    """The focal length in units of the longer side (36 mm), bounded to what lenses have."""
    if isinstance(told, int | float) and 8 <= told <= 1000:
        return told / 36
    return USUAL_FOCAL
