"""Balls, boxes, cylinders and cones, rotated and scaled, alone and combined into objects."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Kind: TypeAlias = Literal["ball", "box", "cylinder", "cone"]
SHAPE_KINDS: tuple[Kind, ...] = ("ball", "box", "cylinder", "cone")
EPSILON = 1e-7


@dataclass(frozen=True)
class Shape:
    """A unit shape (from -1 to 1), scaled and rotated by `matrix` (3 x 3) and moved to `middle`.

    painted: number of its material.
    """

    kind: Kind
    middle: Array
    matrix: Array
    painted: int


def unit(vectors: Array) -> Array:
    """The vectors scaled to length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def random_rotation(rng: np.random.Generator) -> Array:
    """A uniformly random rotation (3 x 3), from a random quaternion."""
    w, x, y, z = unit(rng.normal(size=4))
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def about_the_vertical(angle: float) -> Array:
    """A rotation by an angle in radians about the vertical (3 x 3)."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def lowest(shapes: list[Shape]) -> float:
    """The height of the lowest point of all shapes."""
    return min(float(shape.middle[1] - _reach(shape)) for shape in shapes)


def bounding_radius(shape: Shape) -> float:
    """The radius of a ball around its middle that encloses it."""
    corner = 1.0 if shape.kind == "ball" else np.sqrt(3 if shape.kind == "box" else 2)
    return float(corner * np.linalg.norm(shape.matrix, ord=2))


def translated(shapes: list[Shape], by: Array) -> list[Shape]:
    """The shapes moved by a vector."""
    return [Shape(shape.kind, shape.middle + by, shape.matrix, shape.painted) for shape in shapes]


def _reach(shape: Shape) -> float:
    row = np.abs(shape.matrix[1])
    if shape.kind == "ball":
        return float(np.linalg.norm(row))
    if shape.kind == "box":
        return float(row.sum())
    return float(np.hypot(row[0], row[2]) + row[1])


def random_object(rng: np.random.Generator, size: float, first: int) -> list[Shape]:
    """A random object, about `size` in half its height; its materials count from `first`."""
    builds = [_plain, _plain, _plain, _lump, _lump, _figure, _figure, _ring, _stack, _table, _tree]
    build = builds[int(rng.integers(len(builds)))]
    turn, paints = about_the_vertical(rng.uniform(0, 6.28)), int(rng.integers(1, 4))
    if rng.random() < 0.15:
        turn = random_rotation(rng)
    return [
        Shape(kind, turn @ np.array(at) * size, turn @ matrix * size, first + i % paints)
        for i, (kind, at, matrix) in enumerate(build(rng))
    ]


Part: TypeAlias = tuple[Kind, tuple[float, ...], Array]


def _plain(rng: np.random.Generator) -> list[Part]:
    kind: Kind = SHAPE_KINDS[int(rng.choice(4, p=(0.4, 0.25, 0.2, 0.15)))]
    sizes = rng.uniform(0.6, 1.0) * rng.uniform(0.6, 1.2, 3)
    leaning = random_rotation(rng) if rng.random() < 0.2 else np.eye(3)
    return [(kind, (0, 0, 0), leaning * sizes)]


def _lump(rng: np.random.Generator) -> list[Part]:
    return [
        (
            "ball",
            tuple(rng.normal(size=3) * 0.38),
            random_rotation(rng) * rng.uniform(0.35, 0.6) * rng.uniform(0.7, 1.3, 3),
        )
        for _ in range(int(rng.integers(3, 7)))
    ]


def _figure(rng: np.random.Generator) -> list[Part]:
    parts: list[tuple[Kind, tuple[float, ...], tuple[float, ...]]] = [
        ("ball", (0, 0, 0), (0.26, 0.4, 0.18)),
        ("ball", (0, 0.62, 0), (0.17, 0.21, 0.19)),
        ("cylinder", (0, 0.4, 0), (0.07, 0.1, 0.07)),
        ("ball", (0, 0.6, 0.19), (0.04, 0.06, 0.06)),
        ("ball", (0, 0.7, -0.03), (0.18, 0.17, 0.18)),
        *[("cylinder", (s * 0.29, -0.02, 0), (0.06, 0.32, 0.06)) for s in (-1, 1)],
        *[("cylinder", (s * 0.12, -0.62, 0), (0.09, 0.36, 0.09)) for s in (-1, 1)],
    ]
    wide = rng.uniform(0.85, 1.3)
    return [(kind, at, np.diag(size) * (wide, 1, wide)) for kind, at, size in parts]


def _ring(rng: np.random.Generator) -> list[Part]:
    thick, count = rng.uniform(0.18, 0.35), 12
    upright = rng.random() < 0.6
    turns = np.arange(count) * 2 * np.pi / count
    around = [
        (np.cos(t), np.sin(t), 0.0) if upright else (np.cos(t), 0.0, np.sin(t)) for t in turns
    ]
    return [("ball", tuple(0.75 * np.array(at)), np.eye(3) * thick) for at in around]


def _stack(rng: np.random.Generator) -> list[Part]:
    parts: list[Part] = []
    top = -1.0
    while top < 0.7:
        kind: Kind = SHAPE_KINDS[int(rng.integers(1, 3))]
        tall, wide = rng.uniform(0.1, 0.4), rng.uniform(0.3, 0.8)
        size = about_the_vertical(rng.uniform(0, 6.28)) * (wide, tall, wide)
        parts.append((kind, (0, top + tall, 0), size))
        top += 2 * tall
    return parts


def _table(rng: np.random.Generator) -> list[Part]:
    tall, wide = rng.uniform(0.4, 0.8), rng.uniform(0.7, 1.1)
    legs: list[Part] = [
        ("box", (x * wide * 0.8, -tall / 2, z * 0.5), np.diag((0.07, tall / 2, 0.07)))
        for x in (-1, 1)
        for z in (-1, 1)
    ]
    back: list[Part] = [("box", (0, 0.4, -0.55), np.diag((wide, 0.4, 0.06)))]
    return [("box", (0, 0, 0), np.diag((wide, 0.08, 0.65))), *legs, *back[: rng.integers(2)]]


def _tree(rng: np.random.Generator) -> list[Part]:
    trunk: Part = ("cylinder", (0, -0.6, 0), np.diag((0.1, 0.45, 0.1)))
    if rng.random() < 0.4:
        sides = [(0.55, 0.35), (0.42, 0.3), (0.3, 0.3)]
        cones = [(w, t, -0.1 + 0.4 * i) for i, (w, t) in enumerate(sides)]
        return [trunk, *[("cone", (0, y, 0), np.diag((w, t, w))) for w, t, y in cones]]
    crown: list[Part] = [
        ("ball", tuple(rng.normal(size=3) * 0.2 + (0, 0.3, 0)), np.eye(3) * rng.uniform(0.25, 0.45))
        for _ in range(6)
    ]
    return [trunk, *crown]
