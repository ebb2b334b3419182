"""Rows for the fits: the features of a training picture, and its truth."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeVar

import cv2
import numpy as np

from imagetoprompt import open_picture
from imagetoprompt.analysis import blur, camera_angle, horizon
from training.geometry.composed_scenes import composed_scene
from training.geometry.motion_examples import motion_example
from training.geometry.rendered_scenes import Render
from training.geometry.textures import Array, TextureSource

Item = TypeVar("Item")

VALIDATION_INTERVAL: Final = 3
"""One seed in so many is for validation, not for the fit."""
ANGLE_NAMES: Final = ("overhead", "high", "eye level", "low", "worm's eye")
PITCH_BORDERS: Final = (-57.0, -13.5, 11.5, 47.0)
"""Degrees between the angles: the middle of the gaps that the benchmark leaves out."""
LINE_TOLERANCES: Final = (0.035, 4.0)
"""A line is the true one within this share of the height, and this many degrees."""


@dataclass(frozen=True)
class FeatureRow:
    """Features, truth, and the seed that they are from."""

    features: Array
    truth: float
    seed: int

    @property
    def validates(self) -> bool:
        """Whether the row is for validation."""
        return self.seed % VALIDATION_INTERVAL == 0


def collect_rows(
    rows_of: Callable[[Item], list[FeatureRow]], items: Iterable[Item]
) -> list[FeatureRow]:
    """The rows of all items, computed by two processes."""
    with ProcessPoolExecutor(
        2, mp_context=get_context("spawn"), initializer=_use_one_thread
    ) as pool:
        return [row for rows in pool.map(rows_of, items, chunksize=20) for row in rows]


def _use_one_thread() -> None:
    cv2.setNumThreads(1)


def composed_scene_rows(seed: int, model: str, textures: TextureSource) -> list[FeatureRow]:
    """The rows of a composed scene for a model: "horizon" or "viewpoint"."""
    pixels, truth = composed_scene(seed, textures.half(seed % VALIDATION_INTERVAL == 0))
    if model == "horizon":
        return horizon_rows(pixels, seed, truth.line, truth.roll)
    picture = open_picture(pixels)
    return [
        FeatureRow(
            np.array(camera_angle.viewpoint_features(picture)), angle_number(truth.pitch), seed
        )
    ]


def rendered_scene_rows(render: Render, model: str) -> list[FeatureRow]:
    """The rows of a rendered scene for the same models; none where its truth is unknown."""
    picture, truth = open_picture(render.path), render.truth
    number = render.seed // 2
    if model == "viewpoint":
        if truth["camera"]["angle"] is None:
            return []
        angle = ANGLE_NAMES.index(truth["camera"]["angle"])
        return [FeatureRow(np.array(camera_angle.viewpoint_features(picture)), angle, number)]
    line = truth["composition"]["horizon"]
    if line is None and truth["family"] != "studio":
        return []
    return horizon_rows(picture.pixels, number, line, truth["camera"]["roll"])


def photograph_rows(named: tuple[int, Path], angle: float) -> list[FeatureRow]:
    """The row of a photograph whose angle is known without measuring, for the viewpoint."""
    number, path = named
    return [
        FeatureRow(np.array(camera_angle.viewpoint_features(open_picture(path))), angle, number)
    ]


def motion_rows(seed: int, textures: TextureSource) -> list[FeatureRow]:
    """The row of a picture with motion blur (1) or without (0); none without any structure."""
    pixels, angle = motion_example(seed, textures.half(seed % VALIDATION_INTERVAL == 0))
    seen = blur.motion_features(open_picture(pixels))
    return [] if seen is None else [FeatureRow(np.array(seen[1]), float(angle is not None), seed)]


def horizon_rows(
    pixels: Array, seed: int, line: float | None, roll: float | None
) -> list[FeatureRow]:
    """A row for each line that may be the horizon: 1 for the true one."""
    rows = []
    small = open_picture(np.ascontiguousarray(pixels)).at(horizon.ANALYSIS_SIDE)
    for line_found, features in horizon.horizon_candidates(small):
        near = line is not None and abs(line_found.height - line) < LINE_TOLERANCES[0]
        level = roll is None or abs(line_found.tilt - roll) < LINE_TOLERANCES[1]
        rows.append(FeatureRow(np.array(features), float(near and level), seed))
    return rows


def angle_number(pitch: float) -> int:
    """The number of the angle of this pitch (degrees, up positive)."""
    return int(np.searchsorted(PITCH_BORDERS, pitch))
