"""Camera angle and roll: `viewpoint(picture)`.

The evidence: where the ground ends, how vertical lines converge, and how texture and brightness
change from bottom to top.
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

# Focal length when the file has none, in units of the longer side: a 36 mm lens (35 mm format).
DEFAULT_FOCAL_LENGTH: Final = 1.0
# Below this probability no angle is named at all.
MIN_ANGLE_PROBABILITY: Final = 0.5
# Rows of cells that a picture must have to be split into thirds.
MIN_ROWS: Final = 3


@dataclass(frozen=True)
class Viewpoint:
    """Where the camera looks; None is unknown; confidences 0 to 1.

    roll: degrees, positive when the horizon falls to the right.
    """

    angle: CameraAngle | None
    angle_confidence: float
    roll: float | None
    roll_confidence: float


def viewpoint(picture: Picture) -> Viewpoint:
    """The camera's angle and roll."""
    roll, roll_confidence = _roll(horizon(picture), vertical_lines(picture))
    if min(len(blur_map(picture).sigma), len(gray_copy(picture))) < MIN_ROWS:
        return Viewpoint(None, 0.0, roll, round(roll_confidence, 4))
    chances = class_probabilities("viewpoint", viewpoint_features(picture))
    best = max(chances, key=lambda name: chances[name])
    angle = cast(CameraAngle, best) if chances[best] >= MIN_ANGLE_PROBABILITY else None
    return Viewpoint(angle, round(chances[best], 4), roll, round(roll_confidence, 4))


def viewpoint_features(picture: Picture) -> tuple[float, ...]:
    """The features of the model "viewpoint" in linear_models.toml, in its order.

    The horizon as a pitch (radians, positive looking up), weighted by its confidence; how vertical
    lines converge, weighted by their support; roughness of the top, middle and bottom third; how
    much finer texture is toward the top, as on receding ground; how much brighter the top is, as
    under a sky.
    """
    line, verticals = horizon(picture), vertical_lines(picture)
    sure = 0.0 if line is None else line.confidence
    pitch = 0.0 if line is None else _pitch(picture, line.height)
    support = 0.0 if verticals is None else min(1.0, verticals.support / 2)
    convergence = 0.0 if verticals is None else float(np.clip(verticals.convergence, -25, 25))
    return (
        sure,
        sure * pitch,
        sure * max(0.0, abs(pitch) - 0.15),
        (1 - sure) * pitch,
        support,
        support * convergence,
        support * abs(convergence),
        *_thirds(picture),
    )


def _pitch(picture: Picture, horizon_height: float) -> float:
    """The camera's pitch that puts the horizon there (fraction from the top), in radians."""
    focal = _focal_length(picture.metadata.exif.get("FocalLengthIn35mmFilm"))
    return atan((horizon_height - 0.5) * picture.size[1] / max(picture.size) / focal)


def _thirds(picture: Picture) -> tuple[float, ...]:
    """Roughness of the thirds, and the differences of blur and brightness between them."""
    blur, lightness = blur_map(picture), gray_copy(picture)
    rough = [float(np.log(part.mean() + 0.5)) for part in np.array_split(blur.weight, 3)]
    finer = np.log2(blur.sigma + 0.4)
    top, middle, bottom = (float(np.median(part)) for part in np.array_split(finer, 3))
    light = [float(part.mean()) / 64 for part in np.array_split(lightness, 3)]
    return (*rough, top - middle, middle - bottom, light[0] - light[1], light[1] - light[2])


def _roll(line: Horizon | None, verticals: VerticalLines | None) -> tuple[float | None, float]:
    """The roll and its confidence, by the horizon or by vertical lines, whichever is surer."""
    by_line = 0.0 if line is None else line.confidence
    by_verticals = 0.0 if verticals is None else min(0.9, verticals.support / 3)
    if line is not None and by_line >= max(by_verticals, MIN_HORIZON_CONFIDENCE):
        return round(line.tilt, 2), by_line
    if verticals is not None and by_verticals >= MIN_HORIZON_CONFIDENCE:
        return round(verticals.roll, 2), by_verticals
    return None, 0.0


def _focal_length(millimeters: object) -> float:
    """In units of the longer side (36 mm); the default unless it is one that real lenses have."""
    if isinstance(millimeters, int | float) and 8 <= millimeters <= 1000:
        return millimeters / 36
    return DEFAULT_FOCAL_LENGTH
