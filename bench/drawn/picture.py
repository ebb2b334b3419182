"""Drawn: a picture and what is true of it; and the ground that things are drawn on."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.scenes.develop import jpeg
from bench.scenes.textures import noise

Pixels = NDArray[np.uint8]
Canvas = NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """The bytes of a JPEG file, and the truth in the words of `imagetoprompt.core.measurements`."""

    data: bytes
    truth: Mapping[str, object]


def filed(canvas: Canvas, rng: np.random.Generator, truth: Mapping[str, object]) -> Drawn:
    """The canvas (sRGB 0 to 1) with a little grain, as a JPEG of quality 80 to 95."""
    grained = canvas + rng.normal(0, rng.uniform(0, 0.012), canvas.shape)
    pixels = np.asarray(np.clip(np.rint(grained * 255), 0, 255), dtype=np.uint8)
    return Drawn(jpeg(pixels, int(rng.integers(80, 96))), truth)


def color(rng: np.random.Generator, low: float = 0.1, high: float = 0.9) -> NDArray[np.float64]:
    """Any sRGB color between the limits."""
    return rng.uniform(low, high, 3)


def textured(rng: np.random.Generator, size: tuple[int, int], depth: float) -> Canvas:
    """One color, made uneven by noise: width and height in pixels, depth of the noise 0 to 1."""
    field = cv2.resize(noise(rng, float(rng.uniform(1.0, 1.8))), size)
    return np.asarray(color(rng, 0.25, 0.75) + depth * (field[..., None] - 0.5))
