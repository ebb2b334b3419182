"""Contours without a network: changes of color that last over several scales.

What is as strong all around is taken for texture and held back (after Grigorescu, Petkov and
Westenberg, "Contour detection based on nonclassical receptive field inhibition", 2003). It does not
know things, so the outline of a thing against its like is missed.
"""

from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Gaussian widths in pixels of a copy of 512: a hair, a finger, an arm.
SCALES: Final = (1.0, 2.0, 4.0)
# How far texture reaches, and how much of its strength is taken off. Tuned by eye on 24 photos.
AROUND: Final = 24
HELD_BACK: Final = 0.7
# A step of this many units of CIE Lab per pixel, at the widest scale, is a sure contour.
SURE: Final = 6.0


# Keeps the geometric mean of the scales from nothing where one of them has nothing.
FAINT: Final = 0.05


def contours(pixels: NDArray[np.uint8]) -> Floats:
    """How strong a contour each pixel is on, 0 to 1, of height x width x 3 RGB pixels."""
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    strengths = [_gradient(lab, width) * width**0.5 for width in SCALES]
    lasting = np.exp(np.mean([np.log(each + FAINT) for each in strengths], axis=0)) - FAINT
    texture = cv2.blur(lasting, (AROUND, AROUND), borderType=cv2.BORDER_REFLECT)
    alone = np.maximum(lasting - HELD_BACK * texture, 0)
    return np.asarray(np.tanh(alone / SURE * 2), np.float32)


def _gradient(lab: NDArray[Any], width: float) -> Floats:
    smooth = cv2.GaussianBlur(lab, (0, 0), width, borderType=cv2.BORDER_REFLECT)
    across, down = (
        cv2.Sobel(smooth, cv2.CV_32F, *axes, ksize=3, scale=1 / 8) for axes in ((1, 0), (0, 1))
    )
    return cast(Floats, np.sqrt((across**2 + down**2).sum(axis=2)))
