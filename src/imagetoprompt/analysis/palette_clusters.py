"""swatches(pixels) -> the few colors that a picture is made of, with their shares of its area.

Colors of one surface, lit and shaded, are merged before colors of different hue. It does not
know where in the picture a color is, nor what to call it.
"""

from typing import Any, Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images import color

Floats: TypeAlias = NDArray[np.float32]
Array: TypeAlias = NDArray[Any]

MAX_SWATCHES: Final = 8
# Edge of a histogram cell in OKLab: half the step between two neighboring names of colors.
HISTOGRAM_CELL: Final = 0.04
# The three numbers below gave the least error of both color and area over 230 rendered scenes and
# 50 flat designs. Shading moves lightness, so lightness counts less than hue when merging.
LIGHTNESS: Final = 0.3
SIZE_POWER: Final = 0.1
MERGE_DISTANCE: Final = 0.03
# A small swatch is kept as an accent when it is this colorful and this far from all larger ones.
ACCENT_CHROMA: Final = 0.09
ACCENT_APART: Final = 0.1
ACCENT_AREA: Final = (0.0015, 0.06)
MIN_AREA: Final = 0.01


def cluster_swatches(pixels: NDArray[np.uint8]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """OKLab (n x 3), area (n, 0 to 1, largest first) and accent (n) of at most eight swatches."""
    lab = color.oklab(color.to_linear(cv2.medianBlur(pixels, 3)))
    colors, areas = _merged(*_cells(lab.reshape(-1, 3)))
    accents = _accents(colors, areas)
    kept = (areas >= MIN_AREA) | accents
    return colors[kept], areas[kept], accents[kept]


def _cells(lab: Floats) -> tuple[Array, Array]:
    """Mean color and share of the area of every occupied cell of the histogram."""
    grid = np.floor(lab / HISTOGRAM_CELL).astype(np.int64) + 32
    keys = (grid[:, 0] * 64 + grid[:, 1]) * 64 + grid[:, 2]
    _, cell, count = np.unique(keys, return_inverse=True, return_counts=True)
    means = [np.bincount(cell, lab[:, axis]) / count for axis in range(3)]
    return np.stack(means, axis=1), count / len(lab)


def _merged(colors: Array, areas: Array) -> tuple[Floats, Floats]:
    """Pairs merged, cheapest first, until the rest are few enough and far enough apart."""
    costs = np.stack([_costs(each, colors, areas, areas[i]) for i, each in enumerate(colors)])
    np.fill_diagonal(costs, np.inf)
    left = len(areas)
    while left > 1:
        one, other = divmod(int(costs.argmin()), len(areas))
        if costs[one, other] > MERGE_DISTANCE and left <= MAX_SWATCHES:
            break
        total = areas[one] + areas[other]
        colors[one] = (colors[one] * areas[one] + colors[other] * areas[other]) / total
        areas[one], areas[other] = total, 0
        row = np.where(areas > 0, _costs(colors[one], colors, areas, total), np.inf)
        row[one] = np.inf
        costs[one], costs[:, one] = row, row
        costs[other], costs[:, other] = np.inf, np.inf
        left -= 1
    order = np.argsort(-areas, kind="stable")[:left]
    return colors[order].astype(np.float32), areas[order].astype(np.float32)


def _costs(one: Array, colors: Array, areas: Array, area: float) -> Array:
    """What it costs to merge a color with each: distance, less for small ones (after Ward)."""
    apart = (colors - one) * (LIGHTNESS, 1, 1)
    size = areas * area / np.maximum(areas + area, 1e-12)
    return cast(Array, np.sqrt((apart**2).sum(axis=1)) * size**SIZE_POWER)


def _accents(colors: Floats, areas: Floats) -> NDArray[np.bool_]:
    """Which swatches are small, colorful and unlike every larger one."""
    found = np.zeros(len(areas), bool)
    least, most = ACCENT_AREA
    vivid = color.chroma(colors) >= ACCENT_CHROMA
    for i in np.flatnonzero(vivid & (areas >= least) & (areas <= most)):
        apart = np.hypot(*(colors[:i, 1:] - colors[i, 1:]).T)
        found[i] = i > 0 and apart.min() >= ACCENT_APART
    return found
