"""Examples: scenes developed as inputs of the network, and the target distributions.

Each scene is developed several times: under light of another color, cropped, with other sharpness
and another camera response.
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
from training.light_direction.linear_scenes import LinearScene, Truth, read_scenes
from training.light_direction.scene_layout import KELVIN_RANGES
from training.light_direction.shapes import Array

INPUT_SIDE = 128
"""Side in pixels of the square input of the network."""
CAST_MIREDS = tuple(range(80, 481, 20))
"""Mired (a million divided by kelvin) of the light's cast, in the middle of each class."""
# Half the angle of a lamp in degrees: hard up to the first, soft from the second on.
MAX_HARD_RADIUS, MIN_SOFT_RADIUS = 3.0, 14.0
# Shares of pictures that are relit in another color, white-balanced, cropped, enlarged.
RELIT_SHARE, BALANCED_SHARE, CROPPED_SHARE, ENLARGED_SHARE = 0.6, 0.15, 0.4, 0.3
NO_BLURS = np.zeros((0, 0), np.float16)
# Standard deviation of the target distribution of mired, about half a step of CAST_MIREDS.
MIRED_SPREAD = 12.0


@dataclass(frozen=True)
class LightDirectionExamples:
    """seen: n x side x side x 4, float16. targets: n x numbers, see target_distributions.

    A distribution is zero where the truth is unknown.
    """

    seen: Array
    targets: Array


def target_distributions(truth: Truth) -> Array:
    """Distributions of direction, facing, hardness and color cast, concatenated.

    They are wide where the light has no clear direction.
    """
    right, up, toward = truth.toward
    angles = np.arange(DIRECTION_CLASSES) * 2 * np.pi / DIRECTION_CLASSES
    aside = min(1.0, float(np.hypot(right, up)) / 0.6)
    narrow = 0.0 if truth.radius is None else 14 * aside**2
    directions = np.exp(narrow * (np.cos(angles - np.arctan2(right, up)) - 1))
    away = (np.array(FACING_VALUES) - toward) / 0.22
    facings = np.ones(len(FACING_VALUES)) if truth.radius is None else np.exp(-(away**2))
    hard = (
        0.0
        if truth.radius is None
        else np.clip((MIN_SOFT_RADIUS - truth.radius) / (MIN_SOFT_RADIUS - MAX_HARD_RADIUS), 0, 1)
    )
    hardness = (0.0, 0.0, 1.0) if truth.radius is None else (float(hard), 1 - float(hard), 0.0)
    mired = np.clip(
        1e6 / color.color_temperature(np.array(truth.cast)), CAST_MIREDS[0], CAST_MIREDS[-1]
    )
    casts = np.exp(-(((np.array(CAST_MIREDS) - mired) / MIRED_SPREAD) ** 2) / 2)
    parts = (directions / directions.sum(), facings / facings.sum(), hardness, casts / casts.sum())
    return np.concatenate(parts).astype(np.float32)


def scene_examples(paths: list[Path], times: int) -> LightDirectionExamples:
    """Examples of the scenes in these files, each developed `times` times."""
    return joined_examples(
        [_developed_examples(number, read_scenes(path), times) for number, path in enumerate(paths)]
    )


def photograph_examples(paths: list[Path], times: int) -> LightDirectionExamples:
    """Examples of photographs in light of another color, of which only the color cast is known.

    The photographs are assumed to be white-balanced, as most are.
    """
    white = Truth((0.0, 1.0, 0.0), None, (1.0, 1.0, 1.0), None)
    examples = _developed_examples(
        len(paths), (LinearScene(_light(path), white, NO_BLURS) for path in paths), times
    )
    examples.targets[:, : -len(CAST_MIREDS)] = 0
    return examples


def _light(path: Path) -> Array:
    return np.asarray(color.to_linear(open_picture(path).at(160)))


def _developed_examples(
    number: int, scenes: Iterable[LinearScene], times: int
) -> LightDirectionExamples:
    rng = np.random.default_rng([number, times])
    developed = [developed_scene(rng, scene) for scene in scenes for _ in range(times)]
    seen = np.stack(
        [network_input(pixels, INPUT_SIDE).astype(np.float16) for pixels, _ in developed]
    )
    return LightDirectionExamples(
        seen, np.stack([target_distributions(truth) for _, truth in developed])
    )


def joined_examples(parts: list[LightDirectionExamples]) -> LightDirectionExamples:
    """All parts in one."""
    return LightDirectionExamples(
        np.concatenate([part.seen for part in parts]),
        np.concatenate([part.targets for part in parts]),
    )


def developed_scene(rng: np.random.Generator, scene: LinearScene) -> tuple[Array, Truth]:
    """The scene as a picture (height x width x 3, uint8), and its truth."""
    light, truth = scene.light.astype(np.float64), scene.truth
    color = _color(rng, np.array(truth.cast))
    light = light * (color / np.array(truth.cast))
    red, green, blue = (float(channel) for channel in color)
    if rng.random() < CROPPED_SHARE:
        light = random_crop(rng, light)
    light = _sized(rng, light)
    return develop(rng, light), Truth(truth.toward, truth.radius, (red, green, blue), None)


def _color(rng: np.random.Generator, cast: Array) -> Array:
    """The new color of all light."""
    if rng.random() < RELIT_SHARE:
        low, high = KELVIN_RANGES[int(rng.integers(len(KELVIN_RANGES)))]
        cast = color.blackbody_rgb(1 / rng.uniform(1 / high, 1 / low)) * rng.uniform(0.95, 1.05, 3)
    if rng.random() < BALANCED_SHARE:
        cast = cast ** rng.uniform(0, 0.7)
    return np.asarray(cast)


def random_crop(rng: np.random.Generator, light: Array) -> Array:
    """A random crop, at least 0.7 of each side."""
    height, width = light.shape[:2]
    tall, wide = (round(side * rng.uniform(0.7, 1.0)) for side in (height, width))
    top, left = int(rng.integers(height - tall + 1)), int(rng.integers(width - wide + 1))
    return light[top : top + tall, left : left + wide]


def _sized(rng: np.random.Generator, light: Array) -> Array:
    """Resized to about the input size, sometimes enlarged from a smaller size."""
    scale = 1.15 * INPUT_SIDE / max(light.shape[:2])
    if rng.random() < ENLARGED_SHARE:
        scale *= rng.uniform(0.6, 1.0)
    return resized_light(light, scale)


def resized_light(light: Array, scale: float) -> Array:
    """The light resized by a factor."""
    size = max(1, round(light.shape[1] * scale)), max(1, round(light.shape[0] * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(light, size, interpolation=method))
