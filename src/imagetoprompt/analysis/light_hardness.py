"""penumbra(pixels) -> how hard the light is, by the borders of shadows and by highlights.

A small network of our own, trained on scenes that differ in nothing but how wide their lamp is
(docs/light.md). It does not know where the light comes from, nor what is in the picture.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.light_direction import likely, prepared
from imagetoprompt.models.runtime import ours

SIDE: Final = 160
"""Pixels of the square that the network looks at."""
CELL: Final = 8
"""Pixels of the parts in which it looks for borders."""


class Penumbra(NamedTuple):
    """Probabilities, 0 to 1, which sum to 1.

    hard: borders of shadows are narrow. soft: they are wide. shadowless: there are none.
    """

    hard: float
    soft: float
    shadowless: float


def penumbra(pixels: NDArray[np.uint8]) -> Penumbra:
    """What the network says of the picture and of its mirror image, on average."""
    seen = prepared(pixels, SIDE)
    views = np.stack([seen, seen[:, ::-1]])
    told = np.mean([likely(each) for each in ours("penumbra.onnx").run(views)], axis=0)
    return Penumbra(*(round(float(each), 5) for each in told))
