"""Photographs altered in a known way: shaken, or seen in light of another temperature.

What was in the photograph before is not known; only photographs that are taken at rest and in
ordinary light should be altered.
"""

from math import hypot
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from bench.scenes.develop import jpeg
from bench.scenes.illuminant import decode, encode, light_color
from bench.scenes.motion import moved

MAX_SIDE: Final = 512
WARM_KELVIN: Final = 3200.0
"""Kelvin of tungsten light."""

COOL_KELVIN: Final = 10000.0
"""Kelvin of open shade under a blue sky."""


def shaken(path: Path, length: float, angle: float) -> bytes:
    """The photograph moved by `length` of its diagonal along `angle`, as a JPEG."""
    light = _light(path)
    pixels = length * hypot(*light.shape[:2])
    return _filed(moved(light, pixels, angle))


def cast(path: Path, kelvin: float) -> bytes:
    """The photograph as if its neutral light had this temperature, of the same luminance."""
    return _filed(_light(path) * light_color(kelvin))


def at_rest(path: Path) -> bytes:
    """The photograph at the same size and quality, unaltered."""
    return _filed(_light(path))


def _light(path: Path) -> NDArray[np.float64]:
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    return np.asarray(decode(np.asarray(image) / 255.0))


def _filed(light: NDArray[np.float64]) -> bytes:
    """Clipped as a sensor clips, and compressed as little as a camera does."""
    return jpeg(np.asarray(np.rint(encode(light) * 255), dtype=np.uint8), 92)
