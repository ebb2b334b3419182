"""How far one palette is from another, in CIEDE2000 averaged over the area.

It does not know names of colours.
"""

import numpy as np
from numpy.typing import NDArray

from imagetoprompt import colour
from imagetoprompt.measurement import Palette


def apart(one: Palette, other: Palette) -> float:
    """Mean dE00 from each colour to the nearest of the other palette, by area, both ways.

    That a colour takes more or less room is no distance: that is a matter of composition.
    """
    distances = _distances(one, other)
    there = float(distances.min(axis=1) @ _areas(one))
    back = float(distances.min(axis=0) @ _areas(other))
    return round((there + back) / 2, 2)


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


def _areas(palette: Palette) -> NDArray[np.float64]:
    areas = np.array([each.area for each in palette.swatches])
    return np.asarray(areas / areas.sum())
