"""scribble: a few thick strokes along the main outlines, as if drawn by hand."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.edges import contours
from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture

Floats = NDArray[np.float32]

# Shares of the surest outlines of the picture: a stroke goes on where it is this sure, and is drawn
# when some of it is as sure as the second.
WEAK_RIDGE: Final = 0.3
STRONG_RIDGE: Final = 0.55
# With nothing surer than this there is nothing to draw.
MIN_THRESHOLD: Final = 0.1
# A stroke of fewer pixels than this share of both sides is a speck.
MIN_STROKE_LENGTH: Final = 0.035
# Ridges are sought after smoothing by three pixels, as the scribble of HED in ControlNet does.
SMOOTHING: Final = 3.0
STROKE: Final = 1 / 150
DRAWN: Final = 1024
# Rows and columns to a neighbor: across, down, and along both diagonals.
STEPS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))


def draw(picture: Picture, /) -> Picture:
    """Strokes of one width, 255 on 0."""
    found = contours(picture)
    thin = ridges(found.strength)
    height, width = picture.at(DRAWN).shape[:2]
    away = cv2.resize(_away(thin), (width, height), interpolation=cv2.INTER_CUBIC)
    strokes = ((away < STROKE / 2 * max(thin.shape)) * 255).astype(np.uint8)
    return control_map(picture, strokes, f"scribble by {found.method}", flat=True)


def ridges(strength: Floats) -> NDArray[np.uint8]:
    """1 along the crests of the strength, one or two pixels wide, else 0."""
    smooth = cv2.GaussianBlur(strength, (0, 0), SMOOTHING * max(strength.shape) / 512)
    drops = np.stack([_drop(smooth, step) for step in STEPS])
    lower = np.stack([np.minimum(*_beside(smooth, step)) for step in STEPS])
    higher = np.stack([np.maximum(*_beside(smooth, step)) for step in STEPS])
    across = drops.argmax(axis=0)[None]
    crest = smooth >= np.take_along_axis(higher, across, 0)[0]
    crest &= smooth > np.take_along_axis(lower, across, 0)[0]
    top = max(MIN_THRESHOLD, float(np.quantile(smooth, 0.995)))
    return _drawn(
        np.asarray(crest & (smooth > WEAK_RIDGE * top), np.uint8), smooth > STRONG_RIDGE * top
    )


def _drop(smooth: Floats, step: tuple[int, int]) -> Floats:
    """How far the crest falls off to both sides of it along the step."""
    one, other = _beside(smooth, (2 * step[0], 2 * step[1]))
    return np.asarray((2 * smooth - one - other) / np.hypot(*step), np.float32)


def _beside(smooth: Floats, step: tuple[int, int]) -> tuple[Floats, Floats]:
    """The neighbors on both sides; beyond the border there is nothing."""
    high, wide = smooth.shape
    framed = np.pad(smooth, 2)
    ahead, behind = ((2 + step[0] * turn, 2 + step[1] * turn) for turn in (1, -1))
    return tuple(  # type: ignore[return-value]
        framed[top : top + high, left : left + wide] for top, left in (ahead, behind)
    )


def _drawn(thin: NDArray[np.uint8], sure: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The lines that are sure somewhere and not short for the picture."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(thin, connectivity=8)
    kept = stats[:, cv2.CC_STAT_AREA] >= MIN_STROKE_LENGTH * sum(thin.shape)
    kept &= np.bincount(labels[sure], minlength=count) > 0
    kept[0] = False
    return np.asarray(kept.astype(np.uint8)[labels], np.uint8)


def _away(thin: NDArray[np.uint8]) -> Floats:
    """How far each pixel is from the nearest line, in pixels."""
    return np.asarray(cv2.distanceTransform(1 - thin, cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
