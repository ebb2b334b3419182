"""recolored(pixels, change) -> the pixels with one function of color applied, through a cube.

The function is asked for the colors of a lattice only, and the rest is interpolated between them:
a picture of a megapixel takes a few hundredths of a second, whatever the function. It does not
know places: the same color becomes the same color everywhere.
"""

from collections.abc import Callable
from functools import cache
from typing import Final, TypeAlias

import numpy as np
from PIL import Image, ImageFilter

from imagetoprompt.engines.draft.canvas import Floats
from imagetoprompt.images import color
from imagetoprompt.images.picture import Pixels

Change: TypeAlias = Callable[[Floats], Floats]

SIDE: Final = 33
"""Points of the lattice along each axis: of 17 to 65, the fewest without visible steps."""


def recolored(pixels: Pixels, change: Change) -> Pixels:
    """The pixels changed; `change` takes OKLab colors (n x 3) and gives OKLab colors (n x 3)."""
    light = color.from_oklab(change(_lattice()))
    table = color.encoded(light).astype(np.float32)
    cube = ImageFilter.Color3DLUT(SIDE, table.ravel(), _copy_table=False)
    return np.asarray(Image.fromarray(pixels).filter(cube))


@cache
def _lattice() -> Floats:
    """OKLab of sRGB colors on a regular lattice, red running fastest."""
    steps = np.linspace(0, 1, SIDE, dtype=np.float32)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    return color.oklab(color.linear(np.stack([red, green, blue], axis=-1).reshape(-1, 3)))
