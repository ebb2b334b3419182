"""motion_example(seed, textures): a picture at rest, moved or out of focus, and its motion."""

from typing import Final

import cv2
import numpy as np

from training.geometry.camera_effects import developed, disc_blurred, motion_blurred
from training.geometry.composed_scenes import composed_scene
from training.geometry.textures import Array, TextureSource

SMEAR_LENGTHS: Final = (0.012, 0.08)
"""Range of motion as shares of the longer side; shorter ones are hardly visible."""
MAX_SIDE: Final = 640


def motion_example(seed: int, textures: TextureSource) -> tuple[Array, float | None]:
    """The picture, and the angle of its motion in degrees; None without motion."""
    rng = np.random.default_rng([seed, 11])
    still = _still(rng, seed, textures)
    longest, kind, angle = max(still.shape), rng.random(), None
    if kind < 0.45:
        angle = float(rng.uniform(0, 180))
        length = float(np.exp(rng.uniform(*np.log(SMEAR_LENGTHS)))) * longest
        still = motion_blurred(still, length, angle)
    elif kind < 0.6:
        still = disc_blurred(still, float(rng.uniform(0.004, 0.03)) * longest)
    elif kind < 0.65:
        still = cv2.GaussianBlur(still, (0, 0), float(rng.uniform(0.001, 0.008)) * longest)
    elif kind < 0.7:
        scale = rng.uniform(0.4, 1, 2)
        still = cv2.resize(still, None, fx=scale[0], fy=scale[1], interpolation=cv2.INTER_AREA)
    return developed(rng, still), angle


def _still(rng: np.random.Generator, seed: int, textures: TextureSource) -> Array:
    """A photograph made a little smaller, a place, or stripes, which no smear should be seen in."""
    kind = rng.random()
    if kind < 0.1:
        return _striped(rng)
    if kind < 0.4 or not textures.photographs:
        return composed_scene(seed, textures)[0].astype(np.float32)
    path = textures.photographs[int(rng.integers(len(textures.photographs)))]
    seen = cv2.imread(str(path))
    if seen is None or min(seen.shape[:2]) < 64:
        return composed_scene(seed, textures)[0].astype(np.float32)
    scale = rng.uniform(0.6, 1) * min(1, MAX_SIDE / max(seen.shape[:2]))
    small = cv2.resize(seen, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small[..., ::-1], np.float32)


def _striped(rng: np.random.Generator) -> Array:
    size = int(rng.integers(200, 500)), int(rng.integers(200, 500))
    down, across = np.mgrid[: size[0], : size[1]]
    turn = rng.uniform(0, np.pi)
    waves = np.sin((across * np.cos(turn) + down * np.sin(turn)) * 2 * np.pi / rng.uniform(4, 40))
    tone = np.sign(waves) if rng.random() < 0.5 else waves
    return np.asarray(rng.uniform(60, 190, 3) + tone[..., None] * rng.uniform(10, 60, 3))
