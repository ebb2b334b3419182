"""Decode NumPy arrays of samples to 8-bit sRGB pixels."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.errors import NotAPictureError
from imagetoprompt.images.loading.alpha import flatten_alpha
from imagetoprompt.images.loading.color_management import Pixels, to_8_bit
from imagetoprompt.images.loading.decode import Decoded, check_size
from imagetoprompt.images.loading.exif import Metadata

ARRAY_SHAPES: Final = "height x width, or height x width x 1, 3 or 4"
# Float pictures run from 0 to 1; resampling may overshoot by this much, which is clipped.
_OVERSHOOT: Final = 0.01


def from_array(array: NDArray[Any]) -> Decoded:
    """Gray, RGB or RGBA samples in sRGB: uint8, uint16, bool, or floats from 0 to 1.

    NotAPictureError for any other shape, type or range.
    """
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise NotAPictureError(
            f"An array of shape {array.shape} is no picture: give {ARRAY_SHAPES}."
        )
    check_size((array.shape[1], array.shape[0]))
    samples = _eight_bits(array)
    if samples.ndim == 2:
        samples = samples[..., None]
    if samples.shape[2] == 4:
        pixels = flatten_alpha(np.ascontiguousarray(samples[..., :3]), samples[..., 3])
    else:
        pixels = np.array(np.broadcast_to(samples, (*samples.shape[:2], 3)), order="C")
    pixels.setflags(write=False)
    return Decoded(pixels, (array.shape[1], array.shape[0]), Metadata())


def _eight_bits(array: NDArray[Any]) -> Pixels:
    if array.dtype == np.uint8:
        return array
    if array.dtype.str[1:] == "u2":
        return to_8_bit(array)
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind != "f":
        raise NotAPictureError(
            f"An array of {array.dtype} is not read: give uint8, uint16, or floats from 0 to 1."
        )
    low, high = float(array.min()), float(array.max())
    if not (low >= -_OVERSHOOT and high <= 1 + _OVERSHOOT):
        raise NotAPictureError(
            f"A float array runs from 0 to 1, but this one from {low:g} to {high:g}: scale it."
        )
    eight: Pixels = np.rint(array.astype(np.float32).clip(0, 1) * 255).astype(np.uint8)
    return eight
