"""Prints: pairs developed as pictures that the network sees, and what is true of each.

Each pair is mixed anew every time: more and less of the sky, in other colors, cropped, sharp and
less sharp, on other film.
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
from training.light_direction.linear_scenes import read as read_negatives
from training.light_direction.shapes import Array
from training.light_direction.training_examples import cropped, scaled
from training.light_hardness.scene_pairs import Pair, read

CELLS = HARDNESS_SIDE // HARDNESS_CELL
HARD, SOFT, SHADOWLESS = range(3)
"""Lit by a narrow lamp, by a wide one, by the sky alone."""
KINDS = (HARD, HARD, SOFT, SOFT, SHADOWLESS)
"""Of the prints of a pair."""
# Logarithms: how much more or less of the sky there is, and the deviation of each primary.
SKY, TINT = 0.7, 0.12
# Of prints: cropped, and enlarged from less.
CROPPED, ENLARGED = 0.4, 0.25
# Half the angle of a lamp in degrees: below the first it is hard, from the second on soft.
NARROWEST, WIDEST = 3.0, 14.0
# A cell with less of a border than this has none.
BORDER = 0.3


Print = tuple[Array, int, Array, bool]


@dataclass(frozen=True)
class LightHardnessExamples:
    """seen: n x SIDE x SIDE x 4 as float16; kinds: n; borders: n x CELLS x CELLS, bool.

    known: n, whether it is known where the borders are.
    """

    seen: Array
    kinds: Array
    borders: Array
    known: Array


def prints(pairs: list[Path], negatives: list[Path], times: int) -> LightHardnessExamples:
    """Of the scenes in these files: of pairs each kind so many times, of others thrice as often."""
    jobs = [(of_pairs, path, times) for path in pairs]
    jobs += [(of_negatives, path, 3 * times) for path in negatives]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        made = chain.from_iterable(pool.map(_made, range(len(jobs)), jobs))
        return LightHardnessExamples(*(np.stack(each) for each in zip(*made, strict=True)))


def _made(number: int, job: tuple[Callable[..., Iterator[Print]], Path, int]) -> list[Print]:
    make, path, times = job
    return list(make(np.random.default_rng([number, times]), path, times))


def of_pairs(rng: np.random.Generator, path: Path, times: int) -> Iterator[Print]:
    """Of pairs, each kind of print so many times."""
    for pair in read(path):
        for kind in KINDS * times:
            seen, borders = printed(rng, pair, kind)
            yield seen, kind, borders, True


def of_negatives(rng: np.random.Generator, path: Path, times: int) -> Iterator[Print]:
    """Of scenes that are no pairs; what lies between hard and soft is left out."""
    nowhere = np.zeros((CELLS, CELLS), bool)
    for negative in read_negatives(path):
        radius, light = negative.truth.radius, negative.light.astype(np.float64)
        kind = SHADOWLESS if radius is None else HARD if radius < NARROWEST else SOFT
        if kind == SOFT and radius is not None and radius < WIDEST:
            continue
        for _ in range(times):
            yield _seen(rng, _shot(rng, light * _tint(rng))), kind, nowhere, False


def printed(rng: np.random.Generator, pair: Pair, kind: int) -> tuple[Array, Array]:
    """What the network sees, SIDE x SIDE x 4, and where it shows borders, CELLS x CELLS."""
    light = pair.sky * np.exp(rng.uniform(-SKY, SKY)) * _tint(rng)
    borders = np.zeros(light.shape[:2])
    if kind != SHADOWLESS:
        key = pair.narrow if kind == HARD else pair.wide
        light, borders = light + key * _tint(rng), pair.borders.astype(np.float64)
    both = np.dstack([light / max(float(light.mean()), 1e-9), borders])
    both = _shot(rng, both)
    return _seen(rng, np.ascontiguousarray(both[..., :3])), _cells(both[..., 3])


def _tint(rng: np.random.Generator) -> Array:
    return np.exp(rng.normal(size=3) * TINT)


def _shot(rng: np.random.Generator, light: Array) -> Array:
    """A part of it or all, about as large as the network looks at."""
    light = cropped(rng, light) if rng.random() < CROPPED else light
    scale = HARDNESS_SIDE / max(light.shape[:2])
    if rng.random() < ENLARGED:
        scale *= rng.uniform(0.7, 1.0)
    return scaled(light, scale)


def _seen(rng: np.random.Generator, light: Array) -> Array:
    return network_input(develop(rng, light), HARDNESS_SIDE).astype(np.float16)


def _cells(borders: Array) -> Array:
    """As `prepared` places the picture: as large as fits, in the middle."""
    borders = scaled(np.ascontiguousarray(borders), HARDNESS_SIDE / max(borders.shape))
    whole = np.zeros((HARDNESS_SIDE, HARDNESS_SIDE))
    top, left = ((HARDNESS_SIDE - each) // 2 for each in borders.shape)
    whole[top : top + borders.shape[0], left : left + borders.shape[1]] = borders
    found = whole.reshape(CELLS, HARDNESS_CELL, CELLS, HARDNESS_CELL).max((1, 3)) > BORDER
    return np.asarray(found)
