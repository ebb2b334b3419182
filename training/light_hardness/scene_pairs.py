"""Pairs: one scene under a narrow lamp, under a wide one, and under the sky alone, in linear light.

Only the hardness of the light then differs. Two dozen make a block, which is kept on
disk once it is rendered.
"""

from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

import numpy as np

from training import scene_cache
from training.light_direction.linear_scenes import ASPECT_RATIOS, BLOCK_SIZE, LONGER_SIDE
from training.light_direction.ray_intersection import World
from training.light_direction.ray_tracing import trace_rays
from training.light_direction.scene_layout import Layout, layout
from training.light_direction.shapes import Array
from training.light_hardness.shadow_borders import shadow_borders

# Seeds below are those of the scenes for light direction.
FIRST_SEED = 100_000
# Half the angle that the lamp spans, in degrees.
NARROW_RADII, WIDE_RADII = (0.1, 0.6), (16.0, 38.0)
# Rays per pixel: wide lamps are noisier, and must not be told from narrow ones by their noise.
SAMPLE_COUNTS = {"sky": 12, "narrow": 16, "wide": 36}


@dataclass(frozen=True)
class Pair:
    """sky, narrow, wide: height x width x 3, the light of each alone, in half precision.

    borders: height x width, 1 where light and a cast shadow meet on one surface.
    """

    sky: Array
    narrow: Array
    wide: Array
    borders: Array


def pair(number: int) -> Pair:
    """The pair of a ray-traced scene that has a lamp."""
    rng = np.random.default_rng(FIRST_SEED + number)
    placed = layout(rng)
    while not placed.lamps:
        placed = layout(rng)
    ratio = float(rng.choice(ASPECT_RATIOS))
    width, height = round(LONGER_SIDE * min(1.0, ratio)), round(LONGER_SIDE / max(1.0, ratio))
    starts = rng.random((height, width, 6))
    light = {
        name: trace_rays(world, placed.lens, starts, SAMPLE_COUNTS[name]).astype(np.float16)
        for name, world in _worlds(rng, placed).items()
    }
    return Pair(**light, borders=shadow_borders(placed.world, placed.lens, height, width))


def _worlds(rng: np.random.Generator, placed: Layout) -> dict[str, World]:
    """The scene with its sky alone, and with its key alone, as a narrow and as a wide lamp."""
    world = placed.world
    worlds = {"sky": world._replace(lamps=world.lamps[:0])}
    for name, radii in (("narrow", NARROW_RADII), ("wide", WIDE_RADII)):
        key = world.lamps[:1].copy()
        key[0, 4] = np.tan(np.radians(rng.uniform(*radii)))
        worlds[name] = world._replace(lamps=key, sky=np.zeros_like(world.sky))
    return worlds


def pair_blocks(count: int, folder: Path) -> list[Path]:
    """The files of `count` pairs, rendered if missing."""
    return scene_cache.render_blocks(partial(pair_block, folder=folder), count, BLOCK_SIZE)


def pair_block(number: int, folder: Path) -> Path:
    """The file of one block, rendered if it is missing."""
    return scene_cache.cached_file(folder / f"pairs-{number:04d}.npz", partial(_arrays, number))


def _arrays(number: int) -> dict[str, Array]:
    numbers = range(number * BLOCK_SIZE, (number + 1) * BLOCK_SIZE)
    return {
        f"{name}{index}": array
        for index, scene in enumerate(numbers)
        for name, array in vars(pair(scene)).items()
    }


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file."""
    arrays = np.load(path)
    names = [field.name for field in fields(Pair)]
    return [
        Pair(**{name: arrays[f"{name}{index}"] for name in names}) for index in range(BLOCK_SIZE)
    ]
