"""shadow_borders(world, lens, height, width): where shadows of the key light end.

Computed as if the key light were a point and the lens a pinhole: a wide lamp blurs the light around
the same places.
"""

from math import sqrt

import numpy as np

from training.light_direction.ray_intersection import World, compiled, nearest, normal
from training.light_direction.ray_tracing import Lens, lamp_at
from training.light_direction.shapes import Array

# Minimum cosine between the normals of neighbors; an edge of a box is no border of a shadow.
_MIN_NORMAL_COSINE = 0.9
# Minimum cosine to the key light; where a surface turns away from it, light fades by itself.
_MIN_KEY_COSINE = 0.25


@compiled
def _aim(lens: Lens, x: float, y: float, way: Array) -> None:
    """Write the direction through the center of the lens to a point of the picture."""
    length = 0.0
    for k in range(3):
        way[k] = x * lens.axes[0, k] + y * lens.axes[1, k] + lens.axes[2, k]
        length += way[k] * way[k]
    for k in range(3):
        way[k] /= sqrt(length)


@compiled
def _lit(world: World, room: Array) -> float:
    """The cosine to the key at the point room[3] with the normal room[2]; 0 in its shade."""
    way, toward = room[5], 0.0
    # Without random numbers it is the middle of the lamp.
    length, _ = lamp_at(world.lamps[0], room[3], np.zeros(6), way)
    for k in range(3):
        toward += way[k] * room[2, k]
    if toward <= 0:
        return 0.0
    hit, far = nearest(world, room[3], way)
    return 0.0 if hit >= 0 and far < length - 0.02 else toward


@compiled
def pixel_shading(world: World, lens: Lens, height: int, width: int) -> Array:
    """For every pixel, h x w x 5: its surface (-1 none), the light of the key, its normal."""
    shading, room = np.zeros((height, width, 5)), np.zeros((6, 3))
    for row in range(height):
        for column in range(width):
            x = (2 * (column + 0.5) - width) / height * lens.tall
            y = (1 - 2 * (row + 0.5) / height) * lens.tall
            _aim(lens, x, y, room[4])
            surface, far = nearest(world, lens.place, room[4])
            shading[row, column, 0] = surface
            if surface < 0:
                continue
            for k in range(3):
                room[3, k] = lens.place[k] + far * room[4, k]
            normal(world, surface, room[3], room)
            toward = 0.0
            for k in range(3):
                toward += room[2, k] * room[4, k]
            for k in range(3):
                room[2, k] = -room[2, k] if toward > 0 else room[2, k]
                room[3, k] += 2e-3 * room[2, k]
                shading[row, column, 2 + k] = room[2, k]
            shading[row, column, 1] = _lit(world, room)
    return shading


def shadow_borders(world: World, lens: Lens, height: int, width: int) -> Array:
    """1 where light and a shadow meet on one surface, else 0: h x w, uint8; 0 without lamps."""
    borders = np.zeros((height, width), np.uint8)
    if not len(world.lamps):
        return borders
    shading = pixel_shading(world, lens, height, width)
    for axis in (0, 1):
        here, there = (
            np.take(shading, range(a, shading.shape[axis] - 1 + a), axis) for a in (0, 1)
        )
        meet = here[..., 0] == there[..., 0]
        meet &= np.minimum(here[..., 1], there[..., 1]) <= 0
        meet &= np.maximum(here[..., 1], there[..., 1]) > _MIN_KEY_COSINE
        meet &= (here[..., 2:] * there[..., 2:]).sum(-1) > _MIN_NORMAL_COSINE
        if axis:
            borders[:, :-1] |= meet
            borders[:, 1:] |= meet
        else:
            borders[:-1] |= meet
            borders[1:] |= meet
    return borders
