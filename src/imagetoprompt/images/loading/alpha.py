"""Flatten a picture with transparency: gray shows through, and margins of a framed picture go."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

GRAY: Final = 128
"""Middle gray in sRGB: as far from black as from white, so that neither subject drowns in it."""


# What is seen fills this much of its own bounding box: then it is a picture with margins or
# rounded corners, not something that was cut out.
FRAMED_SHARE: Final = 0.93


# Alpha that counts as opaque: resampling leaves inner pixels a little short of 255.
OPAQUE_ALPHA: Final = 250


# The work is done this small and enlarged: it is smooth, so nothing is lost.
PULL_SIZE: Final = 128


# How far the lightness of the picture's edge reaches into its margin, as a share of the longer
# side, before it has become middle gray.
REACH: Final = 0.08


# The weight of middle gray against what is seen: only counts where nothing is seen near by.
PULL: Final = 0.02


def flatten_alpha(colors: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The colors (height x width x 3) over neutral gray as far as alpha (height x width) lets.

    Something cut out stands on flat middle gray, like a product on a studio ground. A picture with
    transparent margins or corners gets a gray that starts with the lightness of the picture's own
    edge and turns to middle gray further out: flat gray would be seen as a frame, and painted on
    colors would be invented.
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
    """A gray for every pixel: the lightness of what is seen near by, middle gray far from it."""
    height, width = alpha.shape
    scale = min(1.0, PULL_SIZE / max(height, width))
    small = max(1, round(width * scale)), max(1, round(height * scale))
    light = cv2.cvtColor(colors, cv2.COLOR_RGB2GRAY).astype(np.float32)
    # Only what is wholly opaque lends its lightness: a veil over everything has middle gray behind.
    share = (alpha >= OPAQUE_ALPHA).astype(np.float32)
    weight = cv2.resize(share, small, interpolation=cv2.INTER_AREA)
    total = cv2.resize(light * share, small, interpolation=cv2.INTER_AREA)
    spread = max(1.0, REACH * max(small))
    near = cv2.GaussianBlur(total, (0, 0), spread) + PULL * GRAY
    known = cv2.GaussianBlur(weight, (0, 0), spread) + PULL
    ground = cv2.resize(near / known, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(ground, np.float32)
