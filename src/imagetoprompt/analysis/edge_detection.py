"""Edges: `canny_edges`, one pixel wide, and `contours`, soft outlines of things.

Contours come from the HED network where its weights are installed, else from gradients over several
scales.
"""

from dataclasses import dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis import hed
from imagetoprompt.images.picture import Picture

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

# HED was trained on pictures of 481 x 321; a square of this size takes a quarter of a second.
HED_SIDE: Final = 384
GRADIENT_SIDE: Final = 512


@dataclass(frozen=True)
class ContourMap:
    """strength: of contours, 0 to 1, for each pixel of a smaller copy. method: its source."""

    strength: NDArray[np.float32]
    method: str


def contours(picture: Picture) -> ContourMap:
    """The contours of the picture."""
    return picture.once("contours", _contours, picture)


def _contours(picture: Picture) -> ContourMap:
    if hed.installed():
        return ContourMap(hed.hed_edges(picture.at(HED_SIDE)), "HED network")
    return ContourMap(gradient_contours(picture.at(GRADIENT_SIDE)), "gradients")


# Enough to suppress camera noise and JPEG blocks.
SMOOTHING_SIGMA: Final = 1.0
# The steepest tenth of the pixels starts edges; an edge continues down to two fifths of that
# gradient (Canny, 1986, advises a ratio of two or three to one).
HIGH_QUANTILE: Final = 0.9
LOW_TO_HIGH_RATIO: Final = 0.4
# Bounds of the threshold in Sobel units (4 times gray levels per pixel): a dull picture still has
# edges, a rough one is not all edges.
MIN_THRESHOLD: Final = 24.0
MAX_THRESHOLD: Final = 240.0


def canny_edges(pixels: Pixels) -> Pixels:
    """255 on edges one pixel wide, else 0, of height x width x 3 RGB pixels."""
    across, down = _gradients(cv2.GaussianBlur(pixels, (0, 0), SMOOTHING_SIGMA))
    high = high_threshold(across, down)
    edges = cv2.Canny(across, down, LOW_TO_HIGH_RATIO * high, high, L2gradient=True)
    return np.asarray(edges, np.uint8)


def high_threshold(across: NDArray[Any], down: NDArray[Any]) -> float:
    """The gradient that starts an edge, in Sobel units."""
    steep = np.hypot(across.astype(np.float32), down.astype(np.float32))[::2, ::2]
    return float(np.clip(np.quantile(steep, HIGH_QUANTILE), MIN_THRESHOLD, MAX_THRESHOLD))


def _gradients(pixels: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Gradients of the channel that changes most at each pixel: edges of equal gray are seen."""
    across, down = (cv2.Sobel(pixels, cv2.CV_16S, *axes) for axes in ((1, 0), (0, 1)))
    steep = np.abs(across) + np.abs(down)
    best = steep.argmax(axis=2)[:, :, None]
    return tuple(  # type: ignore[return-value]
        np.ascontiguousarray(np.take_along_axis(gradient, best, axis=2)[:, :, 0])
        for gradient in (across, down)
    )


# Gaussian sigmas in pixels of a copy of 512: the width of a hair, a finger, an arm.
GRADIENT_SCALES: Final = (1.0, 2.0, 4.0)
# Side of the window that texture is averaged over, and the share of it that is subtracted. Tuned
# by eye on 24 photographs.
TEXTURE_WINDOW: Final = 24
TEXTURE_INHIBITION: Final = 0.7
# A gradient of this many CIELAB units per pixel, at the widest scale, is a sure contour.
SURE_GRADIENT: Final = 6.0
# Keeps the geometric mean of the scales above zero where one of them is zero.
MIN_GRADIENT: Final = 0.05


def gradient_contours(pixels: NDArray[np.uint8]) -> Floats:
    """Contour strength of each pixel, 0 to 1, of height x width x 3 RGB pixels.

    Color changes that last over several scales count; what is as strong all around is texture and
    subtracted (after Grigorescu, Petkov and Westenberg, "Contour detection based on nonclassical
    receptive field inhibition", 2003).
    """
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    strengths = [_gradient(lab, sigma) * sigma**0.5 for sigma in GRADIENT_SCALES]
    logs = [np.log(strength + MIN_GRADIENT) for strength in strengths]
    lasting = np.exp(np.mean(logs, axis=0)) - MIN_GRADIENT
    texture = cv2.blur(lasting, (TEXTURE_WINDOW, TEXTURE_WINDOW), borderType=cv2.BORDER_REFLECT)
    alone = np.maximum(lasting - TEXTURE_INHIBITION * texture, 0)
    return np.asarray(np.tanh(alone / SURE_GRADIENT * 2), np.float32)


def _gradient(lab: NDArray[Any], width: float) -> Floats:
    smooth = cv2.GaussianBlur(lab, (0, 0), width, borderType=cv2.BORDER_REFLECT)
    across, down = (
        cv2.Sobel(smooth, cv2.CV_32F, *axes, ksize=3, scale=1 / 8) for axes in ((1, 0), (0, 1))
    )
    return cast(Floats, np.sqrt((across**2 + down**2).sum(axis=2)))
