"""followed(depth, pixels) -> the depth with its borders moved onto the edges of the picture.

The guided filter (He, Sun and Tang, 2013) in its fast form (He and Sun, 2015): its coefficients are
found on a small copy and used on a large one.
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# How far an edge reaches, in shares of the longer side, and what contrast (of 1) is an edge.
FILTER_RADIUS: Final = 1 / 48
EDGE_CONTRAST: Final = 0.04


def guided_filter(depth: Floats, small: NDArray[np.uint8], large: NDArray[np.uint8]) -> Floats:
    """The depth of the small copy at the size of the large one, along its edges."""
    guide, whole = (_lightness(each) for each in (small, large))
    around = max(3, round(FILTER_RADIUS * max(depth.shape)))
    mean, mean_depth = _mean(guide, around), _mean(depth, around)
    spread = _mean(guide * guide, around) - mean**2
    slope = (_mean(guide * depth, around) - mean * mean_depth) / (spread + EDGE_CONTRAST**2)
    size = whole.shape[1], whole.shape[0]
    slope, offset = (
        cv2.resize(_mean(each, around), size, interpolation=cv2.INTER_LINEAR)
        for each in (slope, mean_depth - slope * mean)
    )
    found: Floats = np.clip(slope * whole + offset, 0, 1).astype(np.float32)
    return found


def _lightness(pixels: NDArray[np.uint8]) -> Floats:
    gray: Floats = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    return gray


def _mean(values: NDArray[Any], around: int) -> Floats:
    return np.asarray(cv2.blur(values, (2 * around + 1,) * 2, borderType=cv2.BORDER_REFLECT))
