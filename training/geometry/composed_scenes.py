"""composed_scene(seed): a picture of a ground, a wall or a sky with things on it, and its truth.

Camera, lens and distances are known, so the truth has the terms of imagetoprompt.core.measurements.
Things are flat cutouts, shaded as if round.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from training.geometry.camera_effects import depth_blurred, developed, disc_blurred
from training.geometry.cutouts import cutout
from training.geometry.textures import Array, TextureSource, color

PITCH_RANGES: Final = ((-85, -62), (-50, -17), (-8, 8), (-8, 8), (-8, 8), (14, 42), (55, 78))
FAR_DEPTH: Final = 1e4
TILE_SIDE: Final = 256
"""Side of the texture that a ground or a wall repeats, in pixels."""


@dataclass(frozen=True)
class Camera:
    """size: width, height. pitch (up), roll (clockwise): degrees. focal: of the longer side."""

    size: tuple[int, int]
    pitch: float
    roll: float
    focal: float

    def rays(self) -> tuple[Array, Array, Array]:
        """Right, up and level-forward part of the ray of each pixel, one unit along the axis."""
        width, height = self.size
        down, across = np.mgrid[:height, :width].astype(np.float32) + np.float32(0.5)
        x, y = ((across - width / 2), (height / 2 - down))
        x, y = x / max(self.size) / self.focal, y / max(self.size) / self.focal
        turn, tip = np.deg2rad(self.roll), np.deg2rad(self.pitch)
        right, above = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
        up = above * np.cos(tip) + np.sin(tip)
        return right, up, np.cos(tip) - above * np.sin(tip)

    @property
    def horizon(self) -> float:
        """Where level rays cross the middle column: fraction from the top."""
        tip, turn = np.deg2rad(self.pitch), np.deg2rad(self.roll)
        return float(0.5 + np.tan(tip) / np.cos(turn) * self.focal * max(self.size) / self.size[1])


@dataclass(frozen=True)
class Truth:
    """The truth of a picture; None for what cannot be seen in it.

    line: where the ground ends, at horizon or wall, fraction from the top in the middle column.
    blur: upper quartile of the circles of confusion around the subject, of the height.
    """

    pitch: float
    roll: float | None
    line: float | None
    blur: float


@dataclass(frozen=True)
class Stage:
    """What is behind the things: light (height x width x 3) and depth, meters along the axis."""

    light: Array
    depth: Array
    line: float | None


def composed_scene(seed: int, textures: TextureSource) -> tuple[Array, Truth]:
    """The picture (height x width x 3, uint8) and the truth of a seed."""
    pixels, truth, _ = composed_scene_with_blur(seed, textures)
    return pixels, truth


def composed_scene_with_blur(seed: int, textures: TextureSource) -> tuple[Array, Truth, Array]:
    """The same, and the circle of confusion of each pixel, as a share of the height."""
    rng = np.random.default_rng([seed, 7])
    camera = _camera(rng)
    stage = _room(rng, camera, textures) if rng.random() < 0.55 else _field(rng, camera, textures)
    light, blur, blurs = _populated(rng, camera, stage, textures)
    level = abs(camera.pitch) < 50 and stage.line is not None
    truth = Truth(camera.pitch, camera.roll if level else None, stage.line, blur)
    return developed(rng, light), truth, blurs


def _camera(rng: np.random.Generator) -> Camera:
    longest, ratio = (
        int(rng.choice([240, 256, 288, 288, 320, 400])),
        float(rng.choice([1, 4 / 3, 1.5])),
    )
    size = longest, round(longest / ratio)
    roll = float(rng.uniform(-15, 15)) if rng.random() < 0.5 else 0.0
    pitch = float(rng.uniform(*PITCH_RANGES[int(rng.integers(len(PITCH_RANGES)))]))
    upright = rng.random() < 0.4
    return Camera(size[::-1] if upright else size, pitch, roll, float(rng.uniform(0.7, 2.2)))


def _field(rng: np.random.Generator, camera: Camera, textures: TextureSource) -> Stage:
    """Ground under a sky that fades upward, with clouds or without."""
    right, up, ahead = camera.rays()
    ground, depth = _ground(rng, (right, up, ahead), textures)
    high = np.clip(up / np.hypot(ahead, right), 0, 1)[..., None]
    sky = color(rng) * (1 - high) + color(rng) * high
    if rng.random() < 0.4:
        clouds = rng.normal(size=(12, 12)).astype(np.float32)
        sky = sky + cv2.resize(clouds, camera.size, interpolation=cv2.INTER_CUBIC)[
            ..., None
        ] * rng.uniform(5, 25)
    line = camera.horizon if 0.04 < camera.horizon < 0.96 else None
    return Stage(
        np.where((depth < FAR_DEPTH)[..., None], ground, sky).astype(np.float32), depth, line
    )


def _room(rng: np.random.Generator, camera: Camera, textures: TextureSource) -> Stage:
    """Ground that ends at a wall."""
    right, up, ahead = camera.rays()
    ground, depth = _ground(rng, (right, up, ahead), textures)
    away = float(np.exp(rng.uniform(np.log(2), np.log(14))))
    wall = np.where(ahead > 1e-3, away / np.maximum(ahead, 1e-3), FAR_DEPTH)
    standing = wall < depth
    pictured = _tiled(rng, textures, right * wall, -up * wall, wall)
    light = np.where(standing[..., None], pictured, ground).astype(np.float32)
    column = standing[:, camera.size[0] // 2]
    ends = np.flatnonzero(column[:-1] & ~column[1:])
    line = (int(ends[0]) + 1) / camera.size[1] if len(ends) and abs(camera.pitch) < 60 else None
    return Stage(light, np.minimum(depth, wall), line)


def _ground(
    rng: np.random.Generator, rays: tuple[Array, Array, Array], textures: TextureSource
) -> tuple[Array, Array]:
    """The picture of the ground, and its distance in meters (FAR_DEPTH above the horizon)."""
    right, up, ahead = rays
    tall = rng.uniform(0.4, 2.0)
    depth = np.where(up < -1e-4, tall / np.maximum(-up, 1e-4), FAR_DEPTH)
    return _tiled(rng, textures, right * depth, ahead * depth, depth), depth


def _tiled(
    rng: np.random.Generator, textures: TextureSource, across: Array, along: Array, depth: Array
) -> Array:
    """A repeated texture at these places (meters), finer than pixels left out of what is far."""
    texture, scale = textures.surface(rng, (TILE_SIDE, TILE_SIDE)), rng.uniform(40, 160)
    step = np.log2(np.maximum(np.hypot(np.gradient(along)[0], np.gradient(across)[1]) * scale, 1))
    # Every other tile is mirrored, so that no seam is seen.
    places = [
        np.abs(np.mod(meters * scale, 2 * TILE_SIDE - 2) - (TILE_SIDE - 1)).astype(np.float32)
        for meters in (across, along)
    ]
    sums = np.zeros((*depth.shape, 3), np.float32)
    for octave in range(6):
        share = np.maximum(0, 1 - np.abs(np.clip(step, 0, 5) - octave)).astype(np.float32)
        coarse = cv2.GaussianBlur(texture, (0, 0), 2.0**octave / 2)
        sums += cv2.remap(coarse, places[0], places[1], cv2.INTER_LINEAR) * share[..., None]
    return sums


def _populated(
    rng: np.random.Generator, camera: Camera, stage: Stage, textures: TextureSource
) -> tuple[Array, float, Array]:
    """The stage with things, seen through the lens; the blur of the truth, and of each pixel."""
    things = [
        cutout(rng, camera.size, textures, main=index == 0) for index in range(rng.integers(1, 5))
    ]
    depths = [_standing(rng, stage, thing.foot) for thing in things]
    shade = np.prod([thing.shade for thing in things], axis=0)[..., None]
    light = stage.light * np.where((stage.depth < FAR_DEPTH)[..., None], shade, 1).astype(
        np.float32
    )
    height, hero = camera.size[1], things[0].mask > 0.5
    around = ~hero & (stage.depth < FAR_DEPTH)
    far = float(np.median(stage.depth[around])) if around.any() else 20.0
    focused = far if rng.random() < 0.12 else depths[0]
    spread = np.abs(1 / focused - 1 / stage.depth)
    wanted = 0.0 if rng.random() < 0.15 else float(np.exp(rng.uniform(np.log(0.001), np.log(0.06))))
    reference = float(np.quantile(spread[around], 0.75)) if around.any() else 1 / focused
    gain = min(wanted / max(reference, 1e-3), 0.25 * focused)
    light, blurs = depth_blurred(light, np.minimum(gain * spread * height, 42)), gain * spread
    for depth, thing in sorted(zip(depths, things, strict=True), key=lambda pair: -pair[0]):
        own = min(gain * abs(1 / focused - 1 / depth) * height, 42.0)
        mask = disc_blurred(thing.mask, own)[..., None]
        light = light * (1 - mask) + disc_blurred(thing.light, own)
        blurs = np.where(thing.mask > 0.5, own / height, blurs)
    subject = gain * abs(1 / focused - 1 / depths[0])
    return light, max(gain * reference, subject), blurs


def _standing(rng: np.random.Generator, stage: Stage, foot: tuple[int, int]) -> float:
    """The distance in meters of a thing whose foot is at this column and row."""
    height, width = stage.depth.shape
    depth = float(stage.depth[min(max(foot[1], 0), height - 1), min(max(foot[0], 0), width - 1)])
    return depth if depth < 30 else float(rng.uniform(1.5, 8))
