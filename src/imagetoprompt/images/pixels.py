"""Resize arrays of pixels, and convert them to gray."""

from typing import Any, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

AnyPixels = TypeVar("AnyPixels", bound=NDArray[Any])


def resized(
    pixels: AnyPixels, size: tuple[int, int], *, enlarge: int = cv2.INTER_LANCZOS4
) -> AnyPixels:
    """The array (height x width, or x channels) at that width and height; itself if it has it.

    A smaller area is averaged (cv2.INTER_AREA); a larger one is interpolated with `enlarge`.
    """
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels
    method = cv2.INTER_AREA if size[0] * size[1] < width * height else enlarge
    return cast(AnyPixels, cv2.resize(np.ascontiguousarray(pixels), size, interpolation=method))


def luma(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The Rec. 601 luma of sRGB pixels, 0 to 1."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.asarray(gray.astype(np.float32) / 255)
