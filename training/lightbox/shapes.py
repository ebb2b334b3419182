"""Spheres, boxes and cylinders, turned and stretched at will, and where rays meet them.

They do not know colours or lights.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Kind: TypeAlias = Literal["sphere", "box", "cylinder"]
TINY = 1e-7


@dataclass(frozen=True)
class Shape:
    """A unit shape, stretched and turned by `matrix` (3 x 3) and moved to `middle`."""

    kind: Kind
    middle: Array
    matrix: Array

    def meet(self, starts: Array, ways: Array) -> tuple[Array, Array]:
        """How far along each ray (n x 3) the shape is, infinite if missed; its normals there."""
        inverse = np.linalg.inv(self.matrix).astype(np.float32)
        p = (starts - self.middle.astype(np.float32)) @ inverse.T
        v = np.broadcast_to(ways @ inverse.T, p.shape)
        far, normals = _MEETINGS[self.kind](p, np.where(np.abs(v) < TINY, TINY, v))
        return far.astype(np.float32), unit(normals @ inverse)


def unit(vectors: Array) -> Array:
    """The vectors at length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def turned(rng: np.random.Generator) -> Array:
    """A rotation, even over all of them (from a random quaternion)."""
    w, x, y, z = unit(rng.normal(size=4))
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def about_the_vertical(angle: float) -> Array:
    """A rotation of a thing that stands."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def shadowed(shapes: list[Shape], starts: Array, ways: Array) -> Array:
    """Which of the rays meet any shape."""
    hidden = np.zeros(len(starts), bool)
    for shape in shapes:
        hidden |= np.isfinite(shape.meet(starts, ways)[0])
    return hidden


def _span(low: Array, high: Array) -> Array:
    return np.where((low < high) & (low > 1e-3), low, np.inf)


def _sphere(p: Array, v: Array) -> tuple[Array, Array]:
    a, b, c = (v * v).sum(axis=1), (p * v).sum(axis=1), (p * p).sum(axis=1) - 1
    root = np.sqrt(np.maximum(b * b - a * c, 0))
    far = np.where(b * b > a * c, _span((-b - root) / a, (-b + root) / a), np.inf)
    return far, _at(p, v, far)


def _box(p: Array, v: Array) -> tuple[Array, Array]:
    one, other = (-1 - p) / v, (1 - p) / v
    low, high = np.minimum(one, other), np.maximum(one, other)
    axis, rows = low.argmax(axis=1), np.arange(len(p))
    normals = np.zeros_like(p)
    normals[rows, axis] = -np.sign(v[rows, axis])
    return _span(low.max(axis=1), high.min(axis=1)), normals


def _cylinder(p: Array, v: Array) -> tuple[Array, Array]:
    a = v[:, 0] ** 2 + v[:, 2] ** 2
    b = p[:, 0] * v[:, 0] + p[:, 2] * v[:, 2]
    c = p[:, 0] ** 2 + p[:, 2] ** 2 - 1
    root = np.sqrt(np.maximum(b * b - a * c, 0))
    met = b * b > a * c
    around = np.where(met, (-b - root) / a, np.inf), np.where(met, (-b + root) / a, -np.inf)
    caps = np.sort(np.stack([(-1 - p[:, 1]) / v[:, 1], (1 - p[:, 1]) / v[:, 1]]), axis=0)
    far = _span(np.maximum(around[0], caps[0]), np.minimum(around[1], caps[1]))
    at = _at(p, v, far)
    side = np.stack([at[:, 0], 0 * at[:, 1], at[:, 2]], axis=1)
    cap = np.stack([0 * at[:, 0], -np.sign(v[:, 1]), 0 * at[:, 0]], axis=1)
    return far, np.where((around[0] >= caps[0])[:, None], side, cap)


def _at(p: Array, v: Array, far: Array) -> Array:
    return np.asarray(p + v * np.where(np.isfinite(far), far, 0)[:, None])


_MEETINGS = {"sphere": _sphere, "box": _box, "cylinder": _cylinder}
