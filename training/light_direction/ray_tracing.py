"""trace_rays(world, lens, starts, samples): linear light, by ray tracing with one bounce."""

from math import cos, exp, floor, pi, sin, sqrt
from typing import NamedTuple

import numpy as np

from training.light_direction.ray_intersection import FAR_DISTANCE, World, compiled, nearest, normal
from training.light_direction.shapes import Array

# The sequence of Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018, in six
# dimensions: place in the pixel, place on the lens or in the hemisphere, place on the lamp.
SEQUENCE_STEPS = np.array([1.1673039782614187 ** -(i + 1) for i in range(6)])


class Lens(NamedTuple):
    """place; axes: right, up, forward; tall: half the view's height at distance 1; radius.

    focus: how far away it is sharp.
    """

    place: Array
    axes: Array
    tall: float
    focus: float
    radius: float


@compiled
def waves(paint: Array, point: Array, first: int) -> float:
    """Smooth noise of about unit spread: six waves of growing frequency."""
    value, strength = 0.0, 1.0
    for i in range(6):
        at = first + 4 * i
        along = paint[at] * point[0] + paint[at + 1] * point[1] + paint[at + 2] * point[2]
        value += strength * sin(along + paint[at + 3])
        strength *= 0.8
    return value / 1.3


@compiled
def second_color_share(paint: Array, point: Array) -> float:
    """The share of the second color of a material at a point, 0 to 1."""
    kind, scale, part = int(paint[6]), float(paint[7]), 0.0
    if kind == 1:
        part = 1 / (1 + exp(-float(paint[9]) * waves(paint, point, 16)))
    elif kind == 2:
        cells = floor(point[0] * scale) + floor(point[1] * scale) + floor(point[2] * scale)
        part = float(cells % 2)
    elif kind == 3:
        along = (paint[16] * point[0] + paint[17] * point[1] + paint[18] * point[2]) * paint[10]
        part = 1.0 if along - floor(along) > paint[9] * 0.1 else 0.0
    return float(paint[8]) * part


@compiled
def bump(paint: Array, point: Array, n: Array) -> None:
    """Tilt the normal n as the bumps of the surface do."""
    if paint[11] <= 0:
        return
    length = 0.0
    for k in range(3):
        along = paint[20 + k] * point[0] + paint[24 + k] * point[1] + paint[28 + k] * point[2]
        n[k] += paint[11] * sin(along * 1.7 + paint[19] + k)
        length += n[k] * n[k]
    for k in range(3):
        n[k] /= sqrt(length)


@compiled
def shine(world: World, way: Array, into: Array) -> None:
    """Write the light of the sky from a direction."""
    sky = world.sky
    high = sqrt(max(way[1], 0.0))
    near = way[0] * sky[7] + way[1] * sky[8] + way[2] * sky[9] - 1
    glow = sky[10] * (np.exp(near / 0.03) * 0.075 + np.exp(near / 0.001))
    below = 1.0 if way[1] >= 0 else sky[6]
    for k in range(3):
        into[k] = below * (sky[3 + k] * (1 - high) + sky[k] * high) + glow * sky[11 + k]


@compiled
def lamp_at(lamp: Array, point: Array, u: Array, way: Array) -> tuple[float, float]:
    """Write the direction to a random point of the lamp; return its distance and strength."""
    a = 1.0 if abs(lamp[1]) < 0.9 else 0.0
    ex, ey, ez = lamp[2] * a, lamp[2] * (1 - a), -lamp[0] * a - lamp[1] * (1 - a)
    size = sqrt(ex * ex + ey * ey + ez * ez)
    ex, ey, ez = ex / size, ey / size, ez / size
    fx, fy, fz = (
        lamp[1] * ez - lamp[2] * ey,
        lamp[2] * ex - lamp[0] * ez,
        lamp[0] * ey - lamp[1] * ex,
    )
    wide = lamp[4] * sqrt(u[4])
    c, s = wide * cos(2 * pi * u[5]), wide * sin(2 * pi * u[5])
    way[0], way[1], way[2] = (
        lamp[0] + c * ex + s * fx,
        lamp[1] + c * ey + s * fy,
        lamp[2] + c * ez + s * fz,
    )
    away = lamp[3]
    if away < FAR_DISTANCE:
        for k in range(3):
            way[k] = way[k] * away - point[k]
    length = sqrt(way[0] ** 2 + way[1] ** 2 + way[2] ** 2)
    for k in range(3):
        way[k] /= length
    return (length, min((away / length) ** 2, 9.0)) if away < FAR_DISTANCE else (FAR_DISTANCE, 1.0)


@compiled
def direct(world: World, at: Array, eye: Array, paint: Array, room: Array) -> None:
    """Add to room[9] what the lamps send by way of the point room[3] with normal room[2].

    at: the numbers of the quasirandom sequence. eye: the direction of the ray that came.
    """
    n, point, way, out = room[2], room[3], room[4], room[9]
    nx, ny, nz = n[0], n[1], n[2]
    for i in range(len(world.lamps)):
        lamp = world.lamps[i]
        length, strength = lamp_at(lamp, point, at, way)
        toward = nx * way[0] + ny * way[1] + nz * way[2]
        if toward <= 0:
            continue
        hit, far = nearest(world, point, way)
        if hit >= 0 and far < length - 0.02:
            continue
        gloss = 0.0
        if paint[12] > 0:
            hx, hy, hz = way[0] - eye[0], way[1] - eye[1], way[2] - eye[2]
            half = (nx * hx + ny * hy + nz * hz) / max(sqrt(hx * hx + hy * hy + hz * hz), 1e-9)
            gloss = paint[12] * max(half, 0.0) ** paint[13] * (paint[13] + 8) / 24
        for k in range(3):
            out[k] += strength * lamp[5 + k] * toward * (room[8, k] + gloss) / pi


@compiled
def color_at(paint: Array, point: Array, into: Array) -> None:
    """Write the albedo of a surface at a point."""
    part = second_color_share(paint, point)
    for k in range(3):
        into[k] = paint[k] * (1 - part) + paint[3 + k] * part


@compiled
def scattered(n: Array, u: Array, way: Array) -> None:
    """Write a random direction off a surface, cosine-weighted around its normal n."""
    z = 1 - 2 * u[2]
    wide = sqrt(max(0.0, 1 - z * z))
    way[0] = n[0] + wide * cos(2 * pi * u[3])
    way[1] = n[1] + wide * sin(2 * pi * u[3])
    way[2] = n[2] + z
    length = max(sqrt(way[0] ** 2 + way[1] ** 2 + way[2] ** 2), 1e-6)
    for k in range(3):
        way[k] /= length


@compiled
def hit_surface(world: World, surface: int, way: Array, room: Array) -> None:
    """Move to room[3] off the surface along its normal and look up its color in room[8]."""
    point, n = room[3], room[2]
    normal(world, surface, point, room)
    if n[0] * way[0] + n[1] * way[1] + n[2] * way[2] > 0:
        for k in range(3):
            n[k] = -n[k]
    color_at(world.paints[surface], point, room[8])
    for k in range(3):
        point[k] += 2e-3 * n[k]
    bump(world.paints[surface], point, n)


@compiled
def trace_ray(world: World, start: Array, way: Array, u: Array, room: Array) -> None:
    """Write to room[9] the light that comes along a ray: lamps and sky, and one bounce."""
    out, point = room[9], room[3]
    surface, far = nearest(world, start, way)
    if surface < 0:
        shine(world, way, out)
        return
    for k in range(3):
        out[k], point[k] = 0.0, start[k] + far * way[k]
    hit_surface(world, surface, way, room)
    direct(world, u, way, world.paints[surface], room)
    first, here, on, sum_ = room[10], room[8], room[5], room[11]
    for k in range(3):
        first[k], sum_[k], out[k] = here[k], out[k], 0.0
    scattered(room[2], u, on)
    for k in range(3):
        room[6, k] = point[k]
    surface, far = nearest(world, room[6], on)
    if surface < 0:
        shine(world, on, out)
    else:
        for k in range(3):
            point[k] = room[6, k] + far * on[k]
        hit_surface(world, surface, on, room)
        direct(world, u, on, world.paints[surface], room)
        # Approximates further bounces by the dimmed sky.
        shine(world, room[2], room[7])
        for k in range(3):
            out[k] += 0.5 * room[8, k] * room[7, k]
    for k in range(3):
        out[k] = sum_[k] + first[k] * out[k]


@compiled
def trace_rays(world: World, lens: Lens, starts: Array, samples: int) -> Array:
    """Linear light of every pixel, h x w x 3.

    starts: h x w x 6, where the quasirandom numbers of each pixel begin.
    """
    height, width = starts.shape[:2]
    light = np.zeros((height, width, 3))
    room, u = np.zeros((12, 3)), np.zeros(6)
    origin, way = np.zeros(3), np.zeros(3)
    for row in range(height):
        for column in range(width):
            for sample in range(samples):
                for k in range(6):
                    value = starts[row, column, k] + sample * SEQUENCE_STEPS[k]
                    u[k] = value - floor(value)
                x = (2 * (column + u[0]) - width) / height * lens.tall
                y = (1 - 2 * (row + u[1]) / height) * lens.tall
                c = lens.radius * sqrt(u[2]) * cos(2 * pi * u[3])
                s = lens.radius * sqrt(u[2]) * sin(2 * pi * u[3])
                length = 0.0
                for k in range(3):
                    ahead = x * lens.axes[0, k] + y * lens.axes[1, k] + lens.axes[2, k]
                    aside = c * lens.axes[0, k] + s * lens.axes[1, k]
                    origin[k] = lens.place[k] + aside
                    way[k] = ahead * lens.focus - aside
                    length += way[k] * way[k]
                for k in range(3):
                    way[k] /= sqrt(length)
                # The lens has used two numbers; the bounce takes them with an offset.
                u[2] = (u[2] + starts[row, column, 4]) % 1
                u[3] = (u[3] + 0.618 * sample) % 1
                trace_ray(world, origin, way, u, room)
                for k in range(3):
                    light[row, column, k] += min(room[9, k], 50.0) / samples
    return light
