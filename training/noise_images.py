"""noise_images(): pictures that show nothing: noise, ramps, blots, stripes, plain colors.

Labeled sets hold none; without them a head is overconfident on pictures unlike any it has seen.
They are drawn from fixed seeds.
"""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from training.augmentation import Pixels

IMAGE_SHAPE: Final = (240, 320)
PICTURES_PER_KIND: Final = 24


def noise_images() -> Iterator[Pixels]:
    """PICTURES_PER_KIND pictures of each kind, always the same."""
    for seed in range(PICTURES_PER_KIND):
        rng = np.random.default_rng([seed, 77])
        yield from (_noise(rng), _blots(rng), _ramp(rng), _stripes(rng), _plain(rng))


def _noise(rng: np.random.Generator) -> Pixels:
    """Independent shades, in color or gray, in grains of one to eight pixels."""
    grain, bands = int(rng.integers(1, 9)), int(rng.choice((1, 3)))
    shades = rng.integers(0, 256, (IMAGE_SHAPE[0] // grain, IMAGE_SHAPE[1] // grain, bands))
    return _enlarged(np.broadcast_to(shades, (*shades.shape[:2], 3)), cv2.INTER_NEAREST)


def _blots(rng: np.random.Generator) -> Pixels:
    """Soft blots of color."""
    cells = int(rng.integers(3, 20))
    return _enlarged(rng.integers(0, 256, (cells, cells, 3)), cv2.INTER_CUBIC)


def _ramp(rng: np.random.Generator) -> Pixels:
    """A gradient between four colors."""
    return _enlarged(rng.integers(0, 256, (2, 2, 3)), cv2.INTER_LINEAR)


def _stripes(rng: np.random.Generator) -> Pixels:
    """Stripes of two colors at any angle."""
    rows, columns = np.mgrid[: IMAGE_SHAPE[0], : IMAGE_SHAPE[1]]
    turn, width = rng.uniform(0, np.pi), rng.uniform(3, 40)
    inside = ((rows * np.sin(turn) + columns * np.cos(turn)) // width % 2).astype(int)
    return np.asarray(rng.integers(0, 256, (2, 3))[inside], np.uint8)


def _plain(rng: np.random.Generator) -> Pixels:
    """One color, or one with a little grain."""
    shades = rng.integers(0, 256, 3) + rng.normal(0, rng.uniform(0, 12), (*IMAGE_SHAPE, 1))
    return np.asarray(shades.clip(0, 255), np.uint8)


def _enlarged(shades: np.ndarray, how: int) -> Pixels:
    small = np.ascontiguousarray(shades).astype(np.uint8)
    return np.asarray(cv2.resize(small, IMAGE_SHAPE[::-1], interpolation=how), np.uint8)
