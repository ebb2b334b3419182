"""Masks: which pixels of a picture may change.

One rule for everybody: a mask picture has exactly the upright size of the picture, white (128 and
above) marks what may change, and a mask that marks nothing is an error.
"""

from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Box
from imagetoprompt.core.plan import Mask, check_mask_size
from imagetoprompt.errors import MaskError
from imagetoprompt.images.picture import Source, open_picture

BooleanMask: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float32]

# Above middle gray a pixel counts as white.
_MIDDLE_GRAY = 127


def mask_area(
    mask: Mask, picture_size: tuple[int, int], output_size: tuple[int, int]
) -> BooleanMask:
    """True where the picture may change: height x width of `output_size`.

    picture_size: upright width and height of the picture that the mask belongs to. output_size:
    width and height in pixels at which it is wanted. MaskError when a mask picture has another size
    than the picture, or nothing is marked.
    """
    if mask.source:
        return mask_picture_area(mask.source, picture_size, output_size)
    return _checked(_boxes_area(mask.boxes, output_size))


def mask_coverage(
    mask: Mask, picture_size: tuple[int, int], output_size: tuple[int, int]
) -> Floats:
    """How much of each pixel may change, 0 to 1: `mask_area` with the mask's soft edge.

    The soft edge lies within the mask, so that nothing outside of it changes.
    """
    area = mask_area(mask, picture_size, output_size).astype(np.float32)
    return feathered(area, mask.feather * max(output_size))


def feathered(share: Floats, width: float) -> Floats:
    """The mask with an edge that rises inward over `width` pixels, less where a part is narrow."""
    if width <= 0:
        return share
    inside = (share > 0).astype(np.uint8)
    if inside.all():
        return share
    padded = np.pad(inside, 1, mode="edge")
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]
    # The middle of a narrow part must be painted wholly, or the old would shine through.
    count, parts = cv2.connectedComponents(inside)
    deepest = np.zeros(count, np.float32)
    np.maximum.at(deepest, parts.ravel(), depth.ravel())
    rise = np.minimum(width, deepest / 2)[parts]
    return np.asarray(share * np.clip(depth / (rise + 1), 0, 1), np.float32)


def mask_picture_area(
    source: Source, picture_size: tuple[int, int], output_size: tuple[int, int]
) -> BooleanMask:
    """The same for a mask given as a picture."""
    drawn = open_picture(source)
    check_mask_size(drawn.size, picture_size)
    gray = cv2.cvtColor(drawn.pixels, cv2.COLOR_RGB2GRAY)
    if gray.shape[1::-1] != output_size:
        smaller = gray.shape[1] > output_size[0]
        kernel = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        gray = np.asarray(cv2.resize(gray, output_size, interpolation=kernel), np.uint8)
    return _checked(np.asarray(gray > _MIDDLE_GRAY))


def _checked(area: BooleanMask) -> BooleanMask:
    if not area.any():
        raise MaskError("The mask marks nothing: paint white where the picture may change.")
    return area


def _boxes_area(boxes: Sequence[Box], size: tuple[int, int]) -> BooleanMask:
    """Boxes in fractions of the picture, each at least one pixel wide and high."""
    width, height = size
    area = np.zeros((height, width), np.bool_)
    for left, top, box_width, box_height in boxes:
        if box_width <= 0 or box_height <= 0:
            continue
        first_row, first_column = max(0, round(top * height)), max(0, round(left * width))
        rows = slice(first_row, max(first_row + 1, round((top + box_height) * height)))
        area[rows, first_column : max(first_column + 1, round((left + box_width) * width))] = True
    return area
