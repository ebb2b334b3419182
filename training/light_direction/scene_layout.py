"""layout(rng): a random scene: its camera, objects and lights."""

from dataclasses import dataclass

import numpy as np

from imagetoprompt.images import color
from training.light_direction import materials
from training.light_direction.ray_intersection import FAR_DISTANCE, World
from training.light_direction.ray_tracing import Lens
from training.light_direction.shapes import (
    SHAPE_KINDS,
    Array,
    Shape,
    bounding_radius,
    lowest,
    random_object,
    translated,
    unit,
)

# Ranges of the camera's pitch in degrees, up is positive, and their probabilities.
PITCH_RANGES = ((-10, 10), (-50, -10), (-88, -50), (10, 40), (40, 75))
_PITCH_WEIGHTS = (0.42, 0.32, 0.08, 0.14, 0.04)
# Ranges of half the angle that a lamp spans, in degrees (suns and bulbs, between, softboxes), and
# their probabilities.
LAMP_RADII = ((0.05, 0.6), (0.6, 14), (14, 40))
_RADIUS_WEIGHTS = (0.42, 0.16, 0.42)
# Warm, neutral, cool, and anything between.
KELVIN_RANGES = ((2400, 4500), (5200, 7000), (7800, 11000), (2400, 11000))
_UP = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True)
class Lamp:
    """A light beside that of the sky.

    toward: unit vector from the subject. radius: half its angle in degrees. strength: 1 is the
    key's. distance: FAR for a sun.
    """

    toward: Array
    radius: float
    strength: float
    kelvin: float
    distance: float


@dataclass(frozen=True)
class Layout:
    """A scene to trace, and its truth.

    lamps: the key first, none under an overcast sky. cast: the linear color of all light that a
    surface facing up receives.
    """

    world: World
    lens: Lens
    lamps: tuple[Lamp, ...]
    cast: Array


def layout(rng: np.random.Generator) -> Layout:
    """A scene around the point 0, on a ground in three cases of four, before a wall in half."""
    grounded, walled = bool(rng.random() < 0.75), bool(rng.random() < 0.5)
    lens, reach = _camera(rng, grounded)
    shapes = _things(rng, reach)
    floor = min(lowest(shapes[: len(shapes) // 2 + 1]), lens.place[1] - 0.15 * reach)
    wall = -rng.uniform(0.7, 5) * reach if walled else -FAR_DISTANCE
    lamps = _lamps(rng, lens, grounded, wall)
    sky, cast = _sky(rng, lamps)
    planes = np.array([floor if grounded else -FAR_DISTANCE, wall])
    world = World(
        np.array([SHAPE_KINDS.index(shape.kind) for shape in shapes]),
        np.array([[*shape.middle, bounding_radius(shape) ** 2] for shape in shapes]),
        np.array([np.linalg.inv(shape.matrix) for shape in shapes]),
        _paints(rng, shapes, reach),
        planes,
        np.array([_numbers(lamp) for lamp in lamps]).reshape(-1, 8),
        sky,
    )
    return Layout(world, lens, lamps, cast)


def _camera(rng: np.random.Generator, grounded: bool) -> tuple[Lens, float]:
    """The camera, and half the height of its view at the subject."""
    low, high = PITCH_RANGES[int(rng.choice(len(PITCH_RANGES), p=_PITCH_WEIGHTS))]
    pitch, roll = np.radians(rng.uniform(low, high)), np.radians(rng.normal() * 4)
    if not grounded:
        pitch = np.radians(rng.uniform(-25, 25))
    tall, away = np.tan(np.radians(rng.uniform(14, 60)) / 2), rng.uniform(3, 8)
    forward = np.array([0.0, np.sin(pitch), -np.cos(pitch)])
    right, up = np.array([1.0, 0, 0]), np.array([0.0, np.cos(pitch), np.sin(pitch)])
    right, up = right * np.cos(roll) + up * np.sin(roll), up * np.cos(roll) - right * np.sin(roll)
    reach = away * tall
    aside = rng.uniform(-0.4, 0.4) * reach * right + rng.uniform(-0.25, 0.2) * reach * up
    blur = float(rng.choice([0.002, rng.uniform(0, 0.015), rng.uniform(0.015, 0.07)]))
    focus = away * (1.0 if rng.random() < 0.85 else rng.uniform(1.5, 4))
    # A far point is spread over 2 a / focus of the view, which is 2 * tall high.
    lens = Lens(
        aside - forward * away, np.stack([right, up, forward]), tall, focus, blur * tall * focus
    )
    return lens, reach


def _things(rng: np.random.Generator, reach: float) -> list[Shape]:
    """The subject, and up to five smaller things around and behind it, on one ground."""
    hero = random_object(rng, reach * rng.uniform(0.3, 0.75), 2)
    floor, shapes = lowest(hero), list(hero)
    for _ in range(int(rng.integers(0, 6))):
        size = reach * rng.uniform(0.12, 0.45)
        extra = random_object(rng, size, 2 + max(shape.painted for shape in shapes))
        turn, away = rng.uniform(0, 6.28), rng.uniform(0.7, 3.0) * reach
        place = np.array([np.cos(turn) * away, floor - lowest(extra), -abs(np.sin(turn)) * away])
        place[2] += rng.uniform(0, 0.7) * reach
        shapes += translated(extra, place)
    return shapes


def _paints(rng: np.random.Generator, shapes: list[Shape], reach: float) -> Array:
    plain = float(rng.choice([0.15, 0.4, 0.85]))
    room = [materials.paint(rng, 2 * reach, plain) for _ in range(2)]
    count = 1 + max(shape.painted for shape in shapes)
    sizes = [0.3 * reach] * (count + 1)
    kinds = [materials.paint(rng, size, plain) for size in sizes]
    return np.array([*room, *[kinds[shape.painted] for shape in shapes]])


def _lamps(rng: np.random.Generator, lens: Lens, grounded: bool, wall: float) -> tuple[Lamp, ...]:
    """The key, and in one scene of four a second lamp two to six times weaker."""
    if rng.random() < 0.14:
        return ()
    low, high = LAMP_RADII[int(rng.choice(len(LAMP_RADII), p=_RADIUS_WEIGHTS))]
    lamps: list[Lamp] = []
    for strength in (1.0, 1 / rng.uniform(2, 6))[: 2 if rng.random() < 0.25 else 1]:
        toward, radius = _toward(rng, lens, grounded), rng.uniform(low, high)
        if grounded and radius > 14 and toward[1] < 0.35:
            toward = unit(toward + 0.4 * _UP)
        away = float(np.linalg.norm(lens.place)) * (1.4 if toward[2] > 0 else 1.0)
        if wall > -FAR_DISTANCE and toward[2] < 0:
            away = min(away, 0.55 * wall / toward[2])
        near = rng.random() < (0.75 if wall > -FAR_DISTANCE else 0.2)
        lamps.append(
            Lamp(toward, radius, strength, _kelvin(rng), max(away, 0.9) if near else FAR_DISTANCE)
        )
    return tuple(lamps)


def _toward(rng: np.random.Generator, lens: Lens, grounded: bool) -> Array:
    """A direction, even around the picture's plane, in front or behind; not from below a ground."""
    for _ in range(400):
        turn, frontal = rng.uniform(0, 2 * np.pi), rng.uniform(-0.9, 0.95)
        side = np.sqrt(1 - frontal**2)
        parts = np.array([side * np.sin(turn), side * np.cos(turn), -frontal])
        toward = np.asarray(parts @ lens.axes)
        if not grounded or toward[1] > 0.15:
            return toward
    return _UP


def _kelvin(rng: np.random.Generator) -> float:
    """Even in reciprocal kelvin within each class."""
    low, high = KELVIN_RANGES[int(rng.integers(len(KELVIN_RANGES)))]
    return float(1 / rng.uniform(1 / high, 1 / low))


def _numbers(lamp: Lamp) -> Array:
    light = lamp.strength * color.blackbody_rgb(lamp.kelvin)
    return np.array([*lamp.toward, lamp.distance, np.tan(np.radians(lamp.radius)), *light])


def _sky(rng: np.random.Generator, lamps: tuple[Lamp, ...]) -> tuple[Array, Array]:
    """The numbers of the sky, and the color of all light together."""
    ratio = float(np.exp(rng.uniform(np.log(1.8), np.log(20)))) if lamps else 1.0
    kelvin = lamps[0].kelvin if lamps else _kelvin(rng)
    if rng.random() < 0.5:
        kelvin = min(11000.0, kelvin * rng.uniform(1, 1.6))
    tints = [0.5 + 0.5 * tint / tint.max() for tint in (materials.color(rng), materials.color(rng))]
    even = rng.random() < 0.4
    above, level = (np.ones(3), np.ones(3)) if even else tints
    if not lamps:
        above = above * 3
    light = color.blackbody_rgb(kelvin) / ratio / np.pi / (1.0 if lamps else 2.3)
    above, level = above * light, level * light
    sun = lamps[0].toward if lamps else _UP
    shown_sun = bool(lamps) and lamps[0].distance == FAR_DISTANCE and rng.random() < 0.5
    glow = 2.0 if shown_sun else 0.0
    floor = rng.uniform(0.15, 0.6)
    shown = color.blackbody_rgb(lamps[0].kelvin if lamps else kelvin)
    numbers = np.array([*above, *level, floor, *sun, glow, *shown])
    # A surface facing up receives two thirds from what is near the zenith (root of its height).
    received = np.pi * (0.8 * above + 0.2 * level)
    return numbers, np.asarray(received + sum(_numbers(lamp)[5:] for lamp in lamps))
