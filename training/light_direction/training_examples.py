"""Lessons: negatives developed as pictures that the network sees, and what a perfect answer is.

Each negative is developed several times: under light of another color, cropped, sharp and less
sharp, on other film.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from imagetoprompt import open_picture
from imagetoprompt.analysis.lighting import DIRECTION_CLASSES, FACING_VALUES, network_input
from imagetoprompt.images import color
from training.light_direction.camera_response import develop
from training.light_direction.linear_scenes import LinearScene, Truth, read
from training.light_direction.scene_layout import KELVINS
from training.light_direction.shapes import Array

SIDE = 128
"""Pixels of the square that the network looks at."""
CASTS = tuple(range(80, 481, 20))
"""Mired (a million divided by kelvin) of the light's cast, in the middle of each class."""
# Degrees between which a lamp turns from hard to soft, as half its angle.
HARD, SOFT = 3.0, 14.0
# Of pictures: lit by another color than they were, balanced for their light, cropped, enlarged.
RELIT, BALANCED, CROPPED, ENLARGED = 0.6, 0.15, 0.4, 0.3
NOTHING = np.zeros((0, 0), np.float16)
# Deviation of what counts as the right mired, about half the step between two of CASTS.
MIRED_BLUR = 12.0


@dataclass(frozen=True)
class LightDirectionExamples:
    """seen: n x SIDE x SIDE x 4 as float16; wanted: n x 32 + len(CASTS), see `wanted`.

    A part of what is wanted is zero where it is not known.
    """

    seen: Array
    wanted: Array


def wanted(truth: Truth) -> Array:
    """Distributions of direction, facing, hardness and cast side by side.

    They are wide where the light has no clear direction.
    """
    right, up, toward = truth.toward
    angles = np.arange(DIRECTION_CLASSES) * 2 * np.pi / DIRECTION_CLASSES
    aside = min(1.0, float(np.hypot(right, up)) / 0.6)
    narrow = 0.0 if truth.radius is None else 14 * aside**2
    directions = np.exp(narrow * (np.cos(angles - np.arctan2(right, up)) - 1))
    away = (np.array(FACING_VALUES) - toward) / 0.22
    facings = np.ones(len(FACING_VALUES)) if truth.radius is None else np.exp(-(away**2))
    hard = 0.0 if truth.radius is None else np.clip((SOFT - truth.radius) / (SOFT - HARD), 0, 1)
    hardness = (0.0, 0.0, 1.0) if truth.radius is None else (float(hard), 1 - float(hard), 0.0)
    mired = np.clip(1e6 / color.color_temperature(np.array(truth.cast)), CASTS[0], CASTS[-1])
    casts = np.exp(-(((np.array(CASTS) - mired) / MIRED_BLUR) ** 2) / 2)
    parts = (directions / directions.sum(), facings / facings.sum(), hardness, casts / casts.sum())
    return np.concatenate(parts).astype(np.float32)


def lesson(paths: list[Path], times: int) -> LightDirectionExamples:
    """Of the negatives in these files, each developed so many times."""
    return joined([_taught(number, read(path), times) for number, path in enumerate(paths)])


def of_photographs(paths: list[Path], times: int) -> LightDirectionExamples:
    """Of photographs in light of another color; of their own light nothing but its cast is known.

    They are taken for balanced, as most are.
    """
    white = Truth((0.0, 1.0, 0.0), None, (1.0, 1.0, 1.0), None)
    found = _taught(
        len(paths), (LinearScene(_light(path), white, NOTHING) for path in paths), times
    )
    found.wanted[:, : -len(CASTS)] = 0
    return found


def _light(path: Path) -> Array:
    return np.asarray(color.to_linear(open_picture(path).at(160)))


def _taught(number: int, negatives: Iterable[LinearScene], times: int) -> LightDirectionExamples:
    rng = np.random.default_rng([number, times])
    made = [printed(rng, negative) for negative in negatives for _ in range(times)]
    seen = np.stack([network_input(pixels, SIDE).astype(np.float16) for pixels, _ in made])
    return LightDirectionExamples(seen, np.stack([wanted(truth) for _, truth in made]))


def joined(parts: list[LightDirectionExamples]) -> LightDirectionExamples:
    """All in one."""
    return LightDirectionExamples(
        np.concatenate([each.seen for each in parts]),
        np.concatenate([each.wanted for each in parts]),
    )


def printed(rng: np.random.Generator, negative: LinearScene) -> tuple[Array, Truth]:
    """A picture made of the negative (h x w x 3, uint8), and what is true of it."""
    light, truth = negative.light.astype(np.float64), negative.truth
    color = _color(rng, np.array(truth.cast))
    light = light * (color / np.array(truth.cast))
    red, green, blue = (float(each) for each in color)
    if rng.random() < CROPPED:
        light = cropped(rng, light)
    light = _sized(rng, light)
    return develop(rng, light), Truth(truth.toward, truth.radius, (red, green, blue), None)


def _color(rng: np.random.Generator, cast: Array) -> Array:
    """What the color of all light is made to be."""
    if rng.random() < RELIT:
        low, high = KELVINS[int(rng.integers(len(KELVINS)))]
        cast = color.blackbody_rgb(1 / rng.uniform(1 / high, 1 / low)) * rng.uniform(0.95, 1.05, 3)
    if rng.random() < BALANCED:
        cast = cast ** rng.uniform(0, 0.7)
    return np.asarray(cast)


def cropped(rng: np.random.Generator, light: Array) -> Array:
    """A part of it, at least seven tenths as wide and as high."""
    height, width = light.shape[:2]
    tall, wide = (round(each * rng.uniform(0.7, 1.0)) for each in (height, width))
    top, left = int(rng.integers(height - tall + 1)), int(rng.integers(width - wide + 1))
    return light[top : top + tall, left : left + wide]


def _sized(rng: np.random.Generator, light: Array) -> Array:
    """About as large as the network looks at, now and then enlarged from less."""
    scale = 1.15 * SIDE / max(light.shape[:2])
    if rng.random() < ENLARGED:
        scale *= rng.uniform(0.6, 1.0)
    return scaled(light, scale)


def scaled(light: Array, scale: float) -> Array:
    """It made larger or smaller."""
    size = max(1, round(light.shape[1] * scale)), max(1, round(light.shape[0] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(light, size, interpolation=way))
