"""ModelFrame: the size at which a model paints a picture, and the conversion there and back.

Models take only multiples of 8 or 16 pixels, and paint well only near the size they were trained
on. The picture is scaled, padded to the multiple by mirroring its border, and cropped again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.filters import resized

PixelArray = NDArray[Any]
Size = tuple[int, int]

# Shares of the native area between which a model is taken to paint well: SD 1.5, trained on
# 512 x 512, is commonly used up to 512 x 768; at much smaller sizes results fall apart.
MIN_AREA_RATIO: Final = 0.5
MAX_AREA_RATIO: Final = 1.5


@dataclass(frozen=True)
class ModelFrame:
    """Widths and heights: `size` of the picture, `scaled` as it is painted, `padded` with a border.

    The border is at the right and at the bottom.
    """

    size: Size
    scaled: Size
    padded: Size


def model_frame(size: Size, multiple: int, native: int) -> ModelFrame:
    """The frame of a picture for a model that was trained on squares of `native` pixels."""
    area, trained = size[0] * size[1], native * native
    share = min(max(area, MIN_AREA_RATIO * trained), MAX_AREA_RATIO * trained) / area
    scaled = size if share == 1 else _scaled(size, sqrt(share))
    width, height = (max(1, ceil(side / multiple)) * multiple for side in scaled)
    return ModelFrame(size, scaled, (width, height))


def frame_for_picture(
    size: Size, allowed: Sequence[Size], multiple: int, scale: float
) -> ModelFrame:
    """The frame of the allowed size with the most similar aspect ratio, times `scale`."""
    shape = size[0] / size[1]
    nearest = min(allowed, key=lambda pair: (abs(shape - pair[0] / pair[1]), pair))
    width, height = (max(1, round(side * scale / multiple)) * multiple for side in nearest)
    scaled = _scaled(size, min(width / size[0], height / size[1]))
    return ModelFrame(size, (min(scaled[0], width), min(scaled[1], height)), (width, height))


def pad_to_frame(pixels: PixelArray, frame: ModelFrame) -> PixelArray:
    """The picture (or a mask, height x width) as the model gets it."""
    scaled = resized(pixels, frame.scaled)
    right, bottom = (whole - part for whole, part in zip(frame.padded, frame.scaled, strict=True))
    sides = [(0, bottom), (0, right), (0, 0)][: pixels.ndim]
    return np.pad(scaled, sides, mode="reflect")


def crop_from_frame(pixels: PixelArray, frame: ModelFrame) -> PixelArray:
    """The output of the model without its border, at the size of the picture.

    An upscaling model returns it enlarged, by one factor in both directions.
    """
    factor = pixels.shape[1] / frame.padded[0]
    width, height = (max(1, round(side * factor)) for side in frame.scaled)
    return resized(pixels[:height, :width], frame.size)


def _scaled(size: Size, scale: float) -> Size:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
