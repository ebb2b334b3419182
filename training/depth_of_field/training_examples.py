"""Examples: pictures as the network sees them, the blur of their parts, and that of the whole.

Widths of blur are logarithms to base 2 of diameters in pixels; where nothing is known they are not
a number.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from imagetoprompt import open_picture
from imagetoprompt.analysis.depth_of_field import (
    CELLS_PER_SIDE,
    INPUT_SIDE,
    LOG2_DIAMETERS,
    network_input,
)
from training.geometry.composed_scenes import mapped
from training.geometry.textures import Array, Swatchbook
from training.light_direction.camera_response import develop
from training.light_direction.linear_scenes import LinearScene, read

FAR_BLUR = 0.001
"""Of pictures of what is far away, of the height."""
SHRUNK = 0.35
"""Of pictures: made smaller, so that it is not one size of blur that is learned."""
PROCESSES = 2
Asked = TypeVar("Asked")


@dataclass(frozen=True)
class DepthOfFieldExamples:
    """seen: n x CELLS x CELLS x CHANNELS, as imagetoprompt.analysis.depth_of_field prepares them.

    parts: n x CELLS x CELLS; whole: n. Both are widths of blur.
    """

    seen: Array
    parts: Array
    whole: Array


def joined(parts: Sequence[DepthOfFieldExamples]) -> DepthOfFieldExamples:
    """All in one."""
    names = ("seen", "parts", "whole")
    return DepthOfFieldExamples(
        *(np.concatenate([getattr(each, name) for each in parts]) for name in names)
    )


def of_blocks(paths: list[Path], times: int) -> DepthOfFieldExamples:
    """Of scenes of bench/scenes, each developed so many times."""
    return joined(_all(partial(_of_block, times=times), paths))


def of_places(seeds: Iterable[int], book: Swatchbook) -> DepthOfFieldExamples:
    """Of composed places."""
    seeds = list(seeds)
    chunks = [seeds[start : start + 50] for start in range(0, len(seeds), 50)]
    return joined(_all(partial(_of_places, book=book), chunks))


def of_far(paths: Sequence[Path]) -> DepthOfFieldExamples:
    """Of photographs of what is far away."""
    rng = np.random.default_rng(0)
    nothing = np.full((CELLS_PER_SIDE, CELLS_PER_SIDE), np.nan)
    return joined([example(rng, open_picture(p).at(INPUT_SIDE), nothing, FAR_BLUR) for p in paths])


def _all(look: "partial[DepthOfFieldExamples]", asked: list[Asked]) -> list[DepthOfFieldExamples]:
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        return list(pool.map(look, asked))


def _of_block(path: Path, times: int) -> DepthOfFieldExamples:
    rng = np.random.default_rng(len(path.name))
    told = [each for each in read(path) if each.truth.blur is not None]
    return joined([_printed(rng, each) for each in told for _ in range(times)])


def _printed(rng: np.random.Generator, negative: LinearScene) -> DepthOfFieldExamples:
    pixels = develop(rng, negative.light.astype(np.float64), soft=0.0)
    return example(rng, pixels, negative.blurs.astype(np.float64), negative.truth.blur or 0.0)


def _of_places(seeds: list[int], book: Swatchbook) -> DepthOfFieldExamples:
    found = []
    for seed in seeds:
        pixels, truth, blurs = mapped(seed, book)
        small = open_picture(np.ascontiguousarray(pixels)).at(INPUT_SIDE)
        found.append(example(np.random.default_rng([seed, 9]), small, blurs, truth.blur))
    return joined(found)


def example(
    rng: np.random.Generator, pixels: Array, blurs: Array, blur: float
) -> DepthOfFieldExamples:
    """One picture, now and then made smaller; blurs and blur are shares of the height."""
    height, width = pixels.shape[:2]
    if rng.random() < SHRUNK:
        scale = rng.uniform(0.6, 1.0)
        height, width = round(height * scale), round(width * scale)
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    seen = network_input(pixels)
    here = seen[..., -1] > 0
    rows, columns = (
        ((np.arange(count) + 0.5) / count * whole).astype(int)
        for count, whole in zip((here.any(1).sum(), here.any(0).sum()), blurs.shape, strict=True)
    )
    parts = np.full((CELLS_PER_SIDE, CELLS_PER_SIDE), np.nan, np.float32)
    parts[here] = octaves(blurs[np.ix_(rows, columns)] * height).ravel()
    return DepthOfFieldExamples(seen[None], parts[None], octaves(np.array([blur * height])))


def octaves(diameters: Array) -> Array:
    """Logarithms to base 2, within those that are told apart."""
    bounded = np.clip(diameters, 2.0 ** LOG2_DIAMETERS[0], 2.0 ** LOG2_DIAMETERS[-1])
    return np.asarray(np.log2(bounded), np.float32)
