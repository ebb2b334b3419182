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

from imagetoprompt.analysis.blur import blur_map
from imagetoprompt.analysis.camera_angle import viewpoint
from imagetoprompt.analysis.depth_of_field import depth_of_field
from imagetoprompt.analysis.horizon import horizon
from imagetoprompt.analysis.segmentation import Labels, color_regions
from imagetoprompt.analysis.subject_detection import main_subject
from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import detect

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
# How much of every depth is by height alone: with a horizon in sight, and without one, when where
# the ground lies is a guess.
BY_HEIGHT: Final = (0.2, 0.4)
# What is enclosed is seen before what encloses it, and what the picture is about before all else:
# how far both come forward (figure and ground: Rubin, 1915).
ENCLOSED: Final = 0.25
RAISED: Final = 0.45
LARGEST: Final = 0.35


def heuristic_depth(picture: Picture) -> Floats:
    """Nearness of each pixel of the copy that the regions are of: 1 near, 0 far."""
    labels = color_regions(picture)
    level, seen = _level(picture)
    plane = ground(level, labels.shape[0])
    depth = _things(picture, labels, plane, _standing(labels, plane))
    by_height = (np.arange(len(plane), dtype=np.float32)[:, None] + 0.5) / len(plane)
    share = BY_HEIGHT[0] if seen else BY_HEIGHT[1]
    mixed: Floats = ((1 - share) * _raised(picture, labels, depth) + share * by_height).astype(
        np.float32
    )
    return _stretched(_focused(picture, mixed))


def ground(level: float, height: int) -> Floats:
    """Nearness of the ground at each row: 0 at the horizon (from the top, 0 to 1), 1 below."""
    rows = (np.arange(height) + 0.5) / height
    return np.asarray(np.clip((rows - level) / (1 - level), 0, 1), np.float32)


def _level(picture: Picture) -> tuple[float, bool]:
    """Where the horizon lies, from the top, and whether it is seen."""
    line = horizon(picture)
    if line is not None and line.confidence >= SEEN:
        return min(line.height, 0.95), True
    return HORIZONS.get(viewpoint(picture).angle or "", USUAL), False


def _standing(labels: Labels, plane: Floats) -> Floats:
    """Ground lies, and what stays below the horizon; every other region stands at its foot."""
    height, width = labels.shape
    depth = np.repeat(plane[:, None], width, axis=1)
    bottom = np.bincount(labels[-max(1, height // 32) :].ravel(), minlength=int(labels.max()) + 1)
    lies = bottom >= SPAN * width * max(1, height // 32)
    for label in np.flatnonzero(~lies):
        inside = labels == label
        rows = np.nonzero(inside)[0]
        if plane[int(np.quantile(rows, 0.05))] > 0:
            continue
        foot = int(np.quantile(rows, 0.95))
        depth[inside] = plane[foot]
    return depth


def _things(picture: Picture, labels: Labels, plane: Floats, depth: Floats) -> Floats:
    """Things stand at the foot of their box, the farthest first so that nearer ones cover them."""
    boxes = [each.box for each in detect(picture) if each.confidence >= NAMED]
    for box in sorted(boxes, key=lambda each: each[1] + each[3]):
        foot = float(plane[min(len(plane) - 1, int((box[1] + box[3]) * len(plane)))])
        inside = _belonging(box, labels)
        depth[inside] = np.maximum(depth[inside], foot)
    return depth


def _raised(picture: Picture, labels: Labels, depth: Floats) -> Floats:
    """What is enclosed, and what the picture is about, comes forward."""
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    enclosed = np.bincount(labels.ravel()) < LARGEST * labels.size
    enclosed[border] = False
    forward = ENCLOSED * enclosed[labels].astype(np.float32)
    main = main_subject(picture)
    if main is not None:
        forward[_belonging(main.box, labels)] += RAISED
    return np.asarray(depth * (1 - forward) + forward, np.float32)


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
    blur = blur_map(picture)
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
