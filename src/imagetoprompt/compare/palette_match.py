"""How far one palette is from another in CIEDE2000, and whether it has a color of some hue.

It does not know names of colors.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Palette
from imagetoprompt.images import color

# Least area of a color that is part of a look; chroma of OKLab under which a color is a gray;
# and how far the lightness, the hue (degrees) and the chroma (a share) may be off.
SEEN: Final = 0.04
GRAY: Final = 0.05
LIGHTNESS: Final = 0.25
HUE: Final = 40.0
CHROMA: Final = 0.33


def apart(one: Palette, other: Palette) -> float:
    """Mean dE00 from each color to the nearest of the other palette, by area, both ways.

    That a color takes more or less room is no distance: that is a matter of composition.
    """
    distances = _distances(one, other)
    there = float(distances.min(axis=1) @ _areas(one))
    back = float(distances.min(axis=0) @ _areas(other))
    return round((there + back) / 2, 2)


def missing(asked: Palette, found: Palette) -> float:
    """Mean dE00 from each asked color to the nearest that is found."""
    return round(float(_distances(asked, found).min(axis=1).mean()), 2)


def holds(asked: Palette, found: Palette) -> bool:
    """Whether the hues that words ask for are there, but for one of three.

    Nobody who says teal means one teal: a hue counts within 40 degrees and from a third of the
    chroma on, and a gray when it is about as light.
    """
    theirs = [color.from_hex(each.hex) for each in found.swatches if each.area >= SEEN]
    wanted = [color.from_hex(each.hex) for each in asked.swatches]
    there = [any(_alike(one, other) for other in theirs) for one in wanted]
    return sum(there) >= len(there) - len(there) // 3


def _alike(asked: NDArray[np.float32], found: NDArray[np.float32]) -> bool:
    if color.chroma(asked) < GRAY:
        return bool(color.chroma(found) < GRAY and abs(asked[0] - found[0]) < LIGHTNESS)
    turn = abs((float(color.hue(asked)) - float(color.hue(found)) + 180) % 360 - 180)
    return bool(turn < HUE and color.chroma(found) > color.chroma(asked) * CHROMA)


def _distances(one: Palette, other: Palette) -> NDArray[np.float64]:
    first, second = (_labs(each) for each in (one, other))
    rows = np.repeat(first[:, None], len(second), axis=1)
    columns = np.repeat(second[None], len(first), axis=0)
    return np.asarray(color.difference(rows, columns), np.float64)


def _labs(palette: Palette) -> NDArray[np.float32]:
    return np.stack(
        [color.cielab(color.from_oklab(color.from_hex(each.hex))) for each in palette.swatches]
    )


def _areas(palette: Palette) -> NDArray[np.float64]:
    areas = np.array([each.area for each in palette.swatches])
    return np.asarray(areas / areas.sum())
