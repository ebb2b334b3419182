"""Depth: `depth_map(picture)`, how near each pixel is.

By the network that the setting depth_model names, else by a heuristic: the ground below the horizon
comes nearer toward the bottom, in proportion (the disparity of a plane); regions above it stand
upright at their feet, and detected things at the foot of their box; a blurred ground lies behind a
sharp subject. This guesses what is in front of what; rooms and reflections mislead it.
"""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.blur import blur_map
from imagetoprompt.analysis.camera_angle import viewpoint
from imagetoprompt.analysis.depth_network import network_depth
from imagetoprompt.analysis.depth_of_field import depth_of_field
from imagetoprompt.analysis.horizon import horizon
from imagetoprompt.analysis.segmentation import ANALYSIS_SIDE, Labels, color_regions
from imagetoprompt.analysis.subject_detection import main_subject
from imagetoprompt.core.measurements import Box
from imagetoprompt.images.filters import guided_filter
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import detect
from imagetoprompt.settings import settings

Floats = NDArray[np.float32]

# Depth has few fine details, and a ControlNet reads no finer ones.
DEPTH_SIDE: Final = 1024
# Reach of an edge as a share of the longer side, and the contrast (0 to 1) that counts as an edge,
# for the guided filter that moves the borders of the rough guess onto those of the picture.
FILTER_RADIUS: Final = 1 / 48
EDGE_CONTRAST: Final = 0.04


@dataclass(frozen=True)
class DepthMap:
    """nearness: 1 nearest to 0 farthest, for each pixel of a smaller copy. method: its source."""

    nearness: Floats
    method: str


def depth_map(picture: Picture) -> DepthMap:
    """The depth of the picture; MissingPartError when the model cannot be used."""
    return picture.once("depth map", _depth_map, picture, settings().depth_model)


def _depth_map(picture: Picture, model: str) -> DepthMap:
    pixels = picture.at(DEPTH_SIDE)
    if model:
        return DepthMap(network_depth(pixels, model), "depth model")
    guess = heuristic_depth(picture)
    radius = max(3, round(FILTER_RADIUS * max(guess.shape)))
    refined = guided_filter(guess, picture.at(ANALYSIS_SIDE), radius, EDGE_CONTRAST, pixels)
    return DepthMap(np.clip(refined, 0, 1), "rough guess")


# Height of an unseen horizon, as a fraction from the top, by the camera's angle.
HORIZON_HEIGHTS: Final = {
    "overhead": -3.0,
    "high": -0.1,
    "eye level": 0.42,
    "low": 0.65,
    "worm's eye": 0.9,
}
DEFAULT_HORIZON_HEIGHT: Final = 0.35
MIN_CONFIDENCE: Final = 0.5
MIN_DETECTION_CONFIDENCE: Final = 0.45
# Share of a region within a box from which it belongs to the thing in the box.
MIN_SHARE_IN_BOX: Final = 0.6
# A region that spans this share of the width along the bottom is ground.
MIN_GROUND_SPAN: Final = 0.5
# A larger box is no thing on a ground; nor is a region that holds so much of the top border, as a
# wall or a sky does.
MAX_BOX_AREA: Final = 0.75
MAX_TOP_BORDER_SHARE: Final = 0.25
# Share of the depth that comes from the height in the picture alone: with a visible horizon, and
# without one, when the position of the ground is a guess.
HEIGHT_SHARE: Final = 0.2
HEIGHT_SHARE_WITHOUT_HORIZON: Final = 0.4
# How far enclosed regions and the main subject come forward: figures stand before their ground
# (Rubin, 1915).
ENCLOSED_FORWARD: Final = 0.25
SUBJECT_FORWARD: Final = 0.45
MAX_ENCLOSED_AREA: Final = 0.35


def heuristic_depth(picture: Picture) -> Floats:
    """Nearness of each pixel of the copy that the color regions are of: 1 near, 0 far."""
    labels = color_regions(picture)
    level, seen = _level(picture)
    plane = ground(level, labels.shape[0])
    depth = _with_detections(picture, labels, plane, _upright_regions(labels, plane))
    by_height = (np.arange(len(plane), dtype=np.float32)[:, None] + 0.5) / len(plane)
    share = HEIGHT_SHARE if seen else HEIGHT_SHARE_WITHOUT_HORIZON
    forward = _with_figures_forward(picture, labels, depth)
    mixed = ((1 - share) * forward + share * by_height).astype(np.float32)
    return _stretched(_with_focus(picture, mixed))


def ground(level: float, height: int) -> Floats:
    """Nearness of the ground at each row: 0 at the horizon (from the top, 0 to 1), 1 below."""
    rows = (np.arange(height) + 0.5) / height
    return np.asarray(np.clip((rows - level) / (1 - level), 0, 1), np.float32)


def _level(picture: Picture) -> tuple[float, bool]:
    """Height of the horizon as a fraction from the top, and whether it is visible."""
    line = horizon(picture)
    if line is not None and line.confidence >= MIN_CONFIDENCE:
        return min(line.height, 0.95), True
    return HORIZON_HEIGHTS.get(viewpoint(picture).angle or "", DEFAULT_HORIZON_HEIGHT), False


def _upright_regions(labels: Labels, plane: Floats) -> Floats:
    """The depth of the ground plane, and of each region that stands upright, that of its foot."""
    height, width = labels.shape
    depth = np.repeat(plane[:, None], width, axis=1)
    bottom = np.bincount(labels[-max(1, height // 32) :].ravel(), minlength=int(labels.max()) + 1)
    lies = bottom >= MIN_GROUND_SPAN * width * max(1, height // 32)
    for label in np.flatnonzero(~lies):
        inside = labels == label
        rows = np.nonzero(inside)[0]
        if plane[int(np.quantile(rows, 0.05))] > 0:
            continue
        foot = int(np.quantile(rows, 0.95))
        depth[inside] = plane[foot]
    return depth


def _with_detections(picture: Picture, labels: Labels, plane: Floats, depth: Floats) -> Floats:
    """Detected things at the depth of the foot of their box; nearer ones cover farther ones."""
    boxes = [thing.box for thing in detect(picture) if thing.confidence >= MIN_DETECTION_CONFIDENCE]
    for box in sorted(boxes, key=lambda box: box[1] + box[3]):
        foot = float(plane[min(len(plane) - 1, int((box[1] + box[3]) * len(plane)))])
        inside = _regions_in(box, labels)
        depth[inside] = np.maximum(depth[inside], foot)
    return depth


def _with_figures_forward(picture: Picture, labels: Labels, depth: Floats) -> Floats:
    """Enclosed regions and the main subject come forward."""
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    enclosed = np.bincount(labels.ravel()) < MAX_ENCLOSED_AREA * labels.size
    enclosed[border] = False
    forward = ENCLOSED_FORWARD * enclosed[labels].astype(np.float32)
    main = main_subject(picture)
    if main is not None:
        forward[_regions_in(main.box, labels)] += SUBJECT_FORWARD
    return np.asarray(depth * (1 - forward) + forward, np.float32)


def _regions_in(box: Box, labels: Labels) -> NDArray[np.bool_]:
    """The pixels of the regions that mostly lie in the box and are no backdrop."""
    height, width = labels.shape
    if box[2] * box[3] > MAX_BOX_AREA:
        return np.zeros(labels.shape, bool)
    part = np.zeros(labels.shape, bool)
    left, top = int(box[0] * width), int(box[1] * height)
    part[top : round((box[1] + box[3]) * height), left : round((box[0] + box[2]) * width)] = True
    count = int(labels.max()) + 1
    held = np.bincount(labels[part], minlength=count) / np.bincount(labels.ravel(), minlength=count)
    held[np.bincount(labels[0], minlength=count) > MAX_TOP_BORDER_SHARE * width] = 0
    return np.asarray((held >= MIN_SHARE_IN_BOX)[labels])


def _with_focus(picture: Picture, depth: Floats) -> Floats:
    """With a shallow depth of field, blurred parts lie behind."""
    field = depth_of_field(picture)
    if field.name != "shallow" or field.confidence < MIN_CONFIDENCE:
        return depth
    blur = blur_map(picture)
    weights = np.sqrt(blur.weight)
    crisp = _filled(weights / (1 + blur.sigma), weights, depth.shape)
    return np.asarray((1 - field.confidence / 2) * depth + field.confidence / 2 * crisp, np.float32)


def _filled(values: NDArray[Any], weights: NDArray[Any], shape: tuple[int, ...]) -> Floats:
    """Sharpness of cells, filled in over cells without structure."""
    wide = max(1.0, max(values.shape) / 16)
    near, weight = (cv2.GaussianBlur(cells, (0, 0), wide) for cells in (values, weights))
    crisp = near / np.maximum(weight, 1e-3)
    size = shape[1], shape[0]
    return np.asarray(cv2.resize(_stretched(crisp), size, interpolation=cv2.INTER_CUBIC))


def _stretched(values: NDArray[Any]) -> Floats:
    """Scaled to 0 to 1; the lowest and the highest hundredth are clipped."""
    low, high = np.quantile(values, (0.01, 0.99))
    return np.asarray(np.clip((values - low) / max(high - low, 1e-6), 0, 1), np.float32)
