"""Where the ground ends: the line across the picture at which colours change most consistently.

At each height and tilt, the difference between just above and just below is averaged along the
line with its sign, so that textures, which change both ways, cancel out. It does not know whether
the line is the true horizon or the foot of a wall.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.picture import Picture

Map: TypeAlias = NDArray[np.float32]

WORKING: Final = 192
# Degrees of tilt that are tried; beyond, a picture is rarely meant to have a horizon.
STEEPEST: Final = 30.0
# CIELAB units between above and below that count as a full step.
STEP: Final = 8.0


@dataclass(frozen=True)
class Horizon:
    """A line across the picture.

    height: fraction from the top at the middle column. tilt: degrees, positive when it falls to
    the right. coverage: share of the width that changes in the same sense, 0 to 1. rival: the
    coverage of the best line elsewhere. above, below: roughness of the two sides, CIELAB units.
    contrast: distance of their mean colours.
    """

    height: float
    tilt: float
    coverage: float
    rival: float
    above: float
    below: float
    contrast: float

    @property
    def confidence(self) -> float:
        """How sure it is that this is the horizon, 0 to 1."""
        smooth = 1 if self.above < 4 else 0.7
        clear = min(1.0, self.contrast / 15)
        return round(float(max(0.0, self.coverage - 0.3) / 0.7 * smooth * clear), 4)


def horizon(picture: Picture) -> Horizon | None:
    """The line that divides the picture best; None in a picture too small to have one."""
    return picture.once("horizon", lambda: _best(picture.at(WORKING)))


def _best(pixels: NDArray[np.uint8]) -> Horizon | None:
    if min(pixels.shape[:2]) < 24:
        return None
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    steps = _steps(lab)
    coarse = _searched(steps, np.arange(-STEEPEST, STEEPEST + 1, 3.0))
    row, tilt, coverage = _peak(coarse)
    fine = _searched(steps, np.arange(tilt - 3, tilt + 3.1, 0.5))
    row, tilt, coverage = _peak(fine)
    rivals = coarse[1].copy()
    reach = round(0.1 * len(rivals))
    rivals[max(0, row - reach) : row + reach + 1] = 0
    above, below, contrast = _sides(lab, row, tilt)
    height = (row + 0.5) / len(lab)
    return Horizon(height, tilt, coverage, float(rivals.max()), above, below, contrast)


def _steps(lab: Map) -> Map:
    """Change from just above to just below each pixel, -1 to 1; channels x rows x columns."""
    reach = max(2, len(lab) // 48)
    kernel = np.repeat(np.array([-1, 1], np.float32), reach)[:, None] / reach
    change = cv2.filter2D(
        lab, cv2.CV_32F, kernel, anchor=(0, reach), borderType=cv2.BORDER_REPLICATE
    )
    return cast(Map, np.clip(change / STEP, -1, 1).transpose(2, 0, 1))


def _searched(steps: Map, tilts: NDArray[np.float64]) -> tuple[NDArray[np.float64], Map]:
    """The coverage of each line: tilts, and rows (at the middle column) x tilts."""
    _, height, width = steps.shape
    rows, columns = np.arange(height)[:, None], np.arange(width)
    shares = []
    for tilt in tilts:
        shift = np.rint(np.tan(np.deg2rad(tilt)) * (columns - width / 2)).astype(int)
        at = rows + shift
        inside = (at >= 0) & (at < height)
        line = steps[:, at.clip(0, height - 1), columns] * inside
        seen = inside.mean(axis=1)
        shares.append(np.abs(line.mean(axis=2)).max(axis=0) * (seen > 0.5) / seen.clip(0.5))
    return tilts, np.array(shares, np.float32).T


def _peak(searched: tuple[NDArray[np.float64], Map]) -> tuple[int, float, float]:
    tilts, shares = searched
    margin = max(2, len(shares) // 48)
    inner = shares * (1 - 0.002 * np.abs(tilts))
    inner[:margin] = inner[-margin:] = 0
    row, column = np.unravel_index(int(inner.argmax()), inner.shape)
    return int(row), float(tilts[column]), float(shares[row, column])


def _sides(lab: Map, row: int, tilt: float) -> tuple[float, float, float]:
    """Roughness above and below the line, and the distance between the mean colours."""
    height, width = lab.shape[:2]
    line = row + np.tan(np.deg2rad(tilt)) * (np.arange(width) - width / 2)
    upper = np.arange(height)[:, None] < line
    rough = np.abs(lab[:, 1:] - lab[:, :-1]).sum(axis=2)
    above, below = upper[:, 1:], ~upper[:, 1:]
    gap = (
        lab[upper].mean(axis=0) - lab[~upper].mean(axis=0) if 0 < upper.mean() < 1 else np.zeros(3)
    )
    return _mean(rough, above), _mean(rough, below), float(np.linalg.norm(gap))


def _mean(values: Map, where: NDArray[np.bool_]) -> float:
    return float(values[where].mean()) if where.any() else 0.0
