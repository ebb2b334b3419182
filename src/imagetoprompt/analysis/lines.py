"""The straight lines of a picture, and what those that should be upright say of the camera.

It does not know which lines belong to what.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.blur import gray_copy
from imagetoprompt.images.picture import Picture

Segments: TypeAlias = NDArray[np.float64]
"""Rows of x1, y1, x2, y2 from the middle, y down, in units of the longer side."""

# The detector looks at this share of the working copy: finer lines are texture.
DETECTOR_SCALE: Final = 0.5
# Shorter ones are texture: a share of the longer side.
MIN_SEGMENT_LENGTH: Final = 0.05
# Degrees from upright within which a line may be a vertical edge of the world.
MAX_LEAN: Final = 25.0


@dataclass(frozen=True)
class VerticalLines:
    """What near-upright lines agree on.

    roll: degrees, positive when the horizon falls to the right. convergence: degrees that lines
    lean inward from bottom to top for each unit (longer side) from the middle; positive when they
    meet above, as when looking up. support: summed length in units of the longer side of the lines
    that agree.
    """

    roll: float
    convergence: float
    support: float


def line_segments(picture: Picture) -> Segments:
    """The straight lines longer than a twentieth of the longer side, longest first."""
    return picture.once("line_segments", lambda: _found(gray_copy(picture)))


def lengths(lines: Segments) -> NDArray[np.float64]:
    """The length of each line, in units of the longer side."""
    return np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])


def directions(lines: Segments) -> NDArray[np.float64]:
    """Degrees from the horizontal, counter-clockwise, -90 to 90."""
    turn = np.degrees(np.arctan2(lines[:, 1] - lines[:, 3], lines[:, 2] - lines[:, 0]))
    return cast(NDArray[np.float64], (turn + 90) % 180 - 90)


def _found(tone: NDArray[np.float32]) -> Segments:
    height, width = tone.shape
    if min(height, width) < 16:
        return np.zeros((0, 4))
    seen = tone.astype(np.uint8)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD, DETECTOR_SCALE).detect(seen)[0]
    if found is None:
        return np.zeros((0, 4))
    middle = np.array([width, height, width, height]) / 2
    lines = (np.asarray(found, np.float64).reshape(-1, 4) - middle) / max(height, width)
    long = lengths(lines)
    order = np.argsort(-long, kind="stable")
    return cast(Segments, lines[order][long[order] > MIN_SEGMENT_LENGTH])


def vertical_lines(picture: Picture) -> VerticalLines | None:
    """What the near-upright lines agree on; None when there are too few."""
    return picture.once("vertical_lines", lambda: _agreed(line_segments(picture)))


def _agreed(lines: Segments) -> VerticalLines | None:
    lean = directions(lines) % 180 - 90  # 0 is upright; positive leans to the left at the top
    near = np.abs(lean) < MAX_LEAN
    lean, weight = lean[near], lengths(lines)[near]
    place = (lines[near, 0] + lines[near, 2]) / 2
    if len(lean) < 3:
        return None
    best = _consensus(place, lean, weight)
    agree = np.abs(lean - best[0] - best[1] * place) < 2.0
    for _ in range(3):
        best = _line(place[agree], lean[agree], weight[agree])
        agree = np.abs(lean - best[0] - best[1] * place) < 2.0
    # A camera turned clockwise sees upright edges lean to the left: the horizon falls to the right
    # when upright edges lean to the right.
    return VerticalLines(-float(best[0]), float(best[1]), float(weight[agree].sum()))


def _consensus(place: Segments, lean: Segments, weight: Segments) -> tuple[float, float]:
    """The roll and convergence on a grid that most length agrees with."""
    rolls, slopes = np.arange(-20, 21, 1.0), np.arange(-40, 41, 5.0)
    off = lean - rolls[:, None, None] - slopes[None, :, None] * place
    votes = (np.maximum(0, 1 - np.abs(off) / 2) * weight).sum(axis=2)
    votes = votes * (1 - 0.004 * np.abs(rolls[:, None]) - 0.002 * np.abs(slopes))
    row, column = np.unravel_index(int(votes.argmax()), votes.shape)
    return float(rolls[row]), float(slopes[column])


def _line(place: Segments, lean: Segments, weight: Segments) -> tuple[float, float]:
    """Weighted least squares, the slope drawn to zero when places hardly differ."""
    middle = float((weight * place).sum() / max(weight.sum(), 1e-9))
    spread = float((weight * (place - middle) ** 2).sum()) + 0.01 * float(weight.sum()) + 1e-9
    slope = float((weight * (place - middle) * lean).sum()) / spread
    mean = float((weight * lean).sum() / max(weight.sum(), 1e-9))
    return mean - slope * middle, slope


FloatArray: TypeAlias = NDArray[np.float64]

# Degrees from level or upright within which a line does not slant.
MIN_SLANT: Final = 12.0
# The longest lines decide; more of them only repeat texture.
MAX_SLANTING_LINES: Final = 60
# How far, in units of the longer side, a line may miss the point it leads to.
MAX_MISS: Final = 0.02


def leading_lines(picture: Picture) -> float:
    """How sure it is that lines lead toward one point in the picture, 0 to 1."""
    return picture.once("leading_lines", lambda: _leading(_slanting(line_segments(picture))))


def diagonal_lines(picture: Picture) -> float:
    """How sure it is that the lines of the picture slant one way, 0 to 1."""
    return picture.once("diagonal_lines", lambda: _diagonal(line_segments(picture)))


def _slanting(lines: FloatArray) -> FloatArray:
    turn = np.abs(directions(lines))
    return lines[(turn > MIN_SLANT) & (turn < 90 - MIN_SLANT)][:MAX_SLANTING_LINES]


def _leading(lines: FloatArray) -> float:
    """Length that agrees on the best meeting point, from both sides, against all that slants."""
    if len(lines) < 4:
        return 0.0
    points = _meetings(lines)
    if not len(points):
        return 0.0
    weight, turn = lengths(lines), directions(lines)
    toward = _misses(lines, points) < MAX_MISS
    rising = (toward * np.where(turn > 0, weight, 0)).sum(axis=1)
    falling = (toward * np.where(turn < 0, weight, 0)).sum(axis=1)
    both = np.minimum(rising, falling)
    best = int((rising + falling + both).argmax())
    if not both[best] > 0:
        return 0.0
    agreed, share = rising[best] + falling[best], (rising[best] + falling[best]) / weight.sum()
    balance = 2 * both[best] / agreed
    return float(np.clip(share * min(1.0, agreed / 1.5) * min(1.0, 1.5 * balance), 0, 0.95))


def _meetings(lines: FloatArray) -> FloatArray:
    """Where lines cross, when that is well inside the picture and beyond the ends of both."""
    starts, ends = lines[:, :2], lines[:, 2:]
    ahead = ends - starts
    first, second = np.triu_indices(len(lines), 1)
    cross = ahead[first, 0] * ahead[second, 1] - ahead[first, 1] * ahead[second, 0]
    gap = starts[second] - starts[first]
    with np.errstate(divide="ignore", invalid="ignore"):
        along = (gap[:, 0] * ahead[second, 1] - gap[:, 1] * ahead[second, 0]) / cross
        other = (gap[:, 0] * ahead[first, 1] - gap[:, 1] * ahead[first, 0]) / cross
    sine = np.abs(cross) / (lengths(lines)[first] * lengths(lines)[second])
    outside = ((along < 0.05) | (along > 0.95)) & ((other < 0.05) | (other > 0.95))
    points = starts[first] + along[:, None] * ahead[first]
    good = (sine > 0.2) & outside & (np.abs(np.nan_to_num(points, nan=9.0)) < 0.4).all(axis=1)
    return cast(FloatArray, points[good][:400])


def _misses(lines: FloatArray, points: FloatArray) -> FloatArray:
    """How far each line, made longer, passes each point: points x lines."""
    ahead = (lines[:, 2:] - lines[:, :2]) / lengths(lines)[:, None]
    gap = points[:, None] - lines[:, :2]
    return cast(FloatArray, np.abs(gap[..., 0] * ahead[:, 1] - gap[..., 1] * ahead[:, 0]))


def _diagonal(lines: FloatArray) -> float:
    """Share of length within 20 degrees of one diagonal; nothing when the lines are few."""
    weight, turn = lengths(lines), directions(lines)
    total = float(weight.sum())
    if total < 0.6:
        return 0.0
    shares = [float(weight[np.abs(turn - way) < 20].sum()) / total for way in (45, -45)]
    return float(np.clip(max(shares) * min(1.0, total / 1.2), 0, 0.95))
