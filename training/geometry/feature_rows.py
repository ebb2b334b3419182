"""What the meters see of a training picture, beside what is true: rows for the fits.

It does not fit anything.
"""

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
from training.geometry.composed_scenes import place
from training.geometry.motion_examples import smear
from training.geometry.rendered_scenes import Render
from training.geometry.textures import Array, Swatchbook

Asked = TypeVar("Asked")

CHOOSING: Final = 3
"""Every so many seeds are not fitted on, but chosen by."""
ANGLES: Final = ("overhead", "high", "eye level", "low", "worm's eye")
PITCHES: Final = (-57.0, -13.5, 11.5, 47.0)
"""Degrees that part the angles: in the middle of the gaps that the benchmark leaves open."""
NEAR: Final = (0.035, 4.0)
"""A line is the true one within this share of the height and so many degrees."""


@dataclass(frozen=True)
class Row:
    """features, what is true, and which seed it is from."""

    features: Array
    truth: float
    seed: int

    @property
    def chooses(self) -> bool:
        """Whether the row is kept from the fit."""
        return self.seed % CHOOSING == 0


def gathered(look: Callable[[Asked], list[Row]], asked: Iterable[Asked]) -> list[Row]:
    """All rows, looked at by two processes that read the tables anew."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=_alone) as pool:
        return [row for rows in pool.map(look, asked, chunksize=20) for row in rows]


def _alone() -> None:
    cv2.setNumThreads(1)


def of_place(seed: int, meter: str, book: Swatchbook) -> list[Row]:
    """The rows of a place for the meter: "horizon" or "viewpoint"."""
    pixels, truth = place(seed, book.half(seed % CHOOSING == 0))
    if meter == "horizon":
        return lines_of(pixels, seed, truth.line, truth.roll)
    picture = open_picture(pixels)
    return [Row(np.array(camera_angle.viewpoint_features(picture)), angle_of(truth.pitch), seed)]


def of_render(render: Render, meter: str) -> list[Row]:
    """The rows of a rendered scene, for the same meters; none where the truth does not tell."""
    picture, truth = open_picture(render.path), render.truth
    number = render.seed // 2
    if meter == "viewpoint":
        if truth["camera"]["angle"] is None:
            return []
        angle = ANGLES.index(truth["camera"]["angle"])
        return [Row(np.array(camera_angle.viewpoint_features(picture)), angle, number)]
    line = truth["composition"]["horizon"]
    if line is None and truth["family"] != "studio":
        return []
    return lines_of(picture.pixels, number, line, truth["camera"]["roll"])


def of_photograph(named: tuple[int, Path], angle: float) -> list[Row]:
    """The row of a photograph whose angle is known without measuring, for the viewpoint."""
    number, path = named
    return [Row(np.array(camera_angle.viewpoint_features(open_picture(path))), angle, number)]


def of_smear(seed: int, book: Swatchbook) -> list[Row]:
    """The row of a picture that moved (1) or did not (0); none where there is no structure."""
    pixels, angle = smear(seed, book.half(seed % CHOOSING == 0))
    seen = blur.motion_features(open_picture(pixels))
    return [] if seen is None else [Row(np.array(seen[1]), float(angle is not None), seed)]


def lines_of(pixels: Array, seed: int, line: float | None, roll: float | None) -> list[Row]:
    """A row for each line that may be the horizon: 1 for the true one."""
    rows = []
    small = open_picture(np.ascontiguousarray(pixels)).at(horizon.ANALYSIS_SIDE)
    for found, features in horizon.horizon_candidates(small):
        near = line is not None and abs(found.height - line) < NEAR[0]
        level = roll is None or abs(found.tilt - roll) < NEAR[1]
        rows.append(Row(np.array(features), float(near and level), seed))
    return rows


def angle_of(pitch: float) -> int:
    """The number of the angle of this pitch (degrees, up positive)."""
    return int(np.searchsorted(PITCHES, pitch))
