"""smear(seed, book) -> a picture at rest, moved or out of focus, and whether it moved."""

from typing import Final

import cv2
import numpy as np

from training.geometry.camera_effects import developed, out_of_focus, smeared
from training.geometry.composed_scenes import place
from training.geometry.textures import Array, Swatchbook

LENGTHS: Final = (0.012, 0.08)
"""Of a smear, as shares of the longer side: shorter ones are hardly seen."""
LONGEST: Final = 640


def smear(seed: int, book: Swatchbook) -> tuple[Array, float | None]:
    """The picture, and the angle of its smear in degrees; None when nothing moved."""
    rng = np.random.default_rng([seed, 11])
    still = _still(rng, seed, book)
    longest, kind, angle = max(still.shape), rng.random(), None
    if kind < 0.45:
        angle = float(rng.uniform(0, 180))
        length = float(np.exp(rng.uniform(*np.log(LENGTHS)))) * longest
        still = smeared(still, length, angle)
    elif kind < 0.6:
        still = out_of_focus(still, float(rng.uniform(0.004, 0.03)) * longest)
    elif kind < 0.65:
        still = cv2.GaussianBlur(still, (0, 0), float(rng.uniform(0.001, 0.008)) * longest)
    elif kind < 0.7:
        scale = rng.uniform(0.4, 1, 2)
        still = cv2.resize(still, None, fx=scale[0], fy=scale[1], interpolation=cv2.INTER_AREA)
    return developed(rng, still), angle


def _still(rng: np.random.Generator, seed: int, book: Swatchbook) -> Array:
    """A photograph made a little smaller, a place, or stripes, which no smear should be seen in."""
    kind = rng.random()
    if kind < 0.1:
        return _striped(rng)
    if kind < 0.4 or not book.photographs:
        return place(seed, book)[0].astype(np.float32)
    path = book.photographs[int(rng.integers(len(book.photographs)))]
    seen = cv2.imread(str(path))
    if seen is None or min(seen.shape[:2]) < 64:
        return place(seed, book)[0].astype(np.float32)
    scale = rng.uniform(0.6, 1) * min(1, LONGEST / max(seen.shape[:2]))
    small = cv2.resize(seen, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small[..., ::-1], np.float32)


def _striped(rng: np.random.Generator) -> Array:
    size = int(rng.integers(200, 500)), int(rng.integers(200, 500))
    down, across = np.mgrid[: size[0], : size[1]]
    turn = rng.uniform(0, np.pi)
    waves = np.sin((across * np.cos(turn) + down * np.sin(turn)) * 2 * np.pi / rng.uniform(4, 40))
    tone = np.sign(waves) if rng.random() < 0.5 else waves
    return np.asarray(rng.uniform(60, 190, 3) + tone[..., None] * rng.uniform(10, 60, 3))
