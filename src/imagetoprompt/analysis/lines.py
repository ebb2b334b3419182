"""Straight lines: segments, what vertical ones say of the camera, lines that lead the eye."""

from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.blur import gray_copy
from imagetoprompt.images.picture import Picture

Segments: TypeAlias = NDArray[np.float64]
"""Rows of x1, y1, x2, y2 from the center, y down, in units of the longer side."""

# Scale of the copy that the detector works on: finer lines are texture.
DETECTOR_SCALE: Final = 0.5
# Shorter segments are texture; in units of the longer side.
MIN_SEGMENT_LENGTH: Final = 0.05
# Degrees from the vertical within which a line may be a vertical edge of the scene.
MAX_LEAN: Final = 25.0


@dataclass(frozen=True)
class VerticalLines:
    """What near-vertical lines agree on.

    roll: degrees, positive when the horizon falls to the right. convergence: degrees that lines
    lean inward from bottom to top for each unit (longer side) from the center; positive when they
    meet above, as when looking up. support: total length of the lines that agree, in units of the
    longer side.
    """

    roll: float
    convergence: float
    support: float


def line_segments(picture: Picture) -> Segments:
    """The straight segments longer than MIN_SEGMENT_LENGTH, longest first."""
    return picture.once("line segments", _line_segments, gray_copy(picture))


def lengths(lines: Segments) -> NDArray[np.float64]:
    """The length of each line, in units of the longer side."""
    return np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])


def directions(lines: Segments) -> NDArray[np.float64]:
    """Degrees from the horizontal, counter-clockwise, -90 to 90."""
    turn = np.degrees(np.arctan2(lines[:, 1] - lines[:, 3], lines[:, 2] - lines[:, 0]))
    return cast(NDArray[np.float64], (turn + 90) % 180 - 90)


def _line_segments(tone: NDArray[np.float32]) -> Segments:
    height, width = tone.shape
    if min(height, width) < 16:
        return np.zeros((0, 4))
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD, DETECTOR_SCALE)
    found = detector.detect(tone.astype(np.uint8))[0]
    if found is None:
        return np.zeros((0, 4))
    middle = np.array([width, height, width, height]) / 2
    lines = (np.asarray(found, np.float64).reshape(-1, 4) - middle) / max(height, width)
    long = lengths(lines)
    order = np.argsort(-long, kind="stable")
    return cast(Segments, lines[order][long[order] > MIN_SEGMENT_LENGTH])


def vertical_lines(picture: Picture) -> VerticalLines | None:
    """What the near-vertical lines agree on; None when there are too few."""
    return picture.once("vertical lines", _vertical_lines, line_segments(picture))


def _vertical_lines(lines: Segments) -> VerticalLines | None:
    lean = directions(lines) % 180 - 90  # 0 is vertical; positive leans to the left at the top
    near = np.abs(lean) < MAX_LEAN
    lean, weight = lean[near], lengths(lines)[near]
    place = (lines[near, 0] + lines[near, 2]) / 2
    if len(lean) < 3:
        return None
    best = _consensus(place, lean, weight)
    agree = np.abs(lean - best[0] - best[1] * place) < 2.0
    for _ in range(3):
        best = _least_squares(place[agree], lean[agree], weight[agree])
        agree = np.abs(lean - best[0] - best[1] * place) < 2.0
    # A camera turned clockwise sees vertical edges lean to the left: the horizon falls to the right
    # when vertical edges lean to the right.
    return VerticalLines(-float(best[0]), float(best[1]), float(weight[agree].sum()))


def _consensus(place: Segments, lean: Segments, weight: Segments) -> tuple[float, float]:
    """The roll and convergence on a grid that most length agrees with."""
    rolls, slopes = np.arange(-20, 21, 1.0), np.arange(-40, 41, 5.0)
    error = lean - rolls[:, None, None] - slopes[None, :, None] * place
    votes = (np.maximum(0, 1 - np.abs(error) / 2) * weight).sum(axis=2)
    votes = votes * (1 - 0.004 * np.abs(rolls[:, None]) - 0.002 * np.abs(slopes))
    row, column = np.unravel_index(int(votes.argmax()), votes.shape)
    return float(rolls[row]), float(slopes[column])


def _least_squares(place: Segments, lean: Segments, weight: Segments) -> tuple[float, float]:
    """Weighted fit of lean over place; the slope shrinks to zero when the places hardly differ."""
    middle = float((weight * place).sum() / max(weight.sum(), 1e-9))
    spread = float((weight * (place - middle) ** 2).sum()) + 0.01 * float(weight.sum()) + 1e-9
    slope = float((weight * (place - middle) * lean).sum()) / spread
    mean = float((weight * lean).sum() / max(weight.sum(), 1e-9))
    return mean - slope * middle, slope


FloatArray: TypeAlias = NDArray[np.float64]

# Degrees from horizontal or vertical within which a line does not slant.
MIN_SLANT: Final = 12.0
# The longest lines decide; more of them only add texture.
MAX_SLANTING_LINES: Final = 60
# How far, in units of the longer side, a line may pass the point that it leads to.
MAX_MISS: Final = 0.02


def leading_lines(picture: Picture) -> float:
    """Confidence that lines lead toward one point in the picture, 0 to 1."""
    return _convergence(_slanting(line_segments(picture)))


def diagonal_lines(picture: Picture) -> float:
    """Confidence that the lines of the picture slant one way, 0 to 1."""
    return _diagonal_share(line_segments(picture))


def _slanting(lines: FloatArray) -> FloatArray:
    turn = np.abs(directions(lines))
    return lines[(turn > MIN_SLANT) & (turn < 90 - MIN_SLANT)][:MAX_SLANTING_LINES]


def _convergence(lines: FloatArray) -> float:
    """Share of the slanting length that leads to the best point, from both sides."""
    if len(lines) < 4:
        return 0.0
    points = _crossings(lines)
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


def _crossings(lines: FloatArray) -> FloatArray:
    """Where lines cross, if that is well inside the picture and beyond the ends of both."""
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
    """Distance of each extended line from each point: points x lines."""
    ahead = (lines[:, 2:] - lines[:, :2]) / lengths(lines)[:, None]
    gap = points[:, None] - lines[:, :2]
    return cast(FloatArray, np.abs(gap[..., 0] * ahead[:, 1] - gap[..., 1] * ahead[:, 0]))


def _diagonal_share(lines: FloatArray) -> float:
    """Share of the length within 20 degrees of one diagonal; 0 when there are few lines."""
    weight, turn = lengths(lines), directions(lines)
    total = float(weight.sum())
    if total < 0.6:
        return 0.0
    shares = [float(weight[np.abs(turn - angle) < 20].sum()) / total for angle in (45, -45)]
    return float(np.clip(max(shares) * min(1.0, total / 1.2), 0, 0.95))
