"""Masks: where a picture may change, from boxes or from a picture that is white there.

One rule for everybody: a mask picture has exactly the upright size of its picture, and whatever is
at least mid-gray in it may change. With transparency it is what editors save: strokes on an empty
layer, which may change, or a picture with a hole, which may be filled.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Box
from imagetoprompt.errors import MaskError
from imagetoprompt.images.filters import resized
from imagetoprompt.images.picture import Pixels, open_picture

if TYPE_CHECKING:
    from imagetoprompt.core.plan import Mask
    from imagetoprompt.images.picture import Source

Size: TypeAlias = tuple[int, int]
Weights: TypeAlias = NDArray[np.float32]
EditableArea: TypeAlias = NDArray[np.bool_]

# Mid-gray of 8 bits: JPEG noise on black and on white stays on its side.
EDITABLE_LUMA: Final = 128

# How far the samples of one brush's color lie apart (0 to 255), and the share of a layer that has
# that color when nothing but strokes is on it.
_SAME_COLOR: Final = 40
_STROKE_SHARE: Final = 0.98


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


def editable_area(mask: "Source", size: Size) -> EditableArea:
    """True where a mask picture allows changes, height x width; size: that of its picture.

    MaskError as in mask_weights.
    """
    return _checked(_drawn(mask, size, size))


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
    drawn = drawn.full_size()
    if drawn.alpha is None:
        marked: NDArray[Any] = cv2.cvtColor(drawn.pixels, cv2.COLOR_RGB2GRAY)
    else:
        marked = _marked_by_alpha(drawn.pixels, drawn.alpha)
    return np.asarray(resized(marked, pixel_size, enlarge=cv2.INTER_LINEAR) >= EDITABLE_LUMA)


def _marked_by_alpha(pixels: Pixels, alpha: Pixels) -> Pixels:
    """Where a mask with transparency marks, 0 to 255: its strokes, or the hole in it.

    Strokes have one color, and a picture with a hole has many. Black strokes on nothing look like
    a black mask with a hole: MaskError, as for shades of gray, which contradict the transparency.
    """
    visible = pixels[alpha >= EDITABLE_LUMA]
    if not len(visible):
        raise MaskError("The mask is transparent everywhere: paint white where to change.")
    # By channel: all of a large mask as wider numbers would take gigabytes.
    color = [float(np.median(channel)) for channel in visible.T]
    alike = np.ones(len(visible), bool)
    for channel, value in zip(visible.T, color, strict=True):
        alike &= np.abs(channel.astype(np.float32) - value) <= _SAME_COLOR
    strokes = alike.mean() >= _STROKE_SHARE
    colorful = np.ptp(visible, axis=1).max() > _SAME_COLOR
    if strokes and max(color) >= EDITABLE_LUMA:
        return alpha
    if not strokes and colorful:
        return 255 - alpha
    raise MaskError(
        "The mask has transparency, and black or gray besides, so it can be read in two ways: "
        "save it without transparency, white where the picture may change and black elsewhere."
    )


def _checked(area: EditableArea) -> EditableArea:
    if not area.any():
        raise MaskError("The mask marks nothing: paint white where the picture may change.")
    return area


def _words(size: Size) -> str:
    return f"{size[0]} x {size[1]}"
