"""viewpoint(picture): how far the camera looks up or down, and how far it is tilted.

The witnesses: where the ground ends, how upright lines lean together, and how texture and light
change from bottom to top. It does not know the height of the camera above the ground.
"""

from dataclasses import dataclass
from math import atan
from typing import Final, Literal, TypeAlias, cast

import numpy as np

from imagetoprompt.analysis.blur import blur_map, gray_copy
from imagetoprompt.analysis.horizon import MIN_HORIZON_CONFIDENCE, Horizon, horizon
from imagetoprompt.analysis.linear_models import class_probabilities
from imagetoprompt.analysis.lines import VerticalLines, vertical_lines
from imagetoprompt.images.picture import Picture

CameraAngle: TypeAlias = Literal["overhead", "high", "eye level", "low", "worm's eye"]

# The focal length of a picture that does not tell it, in units of the longer side: a 35 mm lens.
DEFAULT_FOCAL_LENGTH: Final = 1.0
# Least chance of an angle that is worth naming at all.
MIN_ANGLE_PROBABILITY: Final = 0.5
# Rows of cells that a picture must have to be told apart by thirds.
MIN_ROWS: Final = 3


@dataclass(frozen=True)
class Viewpoint:
    """Where the camera looks; None is unknown.

    angle, and how sure it is (0 to 1). roll: degrees, positive when the horizon falls to the right,
    and how sure it is.
    """

    angle: CameraAngle | None
    angle_confidence: float
    roll: float | None
    roll_confidence: float


def viewpoint(picture: Picture) -> Viewpoint:
    """Where the camera looks, as far as the picture tells."""
    return picture.once("viewpoint", lambda: _judged(picture))


def _judged(picture: Picture) -> Viewpoint:
    line, lean = horizon(picture), vertical_lines(picture)
    roll, roll_sure = _roll(line, lean)
    if min(len(blur_map(picture).blur), len(gray_copy(picture))) < MIN_ROWS:
        return Viewpoint(None, 0.0, roll, round(roll_sure, 4))
    chances = class_probabilities("viewpoint", viewpoint_features(picture))
    best = max(chances, key=lambda name: chances[name])
    angle = cast(CameraAngle, best) if chances[best] >= MIN_ANGLE_PROBABILITY else None
    return Viewpoint(angle, round(chances[best], 4), roll, round(roll_sure, 4))


def viewpoint_features(picture: Picture) -> tuple[float, ...]:
    """What tells the pitch.

    The edge of the ground as a pitch (radians, positive looking up) as far as it is sure; how
    uprights lean together, as far as lines agree; roughness of the top, middle and bottom third;
    how much finer texture is toward the top, as on ground that recedes; how much lighter the top
    is, as under a sky.
    """
    line, lean = horizon(picture), vertical_lines(picture)
    sure = 0.0 if line is None else line.confidence
    rise = 0.0 if line is None else _rise(picture, line.height)
    support = 0.0 if lean is None else min(1.0, lean.support / 2)
    together = 0.0 if lean is None else float(np.clip(lean.convergence, -25, 25))
    return (
        sure,
        sure * rise,
        sure * max(0.0, abs(rise) - 0.15),
        (1 - sure) * rise,
        support,
        support * together,
        support * abs(together),
        *_thirds(picture),
    )


def _rise(picture: Picture, height: float) -> float:
    focal = _focal(picture.metadata.exif.get("FocalLengthIn35mmFilm"))
    return atan((height - 0.5) * picture.size[1] / max(picture.size) / focal)


def _thirds(picture: Picture) -> tuple[float, ...]:
    blur, lightness = blur_map(picture), gray_copy(picture)
    rough = [float(np.log(part.mean() + 0.5)) for part in np.array_split(blur.weight, 3)]
    finer = np.log2(blur.blur + 0.4)
    top, middle, bottom = (float(np.median(part)) for part in np.array_split(finer, 3))
    light = [float(part.mean()) / 64 for part in np.array_split(lightness, 3)]
    return (*rough, top - middle, middle - bottom, light[0] - light[1], light[1] - light[2])


def _roll(line: Horizon | None, lean: VerticalLines | None) -> tuple[float | None, float]:
    by_line = 0.0 if line is None else line.confidence
    by_lean = 0.0 if lean is None else min(0.9, lean.support / 3)
    if line is not None and by_line >= max(by_lean, MIN_HORIZON_CONFIDENCE):
        return round(line.tilt, 2), by_line
    if lean is not None and by_lean >= MIN_HORIZON_CONFIDENCE:
        return round(lean.roll, 2), by_lean
    return None, 0.0


def _focal(told: object) -> float:
    """The focal length in units of the longer side (36 mm), bounded to what lenses have."""
    if isinstance(told, int | float) and 8 <= told <= 1000:
        return told / 36
    return DEFAULT_FOCAL_LENGTH
