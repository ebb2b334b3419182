"""Color regions: `color_regions(picture)`, connected regions as a person would cut them out.

Watersheds give a few hundred small regions; neighbors are then merged, the most similar first.
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
# Gaussian sigma in pixels of the copy: finer color changes are texture.
SMOOTHING_SIGMA: Final = 2.0
# Neighbors closer than this (CIELAB units weighted by size) are merged, and more regions than this
# are merged further. Tuned by eye on 24 photographs.
MAX_MERGE_COST: Final = 9.0
MAX_REGIONS: Final = 40
# Two regions of this share of the picture merge at their plain distance, smaller ones sooner.
REFERENCE_AREA: Final = 0.02
SIZE_POWER: Final = 0.35
# Color steps across a border are measured over so many pixels: edges are smooth.
BORDER_GAP: Final = 5
# Lightness counts less than color: shading changes it within one thing.
LIGHTNESS_WEIGHT: Final = 0.6


def color_regions(picture: Picture) -> Labels:
    """The region of each pixel of a copy of at most 256 pixels: 0 is the largest region."""
    return picture.once("color regions", _regions, picture.at(ANALYSIS_SIDE))


def refine_regions(labels: Labels, pixels: NDArray[np.uint8]) -> Labels:
    """The same regions on a larger copy, their borders moved onto its edges."""
    size = pixels.shape[1], pixels.shape[0]
    inner = _inner_seeds(labels)
    seeds = cv2.resize(inner.astype(np.float32), size, interpolation=cv2.INTER_NEAREST)
    return _watershed(cv2.GaussianBlur(pixels, (0, 0), 1.0), seeds.astype(np.int32)) - 1


def _regions(pixels: NDArray[np.uint8]) -> Labels:
    if min(pixels.shape[:2]) < 3:
        return np.zeros(pixels.shape[:2], np.int32)
    smooth = cv2.GaussianBlur(pixels, (0, 0), SMOOTHING_SIGMA)
    lab = cv2.cvtColor(smooth.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    small = _watershed(smooth, _seeds(lab)) - 1
    return _ordered(_merged(small, lab * np.array([LIGHTNESS_WEIGHT, 1, 1], np.float32)))


def _seeds(lab: Array) -> Labels:
    """A mark, from 1 on, at every local minimum of the color gradient."""
    across, down = (cv2.Sobel(lab, cv2.CV_32F, *axes) for axes in ((1, 0), (0, 1)))
    slope = cv2.GaussianBlur(np.sqrt((across**2 + down**2).sum(axis=2)), (0, 0), 1.5)
    lowest = cv2.erode(slope, np.ones((9, 9), np.uint8)) == slope
    _, marks = cv2.connectedComponents(lowest.astype(np.uint8), connectivity=8)
    return np.asarray(marks, np.int32)


def _watershed(pixels: NDArray[np.uint8], seeds: Labels) -> Labels:
    """The mark of each pixel after flooding; the dams in between get a neighbor's mark."""
    marks = np.asarray(cv2.watershed(np.ascontiguousarray(pixels), seeds.copy()), np.int32)
    for _ in range(3):
        grown = cv2.dilate(marks.astype(np.float32), np.ones((3, 3), np.uint8)).astype(np.int32)
        marks = np.where(marks < 1, grown, marks)
    return np.maximum(marks, 1)


def _merged(labels: Labels, lab: Array) -> Labels:
    """Neighbors merged, cheapest first, until the rest are different and few."""
    count = int(labels.max()) + 1
    areas = np.bincount(labels.ravel(), minlength=count).astype(float)
    sums = np.stack([np.bincount(labels.ravel(), lab[:, :, i].ravel(), count) for i in range(3)], 1)
    borders = _borders(labels, lab, count)
    owner = np.arange(count)
    for kept, merged in _merges(sums, areas, borders, labels.size):
        owner[owner == merged] = kept
    return np.asarray(owner[labels], np.int32)


def _borders(labels: Labels, lab: Array, count: int) -> Array:
    """Length of the border of each pair of regions, and the sum of the color steps across it.

    n x n x 2, symmetric.
    """
    borders = np.zeros((count * count, 2))
    for axis in (0, 1):
        here, there = (np.take(labels, places, axis) for places in _ends(labels.shape[axis], 1))
        before, after = (
            np.take(lab, places, axis) for places in _ends(lab.shape[axis], BORDER_GAP)
        )
        steps = np.linalg.norm(before - after, axis=2)
        inner = _centered(steps, here.shape, axis)
        pairs = here.ravel() * count + there.ravel()
        apart = here.ravel() != there.ravel()
        for place, values in enumerate((np.ones(pairs.size), inner.ravel())):
            borders[:, place] += np.bincount(pairs[apart], values[apart], count * count)
    both = borders.reshape(count, count, 2)
    return both + both.transpose(1, 0, 2)


def _ends(length: int, gap: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The positions of all pairs of pixels along an axis that are `gap` apart."""
    places = np.arange(max(0, length - gap))
    return places, places + gap


def _centered(steps: Array, shape: tuple[int, ...], axis: int) -> Array:
    """Steps over several pixels, padded so that their centers match steps over one pixel."""
    missing = shape[axis] - steps.shape[axis]
    margins = [(0, 0), (0, 0)]
    margins[axis] = missing // 2, missing - missing // 2
    return np.pad(steps, margins, mode="edge") if steps.size else np.zeros(shape)


def _merges(sums: Array, areas: Array, borders: Array, total: int) -> Iterator[tuple[int, int]]:
    """Pairs to merge, in order; the three arrays are updated in place."""
    costs = np.stack([_costs(region, sums, areas, borders, total) for region in range(len(areas))])
    left = int((areas > 0).sum())
    while left > 1:
        first, second = divmod(int(costs.argmin()), len(areas))
        if costs[first, second] == np.inf or (
            costs[first, second] > MAX_MERGE_COST and left <= MAX_REGIONS
        ):
            return
        yield first, second
        sums[first] += sums[second]
        areas[first], areas[second] = areas[first] + areas[second], 0
        borders[first] += borders[second]
        borders[first, first] = borders[second] = 0
        borders[:, first], borders[:, second] = borders[first], 0
        costs[second] = costs[:, second] = np.inf
        costs[first] = costs[:, first] = _costs(first, sums, areas, borders, total)
        left -= 1


def _costs(first: int, sums: Array, areas: Array, borders: Array, total: int) -> Array:
    """The cost of merging one region with each other; inf for those that it does not touch.

    The geometric mean of the distance of the mean colors and of the step across the border: a ramp
    has no step, and two similar things apart have first. Less where either region is small.
    """
    sizes = np.maximum(areas, 1)
    apart = np.linalg.norm(sums / sizes[:, None] - sums[first] / sizes[first], axis=1)
    length, steps = borders[first, :, 0], borders[first, :, 1]
    shared = sizes * sizes[first] / (sizes + sizes[first]) / total
    unlike = np.sqrt(apart * steps / np.maximum(length, 1))
    return np.where(length > 0, unlike * (shared / (REFERENCE_AREA / 2)) ** SIZE_POWER, np.inf)


def _ordered(labels: Labels) -> Labels:
    """Numbered from 0, the largest region first."""
    names, flat, areas = np.unique(labels, return_inverse=True, return_counts=True)
    rank = np.empty(len(names), np.int32)
    rank[np.argsort(-areas, kind="stable")] = np.arange(len(names))
    return np.asarray(rank[flat].reshape(labels.shape), np.int32)


def _inner_seeds(labels: Labels) -> Labels:
    """Marks from 1 on, 0 along every border; a region too thin for that keeps its pixels."""
    wide = labels.astype(np.float32)
    square = np.ones((3, 3), np.uint8)
    inner = cv2.erode(wide, square) == cv2.dilate(wide, square)
    held = np.bincount(labels[inner], minlength=int(labels.max()) + 1)
    return np.where(inner | (held[labels] == 0), labels + 1, 0).astype(np.int32)
