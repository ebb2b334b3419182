"""Canvas: what an effect of the draft engine works on, and blending."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Picture, Pixels

Floats: TypeAlias = NDArray[Any]
EffectOptions: TypeAlias = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Canvas:
    """State of a run. pixels: the picture so far; original: at the same size, for part masks."""

    pixels: Pixels
    original: Picture
    seed: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    @property
    def longest(self) -> int:
        """The longer side in pixels."""
        return max(self.size)

    def noise(self, size: tuple[int, int]) -> Floats:
        """Normal noise of that width and height, the same for the same seed."""
        rng = np.random.default_rng(self.seed)
        return rng.standard_normal((size[1], size[0]), np.float32)


def mix(base: Pixels, top: Pixels, share: "Floats | float") -> Pixels:
    """Blend: `base` at share 0, `top` at share 1. share: a number, or height x width."""
    if isinstance(share, float | int):
        return cast(Pixels, cv2.addWeighted(base, 1 - share, top, share, 0))
    weight = np.clip(share, 0, 1).astype(np.float32)
    return cast(Pixels, cv2.blendLinear(base, top, 1 - weight, weight))


def resize_map(values: Floats, size: tuple[int, int]) -> Floats:
    """A map enlarged bicubically to that width and height."""
    return cast(Floats, cv2.resize(values, size, interpolation=cv2.INTER_CUBIC))


def to_bytes(values: NDArray[Any]) -> Pixels:
    """Floats from 0 to 1 as uint8 pixels."""
    return cast(Pixels, (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8))


# Longer side in pixels at which soft light is computed before it is enlarged.
LIGHT_SIZE: Final = 256


def screen_blend(canvas: Canvas, light: Floats) -> Pixels:
    """Add light (a small map, 0 to 1) with the blend mode "screen"."""
    full = cv2.resize(light.astype(np.float32), canvas.size, interpolation=cv2.INTER_LINEAR)
    base = canvas.pixels.astype(np.float32) / 255
    return to_bytes(1 - (1 - base) * (1 - np.clip(full, 0, 1)))


def small_copy(canvas: Canvas) -> Floats:
    """A small copy of the pixels, as floats from 0 to 1."""
    scale = min(1.0, LIGHT_SIZE / canvas.longest)
    size = max(1, round(canvas.size[0] * scale)), max(1, round(canvas.size[1] * scale))
    small = cv2.resize(canvas.pixels, size, interpolation=cv2.INTER_AREA)
    return cast(Floats, small.astype(np.float32) / 255)
