"""scribble: a few thick strokes along the main outlines, as if drawn by hand."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.edge_detection import contours
from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture

Floats = NDArray[np.float32]

# Hysteresis, as shares of the strongest outlines (99.5th percentile): a stroke follows ridges above
# the first, and is drawn when some of it is above the second.
WEAK_RIDGE_SHARE: Final = 0.3
STRONG_RIDGE_SHARE: Final = 0.55
# Outlines weaker than this (of 1) count as this strong, so that a flat picture gives no strokes.
MIN_TOP_STRENGTH: Final = 0.1
# A stroke of fewer pixels than this share of both sides is a speck.
MIN_STROKE_LENGTH: Final = 0.035
# Standard deviation in pixels, at 512, of the blur before ridges are found: as ControlNet's HED
# scribble does.
RIDGE_SMOOTHING: Final = 3.0
# As a share of the longer side.
STROKE_WIDTH: Final = 1 / 150
DRAWING_SIZE: Final = 1024
# Rows and columns to a neighbor: across, down, and along both diagonals.
NEIGHBOR_STEPS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))


def draw(picture: Picture, /) -> Picture:
    """Strokes of one width, 255 on 0."""
    outlines = contours(picture)
    thin = ridges(outlines.strength)
    height, width = picture.at(DRAWING_SIZE).shape[:2]
    distance = cv2.resize(_distance(thin), (width, height), interpolation=cv2.INTER_CUBIC)
    strokes = ((distance < STROKE_WIDTH / 2 * max(thin.shape)) * 255).astype(np.uint8)
    return control_map(picture, strokes, f"scribble by {outlines.method}", flat=True)


def ridges(strength: Floats) -> NDArray[np.uint8]:
    """1 along the ridges of the strength (height x width), one or two pixels wide, else 0."""
    smooth = cv2.GaussianBlur(strength, (0, 0), RIDGE_SMOOTHING * max(strength.shape) / 512)
    drops = np.stack([_ridge_drop(smooth, step) for step in NEIGHBOR_STEPS])
    lower = np.stack([np.minimum(*_neighbors(smooth, step)) for step in NEIGHBOR_STEPS])
    higher = np.stack([np.maximum(*_neighbors(smooth, step)) for step in NEIGHBOR_STEPS])
    across = drops.argmax(axis=0)[None]
    crest = smooth >= np.take_along_axis(higher, across, 0)[0]
    crest &= smooth > np.take_along_axis(lower, across, 0)[0]
    top = max(MIN_TOP_STRENGTH, float(np.quantile(smooth, 0.995)))
    return _long_lines(
        np.asarray(crest & (smooth > WEAK_RIDGE_SHARE * top), np.uint8),
        smooth > STRONG_RIDGE_SHARE * top,
    )


def _ridge_drop(smooth: Floats, step: tuple[int, int]) -> Floats:
    """How far the ridge falls off to both sides along the step."""
    ahead, behind = _neighbors(smooth, (2 * step[0], 2 * step[1]))
    return np.asarray((2 * smooth - ahead - behind) / np.hypot(*step), np.float32)


def _neighbors(smooth: Floats, step: tuple[int, int]) -> tuple[Floats, Floats]:
    """The neighbors on both sides; 0 beyond the border."""
    high, wide = smooth.shape
    framed = np.pad(smooth, 2)
    ahead, behind = ((2 + step[0] * sign, 2 + step[1] * sign) for sign in (1, -1))
    return tuple(  # type: ignore[return-value]
        framed[top : top + high, left : left + wide] for top, left in (ahead, behind)
    )


def _long_lines(thin: NDArray[np.uint8], strong: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The lines that are strong somewhere and long enough for the picture."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(thin, connectivity=8)
    kept = stats[:, cv2.CC_STAT_AREA] >= MIN_STROKE_LENGTH * sum(thin.shape)
    kept &= np.bincount(labels[strong], minlength=count) > 0
    kept[0] = False
    return np.asarray(kept.astype(np.uint8)[labels], np.uint8)


def _distance(thin: NDArray[np.uint8]) -> Floats:
    """Distance of each pixel from the nearest line, in pixels."""
    return np.asarray(cv2.distanceTransform(1 - thin, cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
