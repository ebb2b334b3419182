"""Lessons: pictures as the network sees them, and what a perfect answer would be.

Half a hundred scenes make a block, which is kept on disk once it is rendered. It does not know the
network.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.shading import DIRECTIONS, FACINGS, prepared
from training.lightbox.scenes import LONGEST, Truth, scene

BLOCK = 50
SIZE = 96
"""The longer side that the network looks at, in pixels."""
STAGED_FROM = 2000
"""The first seed of bench/scenes that is learned from: accuracy is tuned and reported on others."""
# Degrees between which a lamp turns from hard to soft, as half its angle.
HARD, SOFT = 3.0, 14.0
Picture = tuple[NDArray[np.uint8], Truth]


@dataclass(frozen=True)
class Lesson:
    """seen: n x SIZE x SIZE x 4 as float16; wanted: n x 33, see `wanted`."""

    seen: np.ndarray
    wanted: np.ndarray


def wanted(truth: Truth) -> np.ndarray:
    """Distributions of direction, facing and hardness side by side, then hundreds of mired.

    They are wide where the light has no clear direction.
    """
    right, up, toward = truth.toward
    angles = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    aside = min(1.0, float(np.hypot(right, up)) / 0.6)
    narrow = 0.0 if truth.radius is None else 14 * aside**2
    directions = np.exp(narrow * (np.cos(angles - np.arctan2(right, up)) - 1))
    away = (np.array(FACINGS) - toward) / 0.22
    facings = np.ones(len(FACINGS)) if truth.radius is None else np.exp(-(away**2))
    hard = 0.0 if truth.radius is None else np.clip((SOFT - truth.radius) / (SOFT - HARD), 0, 1)
    hardness = (0.0, 0.0, 1.0) if truth.radius is None else (float(hard), 1 - float(hard), 0.0)
    parts = directions / directions.sum(), facings / facings.sum(), hardness, (truth.mired / 100,)
    return np.concatenate(parts).astype(np.float32)


def staged(seed: int) -> Picture:
    """A scene of bench/scenes, small, by its even seed (needs the extra `bench`)."""
    from bench.scenes.develop import develop  # noqa: PLC0415  needs Mitsuba
    from bench.scenes.optics import frame_of  # noqa: PLC0415
    from bench.scenes.plan import plan  # noqa: PLC0415
    from bench.scenes.render import render  # noqa: PLC0415
    from bench.scenes.truth import light_truth  # noqa: PLC0415

    spec = plan(STAGED_FROM + 2 * seed)
    width, height = (max(1, round(each * LONGEST / 288)) for each in spec.view.size)
    spec = replace(spec, view=replace(spec.view, size=(width, height)))
    frame = frame_of(spec.view, spec.hero.centre)
    mired = 1e6 / float(str(light_truth(spec, frame)["kelvin"]))
    truth = Truth((0.0, 1.0, 0.0), None, mired)
    if spec.lamps:
        right, up, toward = (float(each) for each in frame.into(spec.lamps[0].toward))
        truth = Truth((right, up, toward), spec.lamps[0].angle / 2, mired)
    return develop(render(spec, 16).light, spec.film, spec.seed), truth


SCENES: dict[str, Callable[[int], Picture]] = {"cast": scene, "staged": staged}


def gathered(kind: str, count: int, folder: Path) -> Lesson:
    """So many scenes of a kind of SCENES, rendered on two processes unless the folder has them."""
    folder.mkdir(parents=True, exist_ok=True)
    blocks = range((count + BLOCK - 1) // BLOCK)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        paths = list(pool.map(_block, [kind] * len(blocks), blocks, [folder] * len(blocks)))
    parts = [np.load(path) for path in paths]
    seen = np.concatenate([part["seen"] for part in parts])
    return Lesson(seen[:count], np.concatenate([part["wanted"] for part in parts])[:count])


def _block(kind: str, number: int, folder: Path) -> Path:
    path = folder / f"{kind}-{number:04d}.npz"
    if not path.exists():
        drawn = [SCENES[kind](seed) for seed in range(number * BLOCK, (number + 1) * BLOCK)]
        partial = folder / f"{kind}-{number:04d}.partial.npz"
        np.savez(partial, **vars(lesson(drawn)))
        partial.rename(path)
    return path


def lesson(drawn: list[Picture]) -> Lesson:
    """Of pictures and their truth."""
    seen = np.stack([prepared(pixels, SIZE).astype(np.float16) for pixels, _ in drawn])
    return Lesson(seen, np.stack([wanted(truth) for _, truth in drawn]))
