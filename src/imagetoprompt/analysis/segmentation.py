"""regions_of(picture) -> which pixels hang together by color, as a person would cut them out.

Watersheds give a few hundred small regions, and neighbors are merged, the likest first. It does
not know what a region shows.
"""

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Picture

Labels = NDArray[np.int32]
Array = NDArray[Any]

ANALYSIS_SIDE: Final = 256
# Gaussian width in pixels of the working copy below which colors are texture.
SMOOTHING_SIGMA: Final = 2.0
# Neighbors nearer than this, in CIE Lab units weighed by size, are one region; and at most this
# many regions are kept. Tuned by eye on 24 photographs.
MAX_MERGE_COST: Final = 9.0
MAX_REGIONS: Final = 40
# Two regions of this share of the picture merge at their plain distance; smaller ones sooner.
REFERENCE_AREA: Final = 0.02
SIZE_POWER: Final = 0.35
# Steps across a border are taken over so many pixels: an edge is as wide as it is smooth.
BORDER_GAP: Final = 5
# Shading changes the lightness within one thing.
LIGHTNESS_WEIGHT: Final = 0.6


def color_regions(picture: Picture) -> Labels:
    """The region of each pixel of a copy of at most 256 pixels: 0 is the largest region."""
    return picture.once("regions", lambda: _regions(picture.at(ANALYSIS_SIDE)))


def refine_regions(labels: Labels, pixels: NDArray[np.uint8]) -> Labels:
    """The same regions on a larger copy, their borders moved onto its edges."""
    size = pixels.shape[1], pixels.shape[0]
    inner = _eroded(labels)
    seeds = cv2.resize(inner.astype(np.float32), size, interpolation=cv2.INTER_NEAREST)
    return _flooded(cv2.GaussianBlur(pixels, (0, 0), 1.0), seeds.astype(np.int32)) - 1


def _regions(pixels: NDArray[np.uint8]) -> Labels:
    if min(pixels.shape[:2]) < 3:
        return np.zeros(pixels.shape[:2], np.int32)
    smooth = cv2.GaussianBlur(pixels, (0, 0), SMOOTHING_SIGMA)
    lab = cv2.cvtColor(smooth.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    small = _flooded(smooth, _seeds(lab)) - 1
    return _ordered(_merged(small, lab * np.array([LIGHTNESS_WEIGHT, 1, 1], np.float32)))


def _seeds(lab: Array) -> Labels:
    """A mark of its own, from 1 on, in every place that is flatter than all around it."""
    across, down = (cv2.Sobel(lab, cv2.CV_32F, *axes) for axes in ((1, 0), (0, 1)))
    slope = cv2.GaussianBlur(np.sqrt((across**2 + down**2).sum(axis=2)), (0, 0), 1.5)
    lowest = cv2.erode(slope, np.ones((9, 9), np.uint8)) == slope
    _, marks = cv2.connectedComponents(lowest.astype(np.uint8), connectivity=8)
    return np.asarray(marks, np.int32)


def _flooded(pixels: NDArray[np.uint8], seeds: Labels) -> Labels:
    """Each pixel's mark after the marks have spread; the dams between them are given away too."""
    marks = np.asarray(cv2.watershed(np.ascontiguousarray(pixels), seeds.copy()), np.int32)
    for _ in range(3):
        grown = cv2.dilate(marks.astype(np.float32), np.ones((3, 3), np.uint8)).astype(np.int32)
        marks = np.where(marks < 1, grown, marks)
    return np.maximum(marks, 1)


def _merged(labels: Labels, lab: Array) -> Labels:
    """Neighbors merged, cheapest first, until the rest are unlike and few."""
    count = int(labels.max()) + 1
    areas = np.bincount(labels.ravel(), minlength=count).astype(float)
    sums = np.stack([np.bincount(labels.ravel(), lab[:, :, i].ravel(), count) for i in range(3)], 1)
    borders = _borders(labels, lab, count)
    owner = np.arange(count)
    for one, other in _merges(sums, areas, borders, labels.size):
        owner[owner == other] = one
    return np.asarray(owner[labels], np.int32)


def _borders(labels: Labels, lab: Array, count: int) -> Array:
    """How long the border of each two regions is, and the steps across it added up (n x n x 2)."""
    found = np.zeros((count * count, 2))
    for axis in (0, 1):
        here, there = (np.take(labels, each, axis) for each in _ends(labels.shape[axis], 1))
        before, after = (np.take(lab, each, axis) for each in _ends(lab.shape[axis], BORDER_GAP))
        steps = np.linalg.norm(before - after, axis=2)
        inner = _centerd(steps, here.shape, axis)
        pairs = here.ravel() * count + there.ravel()
        apart = here.ravel() != there.ravel()
        for place, values in enumerate((np.ones(pairs.size), inner.ravel())):
            found[:, place] += np.bincount(pairs[apart], values[apart], count * count)
    both = found.reshape(count, count, 2)
    return both + both.transpose(1, 0, 2)


def _ends(length: int, gap: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of two pixels that lie so far apart."""
    places = np.arange(max(0, length - gap))
    return places, places + gap


def _centerd(steps: Array, shape: tuple[int, ...], axis: int) -> Array:
    """Steps over several pixels, laid so that their middles fall on those over one."""
    missing = shape[axis] - steps.shape[axis]
    margins = [(0, 0), (0, 0)]
    margins[axis] = missing // 2, missing - missing // 2
    return np.pad(steps, margins, mode="edge") if steps.size else np.zeros(shape)


def _merges(sums: Array, areas: Array, borders: Array, total: int) -> Iterator[tuple[int, int]]:
    """Pairs to merge, in order; the three arrays are kept true as they are merged."""
    costs = np.stack([_costs(one, sums, areas, borders, total) for one in range(len(areas))])
    left = int((areas > 0).sum())
    while left > 1:
        one, other = divmod(int(costs.argmin()), len(areas))
        if costs[one, other] == np.inf or (
            costs[one, other] > MAX_MERGE_COST and left <= MAX_REGIONS
        ):
            return
        yield one, other
        sums[one] += sums[other]
        areas[one], areas[other] = areas[one] + areas[other], 0
        borders[one] += borders[other]
        borders[one, one] = borders[other] = 0
        borders[:, one], borders[:, other] = borders[one], 0
        costs[other] = costs[:, other] = np.inf
        costs[one] = costs[:, one] = _costs(one, sums, areas, borders, total)
        left -= 1


def _costs(one: int, sums: Array, areas: Array, borders: Array, total: int) -> Array:
    """What it costs to merge one region with each; inf with those that it does not touch.

    The distance of the mean colors and the step across the border, in equal parts: a ramp has no
    step, and two like things apart have one. Less where either is small.
    """
    sizes = np.maximum(areas, 1)
    apart = np.linalg.norm(sums / sizes[:, None] - sums[one] / sizes[one], axis=1)
    length, steps = borders[one, :, 0], borders[one, :, 1]
    shared = sizes * sizes[one] / (sizes + sizes[one]) / total
    unlike = np.sqrt(apart * steps / np.maximum(length, 1))
    return np.where(length > 0, unlike * (shared / (REFERENCE_AREA / 2)) ** SIZE_POWER, np.inf)


def _ordered(labels: Labels) -> Labels:
    """Numbered from 0, the largest first."""
    names, flat, areas = np.unique(labels, return_inverse=True, return_counts=True)
    rank = np.empty(len(names), np.int32)
    rank[np.argsort(-areas, kind="stable")] = np.arange(len(names))
    return np.asarray(rank[flat].reshape(labels.shape), np.int32)


def _eroded(labels: Labels) -> Labels:
    """Marks from 1 on, 0 along every border; a region too thin for that keeps its own pixels."""
    wide = labels.astype(np.float32)
    square = np.ones((3, 3), np.uint8)
    inner = cv2.erode(wide, square) == cv2.dilate(wide, square)
    held = np.bincount(labels[inner], minlength=int(labels.max()) + 1)
    return np.where(inner | (held[labels] == 0), labels + 1, 0).astype(np.int32)
