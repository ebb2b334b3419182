"""Horizon: `horizon(picture)`, the line across the picture where colors change most consistently.

At each height and tilt, the difference between just above and just below is averaged along the
line with its sign, so that textures, which change both ways, cancel out. The line may be the true
horizon or the foot of a wall.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.linear_models import class_probabilities
from imagetoprompt.images.picture import Picture

Map: TypeAlias = NDArray[np.float32]
CandidateLine: TypeAlias = tuple[int, float, float]
"""Row at the middle column, tilt in degrees, coverage (0 to 1)."""

ANALYSIS_SIDE: Final = 192
# Largest tilt that is tried, in degrees: few pictures are meant to be tilted more.
MAX_TILT: Final = 30.0
# CIELAB difference between above and below that counts as a full step: less in a dull picture.
STEP_RANGE: Final = (2.5, 8.0)
# Heights of the bands that are compared, as shares of the height.
BAND_HEIGHTS: Final = (1 / 48, 1 / 10)
# Stride of the first search in rows and columns, and of the second in columns.
COARSE_STRIDE: Final = 3
FINE_STRIDE: Final = 2
# Confidence from which a line counts, set by looking at rendered fields: below are most lines of
# pictures without a horizon; above, one such picture in fourteen.
MIN_HORIZON_CONFIDENCE: Final = 0.3
# How many lines are refined, and how far apart they are, as a share of the height.
MAX_CANDIDATES: Final = 5
MIN_SEPARATION: Final = 0.06


@dataclass(frozen=True)
class Horizon:
    """A line across the picture.

    height: fraction from the top at the middle column. tilt: degrees, positive when it falls to
    the right. coverage: share of the width that changes in the same sense, 0 to 1. confidence: that
    the ground ends there, 0 to 1.
    """

    height: float
    tilt: float
    coverage: float
    confidence: float


def horizon(picture: Picture) -> Horizon | None:
    """The line that divides the picture best; None in a picture too small to have one."""
    return picture.once("horizon", _horizon, picture.at(ANALYSIS_SIDE))


def _horizon(pixels: NDArray[np.uint8]) -> Horizon | None:
    return max(horizon_candidates(pixels), key=lambda pair: pair[0].confidence, default=(None, ()))[
        0
    ]


def horizon_candidates(pixels: NDArray[np.uint8]) -> list[tuple[Horizon, tuple[float, ...]]]:
    """Every line that may be the horizon, with the features of the model "horizon"."""
    if min(pixels.shape[:2]) < 24:
        return []
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    steps = _steps(lab)
    rows = np.arange(0, len(lab), COARSE_STRIDE)
    tilts = np.arange(-MAX_TILT, MAX_TILT + 1, 3.0)
    coarse = _searched(steps[:, :, ::COARSE_STRIDE], rows, tilts, COARSE_STRIDE)
    refined = [_refined(steps, *place) for place in _peaks(coarse)]
    top = max((coverage for _, _, coverage in refined), default=0.0)
    sides = _sides(lab, refined)
    return [_scored(len(lab), line, top, side) for line, side in zip(refined, sides, strict=True)]


def _refined(steps: Map, row: int, tilt: float) -> CandidateLine:
    rows = np.arange(
        max(0, row - 2 * COARSE_STRIDE), min(steps.shape[1], row + 2 * COARSE_STRIDE + 1)
    )
    fine = _searched(
        steps[:, :, ::FINE_STRIDE], rows, np.arange(tilt - 3, tilt + 3.1, 0.5), FINE_STRIDE
    )
    scores = fine.scores()
    at, which = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(rows[at]), float(fine.tilts[which]), float(fine.shares[at, which])


def _scored(
    rows: int, line: CandidateLine, top: float, side: tuple[float, float, float]
) -> tuple[Horizon, tuple[float, ...]]:
    row, tilt, coverage = line
    above, below, contrast = side
    height = (row + 0.5) / rows
    features = (
        coverage,
        coverage - top,
        float(np.log(above + 0.3)),
        float(np.log(below + 0.3)),
        float(np.log(contrast + 1)),
        abs(tilt),
        abs(height - 0.45),
        height,
    )
    sure = class_probabilities("horizon", features)["horizon"]
    return Horizon(height, tilt, coverage, round(sure, 4)), features


def _steps(lab: Map) -> Map:
    """Change from just above to just below each pixel, -1 to 1; channels x rows x columns.

    The mean of narrow bands, which locate the line, and broad ones, which separate ground from sky
    when the line between them is out of focus.
    """
    step = float(np.clip(0.4 * lab[..., 0].std(), *STEP_RANGE))
    parts = [np.clip(_change(lab, share) / step, -1, 1) for share in BAND_HEIGHTS]
    return cast(Map, np.mean(parts, axis=0).transpose(2, 0, 1))


def _change(lab: Map, share: float) -> Map:
    """The mean of the band above less that of the band below each pixel."""
    reach = max(2, round(len(lab) * share))
    band = cv2.blur(lab, (1, reach), anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
    upper = np.concatenate([np.repeat(band[:1], reach, axis=0), band])[: len(lab)]
    return cast(Map, band - upper)


@dataclass(frozen=True)
class LineSearch:
    """The coverage of the lines that were tried, rows x tilts (degrees)."""

    rows: NDArray[np.int64]
    tilts: NDArray[np.float64]
    shares: Map
    height: int

    def scores(self) -> Map:
        """The shares; level lines are favored a little, those on the border left out."""
        margin = max(2, self.height // 48)
        inside = (self.rows >= margin) & (self.rows < self.height - margin)
        return cast(Map, self.shares * (1 - 0.003 * np.abs(self.tilts)) * inside[:, None])


def _searched(
    steps: Map, rows: NDArray[np.int64], tilts: NDArray[np.float64], stride: int
) -> LineSearch:
    """The coverage of lines through these rows at the middle column.

    steps holds every stride-th column.
    """
    channels, height, width = steps.shape
    columns = np.arange(width)
    rise = np.outer(np.tan(np.deg2rad(tilts)), (columns - width / 2) * stride)
    at = rows[:, None, None] + np.rint(rise).astype(np.int64)
    inside = (at >= 0) & (at < height)
    seen = inside.mean(axis=2, dtype=np.float32)
    places = at.clip(0, height - 1) * width + columns
    outside, sums = ~inside, np.zeros(seen.shape, np.float32)
    for channel in steps.reshape(channels, -1):
        line = channel[places]
        line[outside] = 0
        sums = np.maximum(sums, np.abs(line.mean(axis=2)))
    return LineSearch(rows, tilts, sums * (seen > 0.5) / seen.clip(0.5), height)


def _peaks(searched: LineSearch) -> list[tuple[int, float]]:
    """Row and tilt of the best few lines that are well apart."""
    scores, found = searched.scores(), []
    apart = max(1, round(MIN_SEPARATION * searched.height))
    for _ in range(MAX_CANDIDATES):
        at, which = np.unravel_index(int(scores.argmax()), scores.shape)
        if scores[at, which] <= 0:
            break
        found.append((int(searched.rows[at]), float(searched.tilts[which])))
        scores[np.abs(searched.rows - searched.rows[at]) < apart] = 0
    return found


def _sides(lab: Map, places: list[CandidateLine]) -> list[tuple[float, float, float]]:
    """Roughness above and below each line, and the distance between the mean colors."""
    if not places:
        return []
    height, width = lab.shape[:2]
    rough = np.abs(lab[:, 1:] - lab[:, :-1]).sum(axis=2)
    values = np.dstack([lab[:, 1:], rough, np.ones_like(rough)]).reshape(-1, 5)
    across, down = np.arange(1, width) - width / 2, np.arange(height)[:, None]
    upper = [
        (down < row + np.tan(np.deg2rad(tilt)) * across).ravel().astype(np.float32)
        for row, tilt, _ in places
    ]
    above = np.array(upper).reshape(len(places), -1) @ values
    below = values.sum(axis=0) - above
    return [_compared(*pair) for pair in zip(above, below, strict=True)]


def _compared(above: Map, below: Map) -> tuple[float, float, float]:
    """Mean roughness above and below, and the distance of the mean colors.

    above, below: sums of color (3), roughness and the count of pixels.
    """
    if min(above[4], below[4]) < 1:
        return float(above[3] / max(above[4], 1)), float(below[3] / max(below[4], 1)), 0.0
    first, second = above / above[4], below / below[4]
    return float(first[3]), float(second[3]), float(np.linalg.norm(first[:3] - second[:3]))
