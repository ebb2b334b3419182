"""edges(pixels) -> thin edges, with thresholds from the picture's own gradients.

It does not know which edges belong to a thing and which to a texture.
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# Enough to still the noise of a camera and the blocks of JPEG.
SMOOTH: Final = 1.0
# The steepest tenth of the pixels starts edges, and an edge runs on down to two fifths of that
# (Canny, 1986, advises a ratio of two or three to one).
STARTS: Final = 0.9
RATIO: Final = 0.4
# Sobel units of a gray level's step per pixel (times 4): a dull picture still has edges, a rough
# one is not all edges.
LEAST: Final = 24.0
MOST: Final = 240.0


def edges(pixels: Pixels) -> Pixels:
    """255 on edges one pixel wide, else 0, of height x width x 3 RGB pixels."""
    across, down = _gradients(cv2.GaussianBlur(pixels, (0, 0), SMOOTH))
    high = threshold(across, down)
    found = cv2.Canny(across, down, RATIO * high, high, L2gradient=True)
    return np.asarray(found, np.uint8)


def threshold(across: NDArray[Any], down: NDArray[Any]) -> float:
    """The gradient that starts an edge, in Sobel units."""
    steep = np.hypot(across.astype(np.float32), down.astype(np.float32))[::2, ::2]
    return float(np.clip(np.quantile(steep, STARTS), LEAST, MOST))


def _gradients(pixels: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Of the channel that changes most at each pixel, so that edges of equal gray are seen."""
    across, down = (cv2.Sobel(pixels, cv2.CV_16S, *axes) for axes in ((1, 0), (0, 1)))
    steep = np.abs(across) + np.abs(down)
    best = steep.argmax(axis=2)[:, :, None]
    return tuple(  # type: ignore[return-value]
        np.ascontiguousarray(np.take_along_axis(each, best, axis=2)[:, :, 0])
        for each in (across, down)
    )
