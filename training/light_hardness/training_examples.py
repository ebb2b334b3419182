"""Examples: pairs developed as inputs of the network, and their truth.

Each pair is mixed anew every time: with more or less sky, in other colors, cropped, with other
sharpness and another camera response.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from imagetoprompt.analysis.lighting import HARDNESS_CELL, HARDNESS_SIDE, network_input
from training.light_direction.camera_response import develop
from training.light_direction.linear_scenes import read_scenes
from training.light_direction.shapes import Array
from training.light_direction.training_examples import random_crop, resized_light
from training.light_hardness.scene_pairs import Pair, read_pairs

CELLS_PER_SIDE = HARDNESS_SIDE // HARDNESS_CELL
HARD, SOFT, SHADOWLESS = range(3)
"""Lit by a narrow lamp, by a wide one, by the sky alone."""
PRINT_KINDS = (HARD, HARD, SOFT, SOFT, SHADOWLESS)
"""The kinds of the examples of one pair."""
# Natural logarithms: maximum change of the sky's light, and standard deviation of each channel.
SKY_SPREAD, TINT_SPREAD = 0.7, 0.12
# Shares of examples that are cropped, and enlarged from a smaller size.
CROPPED_SHARE, ENLARGED_SHARE = 0.4, 0.25
# Half the angle of a lamp in degrees: below the first it is hard, from the second on soft.
MAX_HARD_RADIUS, MIN_SOFT_RADIUS = 3.0, 14.0
# A cell with a smaller share of border counts as without.
MIN_BORDER_SHARE = 0.3


ExampleRow = tuple[Array, int, Array, bool]


@dataclass(frozen=True)
class LightHardnessExamples:
    """seen: n x side x side x 4, float16; kinds: n; borders: n x cells x cells, bool.

    known: n, whether it is known where the borders are.
    """

    seen: Array
    kinds: Array
    borders: Array
    known: Array


def hardness_examples(pairs: list[Path], scenes: list[Path], times: int) -> LightHardnessExamples:
    """Examples of these files: `times` of each kind of a pair, 3 x `times` of other scenes."""
    jobs = [(pair_examples, path, times) for path in pairs]
    jobs += [(scene_examples, path, 3 * times) for path in scenes]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        rows = chain.from_iterable(pool.map(_example_rows, range(len(jobs)), jobs))
        return LightHardnessExamples(*(np.stack(column) for column in zip(*rows, strict=True)))


def _example_rows(
    number: int, job: tuple[Callable[..., Iterator[ExampleRow]], Path, int]
) -> list[ExampleRow]:
    make, path, times = job
    return list(make(np.random.default_rng([number, times]), path, times))


def pair_examples(rng: np.random.Generator, path: Path, times: int) -> Iterator[ExampleRow]:
    """Examples of the pairs of a file, `times` of each kind."""
    for pair in read_pairs(path):
        for kind in PRINT_KINDS * times:
            seen, borders = developed_pair(rng, pair, kind)
            yield seen, kind, borders, True


def scene_examples(rng: np.random.Generator, path: Path, times: int) -> Iterator[ExampleRow]:
    """Examples of other scenes; lamps between hard and soft are left out."""
    no_borders = np.zeros((CELLS_PER_SIDE, CELLS_PER_SIDE), bool)
    for scene in read_scenes(path):
        radius, light = scene.truth.radius, scene.light.astype(np.float64)
        kind = SHADOWLESS if radius is None else HARD if radius < MAX_HARD_RADIUS else SOFT
        if kind == SOFT and radius is not None and radius < MIN_SOFT_RADIUS:
            continue
        for _ in range(times):
            yield _network_input(rng, _framed(rng, light * _tint(rng))), kind, no_borders, False


def developed_pair(rng: np.random.Generator, pair: Pair, kind: int) -> tuple[Array, Array]:
    """The input, side x side x 4, and where it shows shadow borders, cells x cells."""
    light = pair.sky * np.exp(rng.uniform(-SKY_SPREAD, SKY_SPREAD)) * _tint(rng)
    borders = np.zeros(light.shape[:2])
    if kind != SHADOWLESS:
        key = pair.narrow if kind == HARD else pair.wide
        light, borders = light + key * _tint(rng), pair.borders.astype(np.float64)
    both = np.dstack([light / max(float(light.mean()), 1e-9), borders])
    both = _framed(rng, both)
    return _network_input(rng, np.ascontiguousarray(both[..., :3])), _cells(both[..., 3])


def _tint(rng: np.random.Generator) -> Array:
    return np.exp(rng.normal(size=3) * TINT_SPREAD)


def _framed(rng: np.random.Generator, light: Array) -> Array:
    """A crop or the whole, at about the input size."""
    light = random_crop(rng, light) if rng.random() < CROPPED_SHARE else light
    scale = HARDNESS_SIDE / max(light.shape[:2])
    if rng.random() < ENLARGED_SHARE:
        scale *= rng.uniform(0.7, 1.0)
    return resized_light(light, scale)


def _network_input(rng: np.random.Generator, light: Array) -> Array:
    return network_input(develop(rng, light), HARDNESS_SIDE).astype(np.float16)


def _cells(borders: Array) -> Array:
    """The borders by cell; placed as network_input places the picture, centered."""
    borders = resized_light(np.ascontiguousarray(borders), HARDNESS_SIDE / max(borders.shape))
    whole = np.zeros((HARDNESS_SIDE, HARDNESS_SIDE))
    top, left = ((HARDNESS_SIDE - side) // 2 for side in borders.shape)
    whole[top : top + borders.shape[0], left : left + borders.shape[1]] = borders
    cells = (
        whole.reshape(CELLS_PER_SIDE, HARDNESS_CELL, CELLS_PER_SIDE, HARDNESS_CELL).max((1, 3))
        > MIN_BORDER_SHARE
    )
    return np.asarray(cells)
