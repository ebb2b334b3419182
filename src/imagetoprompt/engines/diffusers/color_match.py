"""matched(painted, original) -> the painted colors with the mean and spread of the original's.

Measured in OKLab, so that a change of lightness shifts no hue. It does not know when that is
wanted.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.color import encoded, from_oklab, linear, oklab
from imagetoprompt.images.picture import Pixels

Array = NDArray[Any]

# A flat picture has no spread to be brought back; one that would have to be stretched more than
# this shows noise.
LEAST: Final = 1e-4
STRETCH: Final = 1.5
# Pixels that are measured, at most: statistics need no more.
SAMPLE: Final = 250_000


def matched(painted: Pixels, original: Pixels, known: "Array | None" = None) -> Pixels:
    """`painted`, moved so that its pixels have the mean and standard deviation of `original`'s.

    known: where both show the same thing, and so are measured; height x width, bool. Everywhere by
    default. With fewer than 64 known pixels nothing is moved.
    """
    here = np.ones(painted.shape[:2], bool) if known is None else known
    if here.sum() < 64:
        return painted
    made, wanted = (oklab(linear(_sampled(each[here]))) for each in (painted, original))
    spread = np.maximum(made.std(axis=0), LEAST)
    stretch = np.clip(wanted.std(axis=0) / spread, 1 / STRETCH, STRETCH)
    moved = (oklab(linear(painted)) - made.mean(axis=0)) * stretch + wanted.mean(axis=0)
    return np.asarray(np.rint(encoded(from_oklab(moved)) * 255), np.uint8)


def _sampled(colors: Array) -> Array:
    """Every so many of the colors (n x 3), at most about SAMPLE of them."""
    return colors[:: max(1, len(colors) // SAMPLE)]
