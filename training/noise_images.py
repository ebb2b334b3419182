"""nonsense() -> pictures of nothing: noise, ramps, blots, stripes, plain colors.

Real sets hold none, so without them a head is sure of itself on pictures unlike any it has seen.
They are drawn from fixed seeds.
"""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from training.augmentation import Pixels

SIZE: Final = (240, 320)
OF_EACH: Final = 24


def noise_images() -> Iterator[Pixels]:
    """OF_EACH pictures of each kind, always the same."""
    for seed in range(OF_EACH):
        dice = np.random.default_rng([seed, 77])
        yield from (_noise(dice), _blots(dice), _ramp(dice), _stripes(dice), _plain(dice))


def _noise(dice: np.random.Generator) -> Pixels:
    """Independent shades, in color or gray, in grains of one to eight pixels."""
    grain, bands = int(dice.integers(1, 9)), int(dice.choice((1, 3)))
    shades = dice.integers(0, 256, (SIZE[0] // grain, SIZE[1] // grain, bands))
    return _enlarged(np.broadcast_to(shades, (*shades.shape[:2], 3)), cv2.INTER_NEAREST)


def _blots(dice: np.random.Generator) -> Pixels:
    """Soft blots of color."""
    cells = int(dice.integers(3, 20))
    return _enlarged(dice.integers(0, 256, (cells, cells, 3)), cv2.INTER_CUBIC)


def _ramp(dice: np.random.Generator) -> Pixels:
    """One color into another, down, across or aslant."""
    return _enlarged(dice.integers(0, 256, (2, 2, 3)), cv2.INTER_LINEAR)


def _stripes(dice: np.random.Generator) -> Pixels:
    """Stripes of two colors at any angle."""
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]]
    turn, width = dice.uniform(0, np.pi), dice.uniform(3, 40)
    inside = ((rows * np.sin(turn) + columns * np.cos(turn)) // width % 2).astype(int)
    return np.asarray(dice.integers(0, 256, (2, 3))[inside], np.uint8)


def _plain(dice: np.random.Generator) -> Pixels:
    """One color, or one with a little grain."""
    shades = dice.integers(0, 256, 3) + dice.normal(0, dice.uniform(0, 12), (*SIZE, 1))
    return np.asarray(shades.clip(0, 255), np.uint8)


def _enlarged(shades: np.ndarray, how: int) -> Pixels:
    small = np.ascontiguousarray(shades).astype(np.uint8)
    return np.asarray(cv2.resize(small, SIZE[::-1], interpolation=how), np.uint8)
