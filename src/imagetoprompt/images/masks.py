"""Masks: where a picture may change, from boxes or from a picture that is white there.

One rule for everybody: a mask picture has exactly the upright size of its picture, and whatever is
at least mid-gray in it may change.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Box
from imagetoprompt.errors import MaskError
from imagetoprompt.images.filters import resized
from imagetoprompt.images.picture import open_picture

if TYPE_CHECKING:
    from imagetoprompt.core.plan import Mask
    from imagetoprompt.images.picture import Source

Size: TypeAlias = tuple[int, int]
Weights: TypeAlias = NDArray[np.float32]
EditableArea: TypeAlias = NDArray[np.bool_]

# Mid-gray of 8 bits: JPEG noise on black and on white stays on its side.
EDITABLE_LUMA: Final = 128


def mask_weights(mask: "Mask", picture_size: Size, pixel_size: Size) -> Weights:
    """How much of each pixel may change, 0 to 1, height x width at `pixel_size`.

    picture_size: upright width and height of the picture in pixels; pixel_size: those of the array.
    The feathered edge lies inside the mask, so that pixels outside never change. MaskError when a
    mask picture has another size than the picture, or when nothing is marked.
    """
    area = _boxed(mask.boxes, pixel_size)
    if mask.source:
        area |= _drawn(mask.source, picture_size, pixel_size)
    return feathered(_checked(area), mask.feather * max(pixel_size))


def editable_area(mask: "Source", picture_size: Size, pixel_size: Size) -> EditableArea:
    """True where a mask picture allows changes, height x width; MaskError as in mask_weights."""
    return _checked(_drawn(mask, picture_size, pixel_size))


def check_mask_size(mask_size: Size, picture_size: Size) -> None:
    """MaskError when a mask picture has another upright size than its picture."""
    if mask_size != picture_size:
        raise MaskError(
            f"The mask is {_words(mask_size)} pixels and the picture {_words(picture_size)}: "
            "give a mask of the picture's size."
        )


def feathered(area: EditableArea, width: float) -> Weights:
    """Weights that rise inward from the edge of the area to 1, over `width` pixels.

    Over less where a part is narrow: its middle is always 1, or the original would shine through.
    The border of the picture is no edge.
    """
    if width <= 0 or area.all():
        return area.astype(np.float32)
    inside = area.astype(np.uint8)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 3)
    count, parts = cv2.connectedComponents(inside)
    deepest = np.zeros(count, np.float32)
    np.maximum.at(deepest, parts.ravel(), depth.ravel())
    rise = np.maximum(1, np.minimum(width, deepest))[parts]
    return np.asarray(np.clip(depth / rise, 0, 1), np.float32)


def _boxed(boxes: Sequence[Box], size: Size) -> EditableArea:
    """True in the boxes; each that has an area marks at least one pixel."""
    width, height = size
    area = np.zeros((height, width), bool)
    for left, top, box_width, box_height in boxes:
        if box_width > 0 and box_height > 0:
            area[_span(top, box_height, height), _span(left, box_width, width)] = True
    return area


def _span(start: float, length: float, side: int) -> slice:
    """The pixels of a side that a fraction of it covers, at least one."""
    first = max(0, round(start * side))
    return slice(first, max(first + 1, round((start + length) * side)))


def _drawn(source: "Source", picture_size: Size, pixel_size: Size) -> EditableArea:
    """True where the picture of a mask is light, at `pixel_size`."""
    drawn = open_picture(source)
    check_mask_size(drawn.size, picture_size)
    luma: NDArray[Any] = cv2.cvtColor(drawn.pixels, cv2.COLOR_RGB2GRAY)
    luma = resized(luma, pixel_size, enlarge=cv2.INTER_LINEAR)
    return np.asarray(luma >= EDITABLE_LUMA)


def _checked(area: EditableArea) -> EditableArea:
    if not area.any():
        raise MaskError("The mask marks nothing: paint white where the picture may change.")
    return area


def _words(size: Size) -> str:
    return f"{size[0]} x {size[1]}"
