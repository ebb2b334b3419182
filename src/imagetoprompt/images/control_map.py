"""Make a control map a Picture of the same size as the picture that it was computed from."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.filters import resized
from imagetoprompt.images.picture import Metadata, Picture

# Larger control maps would take more memory (120 MB) than the decoded picture.
MAX_PIXELS: Final = 40_000_000

Array = NDArray[Any]


def control_map(picture: Picture, drawing: Array, method: str, *, flat: bool = False) -> Picture:
    """The drawing at the upright size of the original, at most 40 megapixels.

    drawing: height x width, or x 3; uint8, or floats 0 to 1. method: how it was made, kept in the
    metadata under "control". flat: resize without
    interpolation, for maps whose exact values carry meaning.
    """
    pixels = _eight_bits(drawing)
    size = _size(picture.size)
    if flat and pixels.shape[1::-1] != size:
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_NEAREST))
    pixels = resized(pixels, size, enlarge=cv2.INTER_CUBIC)
    if pixels.ndim == 2:
        pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB))
    return Picture.from_pixels(pixels, metadata=Metadata(info={"control": method}))


def _eight_bits(drawing: Array) -> NDArray[np.uint8]:
    if drawing.dtype == np.uint8:
        return drawing
    return np.asarray(np.rint(np.clip(drawing, 0, 1) * 255), np.uint8)


def _size(original: tuple[int, int]) -> tuple[int, int]:
    width, height = original
    scale = min(1.0, (MAX_PIXELS / (width * height)) ** 0.5)
    return max(1, round(width * scale)), max(1, round(height * scale))
