"""extended(pixels, margins) -> a larger picture, whose new parts continue the old one.

Mirrored first, then closed by patches. It does not know what lay beyond the border.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.plan import Margins
from imagetoprompt.engines.draft.inpaint import filled
from imagetoprompt.images.picture import Pixels


def extended(pixels: Pixels, margins: Margins) -> tuple[Pixels, tuple[int, int]]:
    """The larger picture, and where in it (x, y) the old one lies, unchanged."""
    height, width = pixels.shape[:2]
    left, right = round(margins.left * width), round(margins.right * width)
    top, bottom = round(margins.top * height), round(margins.bottom * height)
    wide = cv2.copyMakeBorder(pixels, top, bottom, left, right, cv2.BORDER_REFLECT_101)
    hole = np.ones(wide.shape[:2], bool)
    hole[top : top + height, left : left + width] = False
    return filled(wide, hole, _softened(wide, hole)), (left, top)


def _softened(wide: Pixels, hole: NDArray[np.bool_]) -> Pixels:
    """The mirror image, the more blurred the farther out, so that it is no twin of what is in."""
    far = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3)
    share = np.clip(far / (0.06 * max(hole.shape)), 0, 1).astype(np.float32)
    soft = cv2.GaussianBlur(wide, (0, 0), max(1.0, 0.012 * max(hole.shape)))
    return np.asarray(cv2.blendLinear(wide, soft, 1 - share, share))
