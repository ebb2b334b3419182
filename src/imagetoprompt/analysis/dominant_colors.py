"""Dominant colors: of a picture as swatches with their areas, and of one thing as a word.

Lit and shaded colors of one surface are merged before colors of different hue.
"""

from typing import Any, Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Box
from imagetoprompt.images import color
from imagetoprompt.images.picture import Picture, Pixels
from imagetoprompt.lexicon import table

Floats: TypeAlias = NDArray[np.float32]
Array: TypeAlias = NDArray[Any]

MAX_SWATCHES: Final = 8
# Edge of a histogram cell in OKLab: half the distance between two neighboring color names.
HISTOGRAM_CELL: Final = 0.04
# The three numbers below gave the least error of both color and area over 230 rendered scenes and
# 50 flat designs. Shading moves lightness, so lightness counts less than hue when merging.
LIGHTNESS_WEIGHT: Final = 0.3
SIZE_POWER: Final = 0.1
MAX_MERGE_COST: Final = 0.03
# A small swatch is kept as an accent when it is this colorful and this far from all larger ones
# (OKLab); areas are shares of the picture.
MIN_ACCENT_CHROMA: Final = 0.09
MIN_ACCENT_DISTANCE: Final = 0.1
ACCENT_AREA_RANGE: Final = (0.0015, 0.06)
MIN_SWATCH_AREA: Final = 0.01


def dominant_colors(pixels: NDArray[np.uint8]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """OKLab (n x 3), area (n, 0 to 1, largest first) and accent (n) of at most eight swatches."""
    lab = color.oklab(color.to_linear(cv2.medianBlur(pixels, 3)))
    colors, areas = _merge_cells(*_cells(lab.reshape(-1, 3)))
    accents = _accents(colors, areas)
    kept = (areas >= MIN_SWATCH_AREA) | accents
    return colors[kept], areas[kept], accents[kept]


def _cells(lab: Floats) -> tuple[Array, Array]:
    """Mean color and share of the area of every occupied cell of the histogram."""
    grid = np.floor(lab / HISTOGRAM_CELL).astype(np.int64) + 32
    keys = (grid[:, 0] * 64 + grid[:, 1]) * 64 + grid[:, 2]
    _, cell, count = np.unique(keys, return_inverse=True, return_counts=True)
    means = [np.bincount(cell, lab[:, axis]) / count for axis in range(3)]
    return np.stack(means, axis=1), count / len(lab)


def _merge_cells(colors: Array, areas: Array) -> tuple[Floats, Floats]:
    """Pairs merged, cheapest first, until the rest are few enough and far enough apart."""
    costs = np.stack([_merge_costs(cell, colors, areas, areas[i]) for i, cell in enumerate(colors)])
    np.fill_diagonal(costs, np.inf)
    left = len(areas)
    while left > 1:
        first, second = divmod(int(costs.argmin()), len(areas))
        if costs[first, second] > MAX_MERGE_COST and left <= MAX_SWATCHES:
            break
        total = areas[first] + areas[second]
        colors[first] = (colors[first] * areas[first] + colors[second] * areas[second]) / total
        areas[first], areas[second] = total, 0
        row = np.where(areas > 0, _merge_costs(colors[first], colors, areas, total), np.inf)
        row[first] = np.inf
        costs[first], costs[:, first] = row, row
        costs[second], costs[:, second] = np.inf, np.inf
        left -= 1
    order = np.argsort(-areas, kind="stable")[:left]
    return colors[order].astype(np.float32), areas[order].astype(np.float32)


def _merge_costs(merged: Array, colors: Array, areas: Array, area: float) -> Array:
    """The cost of merging a color with each other: distance, less for small ones (after Ward)."""
    apart = (colors - merged) * (LIGHTNESS_WEIGHT, 1, 1)
    size = areas * area / np.maximum(areas + area, 1e-12)
    return cast(Array, np.sqrt((apart**2).sum(axis=1)) * size**SIZE_POWER)


def _accents(colors: Floats, areas: Floats) -> NDArray[np.bool_]:
    """Which swatches are small, colorful and unlike every larger one."""
    accents = np.zeros(len(areas), bool)
    least, most = ACCENT_AREA_RANGE
    vivid = color.chroma(colors) >= MIN_ACCENT_CHROMA
    for i in np.flatnonzero(vivid & (areas >= least) & (areas <= most)):
        apart = np.hypot(*(colors[:i, 1:] - colors[i, 1:]).T)
        accents[i] = i > 0 and apart.min() >= MIN_ACCENT_DISTANCE
    return accents


# Side in pixels of the copy of a thing: enough for shares, without single odd pixels.
OBJECT_SIDE: Final = 32
# Share of a box's width and height, around its center, that shows the thing and no background.
CENTER_SHARE: Final = 0.7
# OKLab chroma from which a thing is colored, under any usual light.
MIN_OBJECT_CHROMA: Final = 0.09
# OKLab lightness below which orange and yellow are brown.
MAX_BROWN_LIGHTNESS: Final = 0.55
# The share of the thing that has the color, and by how much it must exceed the share in the whole
# picture: in a red room every chair is red.
MIN_COLOR_SHARE: Final = 0.42
MIN_SHARE_EXCESS: Final = 0.3


def object_color(picture: Picture, box: Box, /) -> str:
    """The plain color of the thing in the box, such as "red"; "" when it has no clear one.

    Black, gray and white are never named: they are mostly glass and shadow.
    """
    pixels = picture.at(256)
    inside, whole = _color_shares(_center_part(pixels, box)), _color_shares(pixels)
    share, word = max((share, word) for word, share in inside.items())
    return word if share >= MIN_COLOR_SHARE and share - whole[word] >= MIN_SHARE_EXCESS else ""


def _center_part(pixels: Pixels, box: Box) -> Pixels:
    height, width = pixels.shape[:2]
    edge = (1 - CENTER_SHARE) / 2
    left, top = int((box[0] + edge * box[2]) * width), int((box[1] + edge * box[3]) * height)
    wide, high = (
        max(1, int(CENTER_SHARE * box[2] * width)),
        max(1, int(CENTER_SHARE * box[3] * height)),
    )
    return pixels[min(top, height - 1) : top + high, min(left, width - 1) : left + wide]


def _color_shares(pixels: Pixels) -> dict[str, float]:
    """The share of the pixels that has each color."""
    small = cv2.resize(
        np.ascontiguousarray(pixels), (OBJECT_SIDE, OBJECT_SIDE), interpolation=cv2.INTER_AREA
    )
    lab = color.oklab(color.to_linear(np.asarray(small, np.uint8)))
    hues, vivid = np.rad2deg(np.arctan2(lab[..., 2], lab[..., 1])) % 360, _vivid(lab)
    rows = table("colors")["hues"]
    ends = [row["from"] for row in rows[1:]] + [360]
    shares: dict[str, float] = {}
    for row, end in zip(rows, ends, strict=True):
        here = vivid & (hues >= row["from"]) & (hues < end)
        name = row.get("object", row["name"])
        shares[name] = shares.get(name, 0.0) + float(here.mean())
    return shares


def _vivid(lab: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where a color is vivid, and not the brown of wood, leather and skin."""
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    hue = np.rad2deg(np.arctan2(lab[..., 2], lab[..., 1])) % 360
    brown = (
        (hue > 40)
        & (hue < 100)
        & ((lab[..., 0] < MAX_BROWN_LIGHTNESS) | (chroma < 1.4 * MIN_OBJECT_CHROMA))
    )
    vivid: NDArray[np.bool_] = (chroma >= MIN_OBJECT_CHROMA) & ~brown
    return vivid
