"""cutout(rng, size, textures): a thing with its outline, shaded colors and cast shadow."""

from dataclasses import dataclass

import cv2
import numpy as np

from training.geometry.textures import Array, TextureSource


@dataclass(frozen=True)
class Cutout:
    """mask, shade: height x width, 0 to 1; shade multiplies the ground. light: mask times color.

    foot: column and row at which it stands.
    """

    mask: Array
    light: Array
    shade: Array
    foot: tuple[int, int]


def cutout(
    rng: np.random.Generator, size: tuple[int, int], textures: TextureSource, *, main: bool
) -> Cutout:
    """A thing somewhere in a picture of this width and height; the main one is large."""
    width, height = size
    reach = float(rng.uniform(0.15, 0.36) if main else rng.uniform(0.04, 0.18)) * min(size)
    middle = (
        float(rng.uniform(0.2, 0.8) if main else rng.uniform(0, 1)) * width,
        float(rng.uniform(0.35, 0.7) if main else rng.uniform(0.2, 0.9)) * height,
    )
    mask, steep = _outline(rng, size, middle, reach)
    lit = np.clip(rng.uniform(0.25, 0.6) + rng.uniform(0.3, 0.9) * steep, 0, 1.3)
    texture = textures.surface(rng, (height, width))
    light = np.clip(texture * lit[..., None], 0, 255) * mask[..., None]
    shade = _shade(rng, size, (middle[0], middle[1] + reach), reach)
    foot = round(middle[0]), round(middle[1] + reach)
    return Cutout(mask, light.astype(np.float32), shade, foot)


def _outline(
    rng: np.random.Generator, size: tuple[int, int], middle: tuple[float, float], reach: float
) -> tuple[Array, Array]:
    """The outline, and how squarely each point faces the light, 0 to 1."""
    turn, wide = float(rng.uniform(0, 180)), reach * float(rng.uniform(0.45, 1))
    big = np.zeros((2 * size[1], 2 * size[0]), np.uint8)
    center = 2 * middle[0], 2 * middle[1]
    is_round = rng.random() < 0.5
    if is_round:
        cv2.ellipse(big, (center, (4 * wide, 4 * reach), turn), 255, -1)
    else:
        turns = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 8))))
        spokes = 2 * rng.uniform(0.7, 1.05, len(turns)) * reach
        corners = np.stack([np.cos(turns), np.sin(turns)], axis=1) * spokes[:, None] + center
        cv2.fillPoly(big, [corners.astype(np.int32)], 255)
    mask = cv2.resize(big, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    light = rng.normal(size=3)
    light /= np.linalg.norm(light)
    down, across = np.mgrid[: size[1], : size[0]]
    x, y = (across - middle[0]) / reach, (down - middle[1]) / reach
    if is_round:
        toward = np.sqrt(np.clip(1 - x**2 - y**2, 0, 1))
        return mask, np.maximum(0, x * light[0] + y * light[1] + toward * abs(light[2]))
    edge = x * np.cos(turn) + y * np.sin(turn) > rng.uniform(-0.4, 0.4)
    return mask, np.where(edge, abs(light[0]), abs(light[2]))


def _shade(
    rng: np.random.Generator, size: tuple[int, int], foot: tuple[float, float], reach: float
) -> Array:
    """The shadow at its foot, hard or soft, 1 where there is none."""
    dark = np.zeros((size[1], size[0]), np.float32)
    place = foot[0] + float(rng.uniform(-0.8, 0.8)) * reach, foot[1]
    axes = reach * float(rng.uniform(1, 3.5)), reach * float(rng.uniform(0.3, 1))
    cv2.ellipse(dark, (place, axes, float(rng.uniform(-20, 20))), 1.0, -1, cv2.LINE_AA)
    soft = 0.4 if rng.random() < 0.5 else float(rng.uniform(0.02, 0.3)) * reach + 0.4
    return np.asarray(1 - cv2.GaussianBlur(dark, (0, 0), soft) * rng.uniform(0, 0.75), np.float32)
