"""Intersect rays with the shapes of a scene: the nearest surface, its distance and its normal.

Compiled by numba if that is installed; without it the same code runs about a thousand times slower.
"""

from collections.abc import Callable
from math import sqrt
from typing import Any, NamedTuple, TypeAlias, TypeVar

from training.light_direction.shapes import EPSILON, Array

F = TypeVar("F", bound=Callable[..., Any])
FAR_DISTANCE = 1e9
Vector: TypeAlias = tuple[float, float, float]


def compiled(function: F) -> F:
    """The function compiled by numba, or unchanged without numba."""
    try:
        from numba import njit  # noqa: PLC0415  only training needs it
    except ImportError:
        return function
    fast: F = njit(fastmath=True)(function)
    return fast


class World(NamedTuple):
    """The shapes of a scene, their materials, and the lights.

    kinds: 0 ball, 1 box, 2 cylinder, 3 cone. middles: n x 4, with the square of the radius that
    holds the shape. inverses: n x 3 x 3, of the matrices that scale and rotate the unit shapes.
    paints: materials of the ground, the wall, then each shape (see materials.paint).
    planes: height of the ground and z of the wall, -FAR without. lamps: m x 8: direction, distance
    (FAR for a sun), tangent of half its width, color. sky: color above, color at the horizon, share
    from below, direction of the sun, its glow, its color.
    """

    kinds: Array
    middles: Array
    inverses: Array
    paints: Array
    planes: Array
    lamps: Array
    sky: Array


@compiled
def ball(p: Vector, v: Vector) -> float:
    """How far along a ray the unit ball is, FAR when missed."""
    a = v[0] * v[0] + v[1] * v[1] + v[2] * v[2]
    b = p[0] * v[0] + p[1] * v[1] + p[2] * v[2]
    root = b * b - a * (p[0] * p[0] + p[1] * p[1] + p[2] * p[2] - 1)
    far = (-b - sqrt(max(root, 0.0))) / a
    return far if root > 0 and far > 1e-3 else FAR_DISTANCE


@compiled
def slab(p: float, v: float) -> tuple[float, float]:
    """The interval along a ray in which a coordinate is between -1 and 1."""
    v = v if abs(v) > EPSILON else EPSILON
    first, second = (-1 - p) / v, (1 - p) / v
    return min(first, second), max(first, second)


@compiled
def box(p: Vector, v: Vector) -> float:
    """How far along a ray the unit box is, FAR when missed."""
    x, y, z = slab(p[0], v[0]), slab(p[1], v[1]), slab(p[2], v[2])
    low, high = max(x[0], y[0], z[0]), min(x[1], y[1], z[1])
    return low if low < high and low > 1e-3 else FAR_DISTANCE


@compiled
def tapered(p: Vector, v: Vector, k: float) -> float:
    """How far along a ray the unit cylinder (k = 0) or cone (k = 1/2) is, FAR when missed.

    It is as wide as 1 - k - k * y.
    """
    low, high = slab(p[1], v[1])
    r, s = 1 - k - k * p[1], -k * v[1]
    a = v[0] * v[0] + v[2] * v[2] - s * s
    b = p[0] * v[0] + p[2] * v[2] - r * s
    root = b * b - a * (p[0] * p[0] + p[2] * p[2] - r * r)
    if root <= 0:
        return FAR_DISTANCE
    a = a if abs(a) > EPSILON else EPSILON
    first, second = (-b - sqrt(root)) / a, (-b + sqrt(root)) / a
    if a < 0 and s > 0:  # steeply from above: the cone opens along the ray
        low = max(low, first, second)
    elif a < 0:
        high = min(high, first, second)
    else:
        low, high = max(low, min(first, second)), min(high, max(first, second))
    return low if low < high and low > 1e-3 else FAR_DISTANCE


@compiled
def facing(kind: int, q: Array, n: Array) -> None:
    """Write the outward normal of the unit shape at the point q of its surface to n."""
    n[0], n[1], n[2] = 0.0, 0.0, 0.0
    if kind == 0:
        n[0], n[1], n[2] = q[0], q[1], q[2]
    elif kind == 1:
        axis = 0
        for other in range(1, 3):
            if abs(q[other]) > abs(q[axis]):
                axis = other
        n[axis] = 1.0 if q[axis] > 0 else -1.0
    elif abs(q[1]) > 0.9999:
        n[1] = 1.0 if q[1] > 0 else -1.0
    else:
        n[0], n[2] = q[0], q[2]
        if kind == 3:
            n[1] = 0.5 * sqrt(q[0] * q[0] + q[2] * q[2])


@compiled
def nearest(world: World, start: Array, way: Array) -> tuple[int, float]:
    """The first surface that a ray meets (-1 none, 0 ground, 1 wall, 2… shapes); its distance."""
    surface, far = -1, FAR_DISTANCE
    if world.planes[0] > -FAR_DISTANCE and way[1] < -1e-6:
        t = (world.planes[0] - start[1]) / way[1]
        if 1e-3 < t < far:
            surface, far = 0, t
    if world.planes[1] > -FAR_DISTANCE and way[2] < -1e-6:
        t = (world.planes[1] - start[2]) / way[2]
        if 1e-3 < t < far:
            surface, far = 1, t
    sx, sy, sz, wx, wy, wz = start[0], start[1], start[2], way[0], way[1], way[2]
    middles, m, kinds = world.middles, world.inverses, world.kinds
    for i in range(kinds.shape[0]):
        x, y, z = sx - middles[i, 0], sy - middles[i, 1], sz - middles[i, 2]
        along = x * wx + y * wy + z * wz
        # The ray misses the bounding ball of the shape.
        if x * x + y * y + z * z - along * along > middles[i, 3]:
            continue
        p = (
            m[i, 0, 0] * x + m[i, 0, 1] * y + m[i, 0, 2] * z,
            m[i, 1, 0] * x + m[i, 1, 1] * y + m[i, 1, 2] * z,
            m[i, 2, 0] * x + m[i, 2, 1] * y + m[i, 2, 2] * z,
        )
        v = (
            m[i, 0, 0] * wx + m[i, 0, 1] * wy + m[i, 0, 2] * wz,
            m[i, 1, 0] * wx + m[i, 1, 1] * wy + m[i, 1, 2] * wz,
            m[i, 2, 0] * wx + m[i, 2, 1] * wy + m[i, 2, 2] * wz,
        )
        if kinds[i] == 0:
            t = ball(p, v)
        elif kinds[i] == 1:
            t = box(p, v)
        else:
            t = tapered(p, v, 0.5 if kinds[i] == 3 else 0.0)
        if t < far:
            surface, far = i + 2, t
    return surface, far


@compiled
def normal(world: World, surface: int, point: Array, room: Array) -> None:
    """Write the unit normal of a surface at a point to room[2]."""
    n = room[2]
    if surface < 2:
        n[0], n[1], n[2] = 0.0, 1.0 - surface, 1.0 * surface
        return
    m, q, flat = world.inverses[surface - 2], room[0], room[1]
    for k in range(3):
        q[k] = 0.0
        for j in range(3):
            q[k] += m[k, j] * (point[j] - world.middles[surface - 2, j])
    facing(world.kinds[surface - 2], q, flat)
    length = 0.0
    for k in range(3):
        n[k] = m[0, k] * flat[0] + m[1, k] * flat[1] + m[2, k] * flat[2]
        length += n[k] * n[k]
    for k in range(3):
        n[k] /= max(sqrt(length), 1e-9)
