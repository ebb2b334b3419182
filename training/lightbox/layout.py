"""Where the camera, the things and the light are in a scene, drawn at random.

It does not shade anything.
"""

from dataclasses import dataclass

import numpy as np

from training.lightbox.shapes import Array, Kind, Shape, about_the_vertical, turned, unit


@dataclass(frozen=True)
class Camera:
    """place; axes: right, up and forward as rows; rays: (height * width) x 3; size: w, h."""

    place: Array
    axes: Array
    rays: Array
    size: tuple[int, int]


@dataclass(frozen=True)
class Lamp:
    """The key light: its direction, half its angular size in radians, or no sun but the sky.

    toward: unit vector; seen: the same as right, up, and towards the camera.
    """

    toward: Array
    seen: Array
    radius: float
    overcast: bool


@dataclass(frozen=True)
class Layout:
    """All that is placed. reach: half the width of what the camera sees at the things."""

    camera: Camera
    shapes: list[Shape]
    lamp: Lamp
    grounded: bool
    wall: float | None
    reach: float


def layout(rng: np.random.Generator, longest: int) -> Layout:
    """A scene of one to a dozen shapes, on a ground in four cases of five."""
    grounded = bool(rng.random() < 0.82)
    field, away = np.radians(rng.uniform(25, 65)), rng.uniform(5, 8)
    camera = _camera(rng, longest, (field, away), grounded)
    reach = 0.6 * away * float(np.tan(field / 2))
    figure = rng.random() < 0.3
    shapes = _figure(rng, reach, grounded) if figure else []
    count = int(rng.choice([0, 0, 1, 2] if figure else [1, 1, 2, 3, 4, 6]))
    for _ in range(count):
        shapes += _thing(rng, reach / (0.8 + 0.2 * count), reach, grounded)
    wall = -rng.uniform(1.2, 4) * reach if rng.random() < 0.2 else None
    return Layout(camera, shapes, _lamp(rng, camera, grounded), grounded, wall, reach)


def _camera(
    rng: np.random.Generator, longest: int, lens: tuple[float, float], grounded: bool
) -> Camera:
    ratio = float(rng.choice([1, 1, 4 / 3, 3 / 2, 3 / 4, 2 / 3]))
    width, height = (
        (longest, int(longest / ratio)) if ratio >= 1 else (int(longest * ratio), longest)
    )
    pitch = np.radians(rng.uniform(-3, 40) if rng.random() < 0.85 else rng.uniform(-15, 70))
    target = np.array([0, rng.uniform(0.4, 1.0), 0])
    place = target + lens[1] * np.array([0, np.sin(pitch), np.cos(pitch)])
    place[1] = max(place[1], 0.3) if grounded else place[1]
    forward = unit(target - place)
    right, up = np.array([1.0, 0, 0]), np.cross([1.0, 0, 0], forward)
    roll = np.radians(rng.normal() * 3)
    right, up = right * np.cos(roll) + up * np.sin(roll), up * np.cos(roll) - right * np.sin(roll)
    y, x = np.mgrid[0:height, 0:width]
    x = x - width / 2 + 0.5 + rng.normal() * 0.08 * longest
    y = y - height / 2 + 0.5 + rng.normal() * 0.08 * longest
    depth = 0.5 * longest / np.tan(lens[0] / 2)
    rays = unit((x[..., None] * right - y[..., None] * up + depth * forward).reshape(-1, 3))
    return Camera(place, np.stack([right, up, forward]), rays.astype(np.float32), (width, height))


def _lamp(rng: np.random.Generator, camera: Camera, grounded: bool) -> Lamp:
    """From anywhere, but not from under the ground; a third of them near the picture's plane."""
    toward = unit(rng.normal(size=3))
    if rng.random() < 0.35:
        toward = unit(toward * (1, 1, 0.35))
    if grounded and toward[1] < 0.08:
        toward = unit(np.array([toward[0], abs(toward[1]) + 0.06, toward[2]]))
    sizes = [rng.uniform(*each) for each in ((0.1, 0.6), (0.2, 2.5), (8, 20), (16, 38))]
    seen = camera.axes @ toward * (1, 1, -1)
    return Lamp(toward, seen, float(np.radians(rng.choice(sizes))), bool(rng.random() < 0.13))


def _thing(rng: np.random.Generator, size: float, reach: float, grounded: bool) -> list[Shape]:
    """One shape that stands or floats, or a lump of three to six spheres."""
    kind: Kind = rng.choice(["sphere", "sphere", "box", "cylinder"])
    sizes = size * rng.uniform(0.5, 0.95) * rng.uniform(0.7, 1.4, 3)
    place = np.array([rng.uniform(-0.9, 0.9) * reach, sizes.mean(), rng.uniform(-1, 0.6) * reach])
    if rng.random() < 0.2:
        return [
            Shape(
                "sphere",
                place + rng.normal(size=3) * 0.45 * sizes.mean(),
                turned(rng) * (sizes * rng.uniform(0.4, 0.7) * rng.uniform(0.7, 1.3, 3)),
            )
            for _ in range(int(rng.integers(3, 7)))
        ]
    stands = grounded and kind != "sphere"
    matrix = (about_the_vertical(rng.uniform(0, 6.28)) if stands else turned(rng)) * sizes
    extent = np.abs(matrix).sum(axis=1) if kind != "sphere" else np.sqrt((matrix**2).sum(axis=1))
    place[1] = extent[1] if grounded else rng.normal() * reach * 0.5 + 0.7
    return [Shape(kind, place, matrix)]


def _figure(rng: np.random.Generator, reach: float, grounded: bool) -> list[Shape]:
    """A body, a head with a nose, a neck and limbs, turned about the vertical."""
    facing, tall = about_the_vertical(rng.uniform(0, 6.28)), reach * rng.uniform(0.35, 0.75)
    parts: list[tuple[Kind, tuple[float, ...], tuple[float, ...]]] = [
        ("sphere", (0, 0.9, 0), (0.42, 0.6, 0.28)),
        ("sphere", (0, 1.75, 0), (0.27, 0.34, 0.3)),
        ("cylinder", (0, 1.45, 0), (0.11, 0.2, 0.11)),
        ("sphere", (0, 1.72, 0.3), (0.06, 0.09, 0.09)),
        *[("cylinder", (s * 0.45, 0.95, 0), (0.1, 0.5, 0.1)) for s in (-1, 1)],
    ]
    if grounded:
        parts += [("cylinder", (s * 0.2, 0.25, 0), (0.14, 0.4, 0.14)) for s in (-1, 1)]
    return [
        Shape(kind, facing @ np.array(at) * tall, facing * np.array(size) * tall)
        for kind, at, size in parts
    ]
