"""Pairs: one scene under a narrow lamp, under a wide one, and under the sky alone, in linear light.

What tells hard light from soft is then all that differs. Two dozen make a block, which is kept on
disk once it is rendered.
"""

from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

import numpy as np

from training import scene_cache
from training.light_direction.linear_scenes import BLOCK, LONGEST, RATIOS
from training.light_direction.ray_intersection import World
from training.light_direction.ray_tracing import trace_rays
from training.light_direction.scene_layout import Layout, layout
from training.light_direction.shapes import Array
from training.light_hardness.shadow_borders import borders

# The first seed; those of the scenes cast for the direction of light come before.
FIRST = 100_000
# Half the angle that the lamp spans, in degrees.
NARROW, WIDE = (0.1, 0.6), (16.0, 38.0)
# Wide lamps are noisier, which must not tell them from the narrow.
SAMPLES = {"sky": 12, "narrow": 16, "wide": 36}


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
    """A scene of our own rays that has a lamp."""
    rng = np.random.default_rng(FIRST + number)
    placed = layout(rng)
    while not placed.lamps:
        placed = layout(rng)
    ratio = float(rng.choice(RATIOS))
    width, height = round(LONGEST * min(1.0, ratio)), round(LONGEST / max(1.0, ratio))
    starts = rng.random((height, width, 6))
    drawn = {
        name: trace_rays(world, placed.lens, starts, SAMPLES[name]).astype(np.float16)
        for name, world in _worlds(rng, placed).items()
    }
    return Pair(**drawn, borders=borders(placed.world, placed.lens, height, width))


def _worlds(rng: np.random.Generator, placed: Layout) -> dict[str, World]:
    """The scene with its sky alone, and with its key alone, as a narrow and as a wide lamp."""
    world = placed.world
    told = {"sky": world._replace(lamps=world.lamps[:0])}
    for name, radii in (("narrow", NARROW), ("wide", WIDE)):
        key = world.lamps[:1].copy()
        key[0, 4] = np.tan(np.radians(rng.uniform(*radii)))
        told[name] = world._replace(lamps=key, sky=np.zeros_like(world.sky))
    return told


def blocks(count: int, folder: Path) -> list[Path]:
    """The files of so many pairs, rendered if missing."""
    return scene_cache.render_blocks(partial(block, folder=folder), count, BLOCK)


def block(number: int, folder: Path) -> Path:
    """The file of one block, rendered if it is missing."""
    return scene_cache.cached_file(folder / f"pairs-{number:04d}.npz", partial(_arrays, number))


def _arrays(number: int) -> dict[str, Array]:
    drawn = enumerate(pair(each) for each in range(number * BLOCK, (number + 1) * BLOCK))
    return {f"{name}{place}": array for place, each in drawn for name, array in vars(each).items()}


def read(path: Path) -> list[Pair]:
    """The pairs of a file."""
    kept = np.load(path)
    names = [each.name for each in fields(Pair)]
    return [Pair(**{name: kept[f"{name}{place}"] for name in names}) for place in range(BLOCK)]
