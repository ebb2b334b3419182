"""A rough depth without a network: from the ground, the things on it, and what is in focus.

The ground below the horizon comes nearer toward the bottom, in proportion (the disparity of a
plane); regions above it stand upright at their feet, and named things at the foot of their box; a
blurred ground lies behind a sharp subject. It does not know distances, or rooms, or reflections:
it is a guess of what is before what.
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.geometry.attention import attention
from imagetoprompt.geometry.depth_of_field import depth_of_field
from imagetoprompt.geometry.horizon import horizon
from imagetoprompt.geometry.sharpness import sharpness
from imagetoprompt.geometry.viewpoint import viewpoint
from imagetoprompt.measurement import Box
from imagetoprompt.networks import detect
from imagetoprompt.picture import Picture
from imagetoprompt.regions import Labels, regions_of

Floats = NDArray[np.float32]

# Where the horizon lies when it is not seen, by where the camera looks, from the top.
HORIZONS: Final = {
    "overhead": -3.0,
    "high": -0.1,
    "eye level": 0.42,
    "low": 0.65,
    "worm's eye": 0.9,
}
USUAL: Final = 0.35
# A picture of fewer pixels than this across shows no horizon.
TINY: Final = 32
SEEN: Final = 0.5
NAMED: Final = 0.45
# Of a region, the share within a box from which it belongs to the thing in it.
WITHIN: Final = 0.6
# A region that spans this share of the width along the bottom is ground.
SPAN: Final = 0.5
# A box that covers more is no thing on a ground, and a region that holds so much of the top border,
# as a wall or a sky does, is not one either.
ALL_OVER: Final = 0.75
BACKDROP: Final = 0.25
# How much of every depth is by height alone, so that no two places are quite alike.
BY_HEIGHT: Final = 0.2
# How far a subject without a foot on the ground stands out from what is behind it.
RAISED: Final = 0.25


def rough(picture: Picture) -> Floats:
    """Nearness of each pixel of the copy that the regions are of: 1 near, 0 far."""
    labels = regions_of(picture)
    plane = ground(_level(picture), labels.shape[0])
    depth = _standing(labels, plane)
    depth = _things(picture, labels, plane, depth)
    return _stretched(_focused(picture, depth))


def ground(level: float, height: int) -> Floats:
    """Nearness of the ground at each row: 0 at the horizon (from the top, 0 to 1), 1 below."""
    rows = (np.arange(height) + 0.5) / height
    return np.asarray(np.clip((rows - level) / (1 - level), 0, 1), np.float32)


def _level(picture: Picture) -> float:
    if min(picture.size) < TINY:
        return USUAL
    line = horizon(picture)
    if line is not None and line.confidence >= SEEN:
        return min(line.height, 0.95)
    return HORIZONS.get(viewpoint(picture).angle or "", USUAL)


def _standing(labels: Labels, plane: Floats) -> Floats:
    """Ground lies, every other region stands at its foot."""
    height, width = labels.shape
    depth = np.repeat(plane[:, None], width, axis=1)
    bottom = np.bincount(labels[-max(1, height // 32) :].ravel(), minlength=int(labels.max()) + 1)
    lies = bottom >= SPAN * width * max(1, height // 32)
    for label in np.flatnonzero(~lies):
        inside = labels == label
        foot = int(np.quantile(np.nonzero(inside)[0], 0.95))
        depth[inside] = plane[foot]
    return depth


def _things(picture: Picture, labels: Labels, plane: Floats, depth: Floats) -> Floats:
    """Things stand at the foot of their box, the farthest first so that nearer ones cover them."""
    boxes = [each.box for each in detect(picture) if each.confidence >= NAMED]
    main = attention(picture)
    for box in sorted(boxes, key=lambda each: each[1] + each[3]):
        foot = float(plane[min(len(plane) - 1, int((box[1] + box[3]) * len(plane)))])
        inside = _belonging(box, labels)
        depth[inside] = np.maximum(depth[inside], foot)
    if main is not None:
        inside = _belonging(main.box, labels)
        depth[inside] = depth[inside] * (1 - RAISED) + RAISED
    by_height = (np.arange(len(plane), dtype=np.float32)[:, None] + 0.5) / len(plane)
    return np.asarray((1 - BY_HEIGHT) * depth + BY_HEIGHT * by_height, np.float32)


def _belonging(box: Box, labels: Labels) -> NDArray[np.bool_]:
    """The pixels of the regions that lie in the box for the most part, and are no backdrop."""
    height, width = labels.shape
    if box[2] * box[3] > ALL_OVER:
        return np.zeros(labels.shape, bool)
    part = np.zeros(labels.shape, bool)
    left, top = int(box[0] * width), int(box[1] * height)
    part[top : round((box[1] + box[3]) * height), left : round((box[0] + box[2]) * width)] = True
    count = int(labels.max()) + 1
    held = np.bincount(labels[part], minlength=count) / np.bincount(labels.ravel(), minlength=count)
    held[np.bincount(labels[0], minlength=count) > BACKDROP * width] = 0
    return np.asarray((held >= WITHIN)[labels])


def _focused(picture: Picture, depth: Floats) -> Floats:
    """With a shallow field, what is blurred lies behind."""
    field = depth_of_field(picture)
    if field.name != "shallow" or field.confidence < SEEN:
        return depth
    blur = sharpness(picture)
    told = np.sqrt(blur.weight)
    crisp = _spread(told / (1 + blur.blur), told, depth.shape)
    return np.asarray((1 - field.confidence / 2) * depth + field.confidence / 2 * crisp, np.float32)


def _spread(values: NDArray[Any], told: NDArray[Any], shape: tuple[int, ...]) -> Floats:
    """How sharp cells are, carried on over cells that cannot tell."""
    wide = max(1.0, max(values.shape) / 16)
    near, weight = (cv2.GaussianBlur(each, (0, 0), wide) for each in (values, told))
    crisp = near / np.maximum(weight, 1e-3)
    size = shape[1], shape[0]
    return np.asarray(cv2.resize(_stretched(crisp), size, interpolation=cv2.INTER_CUBIC))


def _stretched(values: NDArray[Any]) -> Floats:
    """From 0 to 1, but for the outermost hundredth."""
    low, high = np.quantile(values, (0.01, 0.99))
    return np.asarray(np.clip((values - low) / max(high - low, 1e-6), 0, 1), np.float32)
