"""edges(pixels) -> thin edges, with thresholds from the picture's own gradients.

It does not know which edges belong to a thing and which to a texture.
"""

from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# Enough to still the noise of a camera and the blocks of JPEG.
SMOOTHING_SIGMA: Final = 1.0
# The steepest tenth of the pixels starts edges, and an edge runs on down to two fifths of that
# (Canny, 1986, advises a ratio of two or three to one).
HIGH_QUANTILE: Final = 0.9
LOW_TO_HIGH_RATIO: Final = 0.4
# Sobel units of a gray level's step per pixel (times 4): a dull picture still has edges, a rough
# one is not all edges.
MIN_THRESHOLD: Final = 24.0
MAX_THRESHOLD: Final = 240.0


def canny_edges(pixels: Pixels) -> Pixels:
    """255 on edges one pixel wide, else 0, of height x width x 3 RGB pixels."""
    across, down = _gradients(cv2.GaussianBlur(pixels, (0, 0), SMOOTHING_SIGMA))
    high = high_threshold(across, down)
    found = cv2.Canny(across, down, LOW_TO_HIGH_RATIO * high, high, L2gradient=True)
    return np.asarray(found, np.uint8)


def high_threshold(across: NDArray[Any], down: NDArray[Any]) -> float:
    """The gradient that starts an edge, in Sobel units."""
    steep = np.hypot(across.astype(np.float32), down.astype(np.float32))[::2, ::2]
    return float(np.clip(np.quantile(steep, HIGH_QUANTILE), MIN_THRESHOLD, MAX_THRESHOLD))


def _gradients(pixels: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Of the channel that changes most at each pixel, so that edges of equal gray are seen."""
    across, down = (cv2.Sobel(pixels, cv2.CV_16S, *axes) for axes in ((1, 0), (0, 1)))
    steep = np.abs(across) + np.abs(down)
    best = steep.argmax(axis=2)[:, :, None]
    return tuple(  # type: ignore[return-value]
        np.ascontiguousarray(np.take_along_axis(each, best, axis=2)[:, :, 0])
        for each in (across, down)
    )


Floats = NDArray[np.float32]

# Gaussian widths in pixels of a copy of 512: a hair, a finger, an arm.
GRADIENT_SCALES: Final = (1.0, 2.0, 4.0)
# How far texture reaches, and how much of its strength is taken off. Tuned by eye on 24 photos.
TEXTURE_WINDOW: Final = 24
TEXTURE_INHIBITION: Final = 0.7
# A step of this many units of CIE Lab per pixel, at the widest scale, is a sure contour.
SURE_GRADIENT: Final = 6.0


# Keeps the geometric mean of the scales from nothing where one of them has nothing.
MIN_GRADIENT: Final = 0.05


def gradient_contours(pixels: NDArray[np.uint8]) -> Floats:
    """How strong a contour each pixel is on, 0 to 1, of height x width x 3 RGB pixels."""
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    strengths = [_gradient(lab, width) * width**0.5 for width in GRADIENT_SCALES]
    lasting = (
        np.exp(np.mean([np.log(each + MIN_GRADIENT) for each in strengths], axis=0)) - MIN_GRADIENT
    )
    texture = cv2.blur(lasting, (TEXTURE_WINDOW, TEXTURE_WINDOW), borderType=cv2.BORDER_REFLECT)
    alone = np.maximum(lasting - TEXTURE_INHIBITION * texture, 0)
    return np.asarray(np.tanh(alone / SURE_GRADIENT * 2), np.float32)


def _gradient(lab: NDArray[Any], width: float) -> Floats:
    smooth = cv2.GaussianBlur(lab, (0, 0), width, borderType=cv2.BORDER_REFLECT)
    across, down = (
        cv2.Sobel(smooth, cv2.CV_32F, *axes, ksize=3, scale=1 / 8) for axes in ((1, 0), (0, 1))
    )
    return cast(Floats, np.sqrt((across**2 + down**2).sum(axis=2)))
