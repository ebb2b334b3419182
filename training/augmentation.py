"""variants(pixels, digest): a picture and altered copies of it, so that no shortcuts are learned.

The labeled sets differ in size, compression, borders and color as well as in what they show; the
altered copies make those useless as evidence. They depend on the digest alone, so every run of the
training sees the same pixels.
"""

import io
from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels: TypeAlias = NDArray[np.uint8]
Change: TypeAlias = Callable[[Pixels, np.random.Generator], Pixels]


def variants(pixels: Pixels, digest: str) -> list[Pixels]:
    """The unaltered picture, then one copy for each change in AUGMENTATIONS."""
    return [
        pixels,
        *(change(pixels, _generator(digest, n)) for n, change in enumerate(AUGMENTATIONS)),
    ]


def gray(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Without color, mirrored half of the time."""
    flat = np.asarray(Image.fromarray(pixels).convert("L"))
    return _mirrored(np.repeat(flat[..., None], 3, axis=2), rng)


def coarse(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """At 140 to 240 pixels and JPEG quality 40 to 80, mirrored half of the time."""
    image = Image.fromarray(pixels)
    side = int(rng.integers(140, 240))
    image.thumbnail((side, side))
    return _mirrored(_compressed(image, int(rng.integers(40, 80))), rng)


def cropped(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """A part of 65 to 90 % of each side, at another exposure, mirrored half of the time."""
    height, width = pixels.shape[:2]
    share = rng.uniform(0.65, 0.9, 2)
    high, wide = (max(8, int(share[0] * height)), max(8, int(share[1] * width)))
    top = int(rng.integers(0, max(1, height - high)))
    left = int(rng.integers(0, max(1, width - wide)))
    part = pixels[top : top + high, left : left + wide].astype(np.float32) / 255
    exposed = part ** rng.uniform(0.8, 1.25) * rng.uniform(0.9, 1.08, 3)
    return _mirrored((exposed.clip(0, 1) * 255).astype(np.uint8), rng)


def framed(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """In a plain border of 2 to 8 % (white, black or any shade), at JPEG quality 60 to 90."""
    rim = max(2, int(min(pixels.shape[:2]) * rng.uniform(0.02, 0.08)))
    shade = (255, 0, int(rng.integers(0, 256)))[int(rng.integers(0, 3))]
    border = np.pad(pixels, ((rim, rim), (rim, rim), (0, 0)), constant_values=shade)
    return _compressed(Image.fromarray(border), int(rng.integers(60, 90)))


AUGMENTATIONS: Final[tuple[Change, ...]] = (gray, coarse, cropped, framed)


def _generator(digest: str, number: int) -> np.random.Generator:
    return np.random.default_rng([int(digest[:12], 16), number])


def _mirrored(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    return np.ascontiguousarray(pixels[:, ::-1]) if rng.integers(0, 2) else pixels


def _compressed(image: Image.Image, quality: int) -> Pixels:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality)
    return np.asarray(Image.open(data))
