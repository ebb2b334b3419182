"""Examples: pictures as the network gets them, the blur of their parts and of the whole.

Widths of blur are logarithms to base 2 of diameters in pixels, NaN where they are unknown.
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
from training.geometry.composed_scenes import composed_scene_with_blur
from training.geometry.textures import Array, TextureSource
from training.light_direction.camera_response import develop
from training.light_direction.linear_scenes import LinearScene, read_scenes

FAR_BLUR = 0.001
"""Blur of photographs of distant subjects, as a share of the height."""
SHRUNK_SHARE = 0.35
"""Share of pictures that are made smaller, so that blur of all sizes is learned."""
PROCESS_COUNT = 2
Item = TypeVar("Item")


@dataclass(frozen=True)
class DepthOfFieldExamples:
    """seen: n x cells x cells x channels, as imagetoprompt.analysis.depth_of_field prepares them.

    parts: n x CELLS_PER_SIDE x CELLS_PER_SIDE; whole: n. Both are widths of blur.
    """

    seen: Array
    parts: Array
    whole: Array


def joined_examples(parts: Sequence[DepthOfFieldExamples]) -> DepthOfFieldExamples:
    """All parts in one."""
    names = ("seen", "parts", "whole")
    return DepthOfFieldExamples(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in names)
    )


def block_examples(paths: list[Path], times: int) -> DepthOfFieldExamples:
    """Examples of scenes of bench/scenes, each developed `times` times."""
    return joined_examples(_all(partial(_of_block, times=times), paths))


def composed_examples(seeds: Iterable[int], textures: TextureSource) -> DepthOfFieldExamples:
    """Examples of composed scenes."""
    seeds = list(seeds)
    chunks = [seeds[start : start + 50] for start in range(0, len(seeds), 50)]
    return joined_examples(_all(partial(_of_places, textures=textures), chunks))


def distant_examples(paths: Sequence[Path]) -> DepthOfFieldExamples:
    """Examples of photographs of distant subjects."""
    rng = np.random.default_rng(0)
    unknown = np.full((CELLS_PER_SIDE, CELLS_PER_SIDE), np.nan)
    return joined_examples(
        [example(rng, open_picture(p).at(INPUT_SIDE), unknown, FAR_BLUR) for p in paths]
    )


def _all(
    examples_of: "partial[DepthOfFieldExamples]", items: list[Item]
) -> list[DepthOfFieldExamples]:
    with ProcessPoolExecutor(PROCESS_COUNT, mp_context=get_context("spawn")) as pool:
        return list(pool.map(examples_of, items))


def _of_block(path: Path, times: int) -> DepthOfFieldExamples:
    rng = np.random.default_rng(len(path.name))
    known = [scene for scene in read_scenes(path) if scene.truth.blur is not None]
    return joined_examples([_developed(rng, scene) for scene in known for _ in range(times)])


def _developed(rng: np.random.Generator, scene: LinearScene) -> DepthOfFieldExamples:
    pixels = develop(rng, scene.light.astype(np.float64), soft=0.0)
    return example(rng, pixels, scene.blurs.astype(np.float64), scene.truth.blur or 0.0)


def _of_places(seeds: list[int], textures: TextureSource) -> DepthOfFieldExamples:
    examples = []
    for seed in seeds:
        pixels, truth, blurs = composed_scene_with_blur(seed, textures)
        small = open_picture(np.ascontiguousarray(pixels)).at(INPUT_SIDE)
        examples.append(example(np.random.default_rng([seed, 9]), small, blurs, truth.blur))
    return joined_examples(examples)


def example(
    rng: np.random.Generator, pixels: Array, blurs: Array, blur: float
) -> DepthOfFieldExamples:
    """One picture, sometimes made smaller.

    blurs: of each pixel; blur: of the whole; both as shares of the height.
    """
    height, width = pixels.shape[:2]
    if rng.random() < SHRUNK_SHARE:
        scale = rng.uniform(0.6, 1.0)
        height, width = round(height * scale), round(width * scale)
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    seen = network_input(pixels)
    covered = seen[..., -1] > 0
    rows, columns = (
        ((np.arange(count) + 0.5) / count * whole).astype(int)
        for count, whole in zip(
            (covered.any(1).sum(), covered.any(0).sum()), blurs.shape, strict=True
        )
    )
    parts = np.full((CELLS_PER_SIDE, CELLS_PER_SIDE), np.nan, np.float32)
    parts[covered] = log2_diameters(blurs[np.ix_(rows, columns)] * height).ravel()
    return DepthOfFieldExamples(seen[None], parts[None], log2_diameters(np.array([blur * height])))


def log2_diameters(diameters: Array) -> Array:
    """Logarithms to base 2, clipped to the range of the classes."""
    bounded = np.clip(diameters, 2.0 ** LOG2_DIAMETERS[0], 2.0 ** LOG2_DIAMETERS[-1])
    return np.asarray(np.log2(bounded), np.float32)
