"""How far one palette is from another, in CIEDE2000 averaged over the area.

It does not know names of colours.
"""

import numpy as np
from numpy.typing import NDArray

from imagetoprompt import colour
from imagetoprompt.measurement import Palette


def apart(one: Palette, other: Palette) -> float:
    """Mean dE00 over which area must move to turn the one palette into the other.

    The nearest colours are paired first, as far as their areas go, and so on (a greedy transport).
    """
    distances = _distances(one, other)
    mine, theirs = _areas(one), _areas(other)
    moved = 0.0
    for place in np.argsort(distances, axis=None, kind="stable"):
        row, column = divmod(int(place), len(theirs))
        area = min(mine[row], theirs[column])
        moved += area * float(distances[row, column])
        mine[row] -= area
        theirs[column] -= area
    return round(moved, 2)


def missing(asked: Palette, found: Palette) -> float:
    """Mean dE00 from each asked colour to the nearest that is found."""
    return round(float(_distances(asked, found).min(axis=1).mean()), 2)


def _distances(one: Palette, other: Palette) -> NDArray[np.float64]:
    first, second = (_labs(each) for each in (one, other))
    rows = np.repeat(first[:, None], len(second), axis=1)
    columns = np.repeat(second[None], len(first), axis=0)
    return np.asarray(colour.difference(rows, columns), np.float64)


def _labs(palette: Palette) -> NDArray[np.float32]:
    return np.stack(
        [colour.cielab(colour.from_oklab(colour.from_hex(each.hex))) for each in palette.swatches]
    )


def _areas(palette: Palette) -> list[float]:
    total = sum(each.area for each in palette.swatches) or 1.0
    return [each.area / total for each in palette.swatches]
