"""Lines that lead the eye: toward one point from both sides, or all one slanting way.

It does not know roads from rails.
"""

from typing import Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.lines import directions, lengths, segments
from imagetoprompt.images.picture import Picture

Numbers: TypeAlias = NDArray[np.float64]

# Degrees from level or upright within which a line does not slant.
LEVEL: Final = 12.0
# The longest lines decide; more of them only repeat texture.
MOST: Final = 60
# How far, in units of the longer side, a line may miss the point it leads to.
MISS: Final = 0.02


def leading(picture: Picture) -> float:
    """How sure it is that lines lead toward one point in the picture, 0 to 1."""
    return picture.once("leading", lambda: _leading(_slanting(segments(picture))))


def diagonal(picture: Picture) -> float:
    """How sure it is that the lines of the picture slant one way, 0 to 1."""
    return picture.once("diagonal", lambda: _diagonal(segments(picture)))


def _slanting(lines: Numbers) -> Numbers:
    turn = np.abs(directions(lines))
    return lines[(turn > LEVEL) & (turn < 90 - LEVEL)][:MOST]


def _leading(lines: Numbers) -> float:
    """Length that agrees on the best meeting point, from both sides, against all that slants."""
    if len(lines) < 4:
        return 0.0
    points = _meetings(lines)
    if not len(points):
        return 0.0
    weight, turn = lengths(lines), directions(lines)
    toward = _misses(lines, points) < MISS
    rising = (toward * np.where(turn > 0, weight, 0)).sum(axis=1)
    falling = (toward * np.where(turn < 0, weight, 0)).sum(axis=1)
    both = np.minimum(rising, falling)
    best = int((rising + falling + both).argmax())
    if not both[best] > 0:
        return 0.0
    agreed, share = rising[best] + falling[best], (rising[best] + falling[best]) / weight.sum()
    balance = 2 * both[best] / agreed
    return float(np.clip(share * min(1.0, agreed / 1.5) * min(1.0, 1.5 * balance), 0, 0.95))


def _meetings(lines: Numbers) -> Numbers:
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
    return cast(Numbers, points[good][:400])


def _misses(lines: Numbers, points: Numbers) -> Numbers:
    """How far each line, made longer, passes each point: points x lines."""
    ahead = (lines[:, 2:] - lines[:, :2]) / lengths(lines)[:, None]
    gap = points[:, None] - lines[:, :2]
    return cast(Numbers, np.abs(gap[..., 0] * ahead[:, 1] - gap[..., 1] * ahead[:, 0]))


def _diagonal(lines: Numbers) -> float:
    """Share of length within 20 degrees of one diagonal; nothing when the lines are few."""
    weight, turn = lengths(lines), directions(lines)
    total = float(weight.sum())
    if total < 0.6:
        return 0.0
    shares = [float(weight[np.abs(turn - way) < 20].sum()) / total for way in (45, -45)]
    return float(np.clip(max(shares) * min(1.0, total / 1.2), 0, 0.95))
