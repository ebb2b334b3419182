"""Flatten transparency onto gray, without creating a visible frame around the picture."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

GRAY: Final = 128
"""Middle gray in sRGB: both dark and light subjects stand out against it."""

# When the visible pixels fill at least this share of their bounding box, the picture has margins or
# rounded corners; otherwise it is a cutout.
FRAMED_SHARE: Final = 0.93
# Alpha that counts as opaque: resampling leaves inner pixels slightly below 255.
OPAQUE_ALPHA: Final = 250
# Longer side at which the gray is computed before it is enlarged; it is smooth, so nothing is lost.
FILL_SIZE: Final = 128
# Standard deviation of the blur that carries the edge's lightness into the margin, as a share of
# the longer side.
FILL_REACH: Final = 0.08
# Weight of middle gray against visible pixels; matters only where no visible pixel is near.
GRAY_WEIGHT: Final = 0.02


def flatten_alpha(colors: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Composite the colors (height x width x 3) over gray by alpha (height x width), both uint8.

    A cutout is placed on flat middle gray. Transparent margins or corners get a gray that starts
    at the lightness of the picture's edge and fades to middle gray further out: flat gray would
    look like a frame, and extending the colors would invent content.
    """
    if alpha.min() == 255:
        return colors.copy()
    ground: NDArray[np.float32] | np.float32 = np.float32(GRAY)
    if _has_margins(alpha):
        ground = _margins(colors, alpha)[..., None]
    share = (alpha.astype(np.float32) / 255)[..., None]
    mixed = colors * share + ground * (1 - share)
    return np.rint(mixed).astype(np.uint8)


def _has_margins(alpha: NDArray[np.uint8]) -> bool:
    seen = alpha >= 128
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        return False
    box = seen[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return bool(box.mean() >= FRAMED_SHARE)


def _margins(colors: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A gray for each pixel: the lightness of nearby visible pixels, middle gray far from them."""
    height, width = alpha.shape
    scale = min(1.0, FILL_SIZE / max(height, width))
    small = max(1, round(width * scale)), max(1, round(height * scale))
    light = cv2.cvtColor(colors, cv2.COLOR_RGB2GRAY).astype(np.float32)
    # Only opaque pixels contribute, so that a half-transparent picture is placed on middle gray.
    share = (alpha >= OPAQUE_ALPHA).astype(np.float32)
    weight = cv2.resize(share, small, interpolation=cv2.INTER_AREA)
    total = cv2.resize(light * share, small, interpolation=cv2.INTER_AREA)
    spread = max(1.0, FILL_REACH * max(small))
    near = cv2.GaussianBlur(total, (0, 0), spread) + GRAY_WEIGHT * GRAY
    known = cv2.GaussianBlur(weight, (0, 0), spread) + GRAY_WEIGHT
    ground = cv2.resize(near / known, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(ground, np.float32)
