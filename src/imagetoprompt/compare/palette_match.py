"""Distances between palettes in CIEDE2000, and whether a palette contains requested hues."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Palette
from imagetoprompt.images import color

# Smaller colors (share of the area) do not shape the look of a picture.
MIN_AREA: Final = 0.04
# OKLab chroma below which a color is a gray.
MAX_GRAY_CHROMA: Final = 0.05
# Tolerances for a color that is requested by name: nobody who says teal means one exact teal.
MAX_GRAY_LIGHTNESS_DIFFERENCE: Final = 0.25
MAX_HUE_DIFFERENCE: Final = 40.0
"""Degrees in OKLab."""
MIN_CHROMA_SHARE: Final = 0.33
"""Share of the requested color's chroma."""


def palette_distance(first: Palette, second: Palette) -> float:
    """Mean CIEDE2000 from each color to the nearest one of the other palette, weighted by area.

    The mean of both directions. How much area a color covers is no distance: that is composition.
    """
    distances = _distances(first, second)
    there = float(distances.min(axis=1) @ _areas(first))
    back = float(distances.min(axis=0) @ _areas(second))
    return round((there + back) / 2, 2)


def distance_to_nearest(wanted: Palette, palette: Palette) -> float:
    """Mean CIEDE2000 from each wanted color to its nearest color in the palette."""
    return round(float(_distances(wanted, palette).min(axis=1).mean()), 2)


def contains_hues(wanted: Palette, palette: Palette) -> bool:
    """True if at least two thirds of the wanted hues are in the palette.

    A hue counts within 40 degrees and from a third of the wanted chroma on, a gray if it is about
    as light.
    """
    present = [color.from_hex(s.hex) for s in palette.swatches if s.area >= MIN_AREA]
    hues = [color.from_hex(swatch.hex) for swatch in wanted.swatches]
    matched = [any(_matches(hue, candidate) for candidate in present) for hue in hues]
    return sum(matched) >= len(matched) - len(matched) // 3


def _matches(wanted: NDArray[np.float32], candidate: NDArray[np.float32]) -> bool:
    chroma = color.chroma(candidate)
    if color.chroma(wanted) < MAX_GRAY_CHROMA:
        near = abs(wanted[0] - candidate[0]) < MAX_GRAY_LIGHTNESS_DIFFERENCE
        return bool(chroma < MAX_GRAY_CHROMA and near)
    turn = abs((float(color.hue(wanted)) - float(color.hue(candidate)) + 180) % 360 - 180)
    return bool(turn < MAX_HUE_DIFFERENCE and chroma > color.chroma(wanted) * MIN_CHROMA_SHARE)


def _distances(first: Palette, second: Palette) -> NDArray[np.float64]:
    """CIEDE2000 of every pair of colors, shape (len(first), len(second))."""
    labs = _cielab(first), _cielab(second)
    rows = np.repeat(labs[0][:, None], len(labs[1]), axis=1)
    columns = np.repeat(labs[1][None], len(labs[0]), axis=0)
    return np.asarray(color.ciede2000(rows, columns), np.float64)


def _cielab(palette: Palette) -> NDArray[np.float32]:
    return np.stack(
        [color.cielab(color.from_oklab(color.from_hex(s.hex))) for s in palette.swatches]
    )


def _areas(palette: Palette) -> NDArray[np.float64]:
    """The areas, scaled to a sum of 1."""
    areas = np.array([swatch.area for swatch in palette.swatches])
    return np.asarray(areas / areas.sum())
