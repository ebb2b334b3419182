"""Posters of a few flat colors of known area, for the palette."""

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.drawn.picture import Canvas, Drawn, filed
from bench.scenes.colors import oklab
from bench.scenes.illuminant import decode

IMAGE_SIZE: Final = (360, 270)
MIN_COLOR_DISTANCE: Final = 0.12
"""The least distance in OKLab between two colors of a poster: six times what is just seen."""


def draw(seed: int) -> Drawn:
    """Three to six colors as bars, blocks or discs; the truth has their OKLab and area."""
    rng = np.random.default_rng([seed, 11])
    colors = _colors(rng, int(rng.integers(3, 7)))
    layout = rng.choice(3)
    labels = (_bars, _blocks, _discs)[int(layout)](rng, len(colors))
    canvas = np.array(colors)[labels]
    return filed(canvas, rng, {"palette": {"swatches": swatches(canvas, labels), "plain": True}})


def swatches(canvas: Canvas, labels: NDArray[np.int64]) -> list[Mapping[str, object]]:
    """Each label's mean color in OKLab and its area, the largest first."""
    lab = oklab(decode(canvas))
    found: list[tuple[float, Mapping[str, object]]] = []
    for label in np.unique(labels):
        mask = labels == label
        area = float(mask.mean())
        middle = [round(float(value), 4) for value in lab[mask].mean(axis=0)]
        found.append((area, {"oklab": middle, "area": round(area, 4), "spread": 0.0}))
    return [each for _, each in sorted(found, key=lambda pair: -pair[0])]


def _colors(rng: np.random.Generator, count: int) -> list[NDArray[np.float64]]:
    found: list[NDArray[np.float64]] = []
    while len(found) < count:
        drawn = rng.uniform(0.03, 0.97, 3)
        lab = oklab(decode(drawn))
        if all(np.linalg.norm(lab - oklab(decode(other))) > MIN_COLOR_DISTANCE for other in found):
            found.append(drawn)
    return found


def _bars(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    width, height = IMAGE_SIZE
    edges = np.cumsum(rng.uniform(0.3, 1.0, count))
    along = np.searchsorted(edges / edges[-1], (np.arange(width) + 0.5) / width)
    return np.broadcast_to(along, (height, width)).copy()


def _blocks(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    width, height = IMAGE_SIZE
    labels = np.zeros((height, width), dtype=np.int64)
    for label in range(1, count):
        left, top = rng.integers(0, width - 60), rng.integers(0, height - 60)
        wide, tall = rng.integers(60, 180), rng.integers(60, 140)
        labels[top : top + tall, left : left + wide] = label
    return labels


def _discs(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    width, height = IMAGE_SIZE
    labels = np.zeros((height, width), dtype=np.int32)
    for label in range(1, count):
        middle = (int(rng.integers(30, width - 30)), int(rng.integers(30, height - 30)))
        cv2.circle(labels, middle, int(rng.integers(30, 80)), label, -1)
    return labels.astype(np.int64)
