"""Symmetry, balance, repetition and empty space: how a picture is laid out as a whole.

It does not know what is in it.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Picture

Map: TypeAlias = NDArray[np.float32]

SMALL: Final = 64
WORKING: Final = 256
CELLS: Final = 24
# Mean slope (CIELAB units a pixel) of a cell below which it is empty: a sky, a wall, blurred grass.
QUIET: Final = 1.0
# An axis of symmetry may be so far from the middle, in shares of the width.
OFF_AXIS: Final = 0.04


def symmetry(picture: Picture) -> float:
    """How alike the left and the mirrored right half are, 0 to 1.

    The correlation of the picture with its mirror image, what every row has in common taken off,
    since a plain sky over plain ground is no symmetry; in lightness and in edges.
    """
    return picture.once("symmetry", lambda: _symmetry(picture))


def _symmetry(picture: Picture) -> float:
    small = cv2.resize(picture.at(WORKING), (SMALL, SMALL), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab = cv2.GaussianBlur(lab, (0, 0), 1.0)
    edges = np.abs(cv2.Sobel(lab[..., 0], cv2.CV_32F, 1, 0, ksize=3))
    reach = round(OFF_AXIS * SMALL)
    shifts = range(-2 * reach, 2 * reach + 1, 2)
    best = max(
        0.6 * _mirrored(lab, shift) + 0.4 * _mirrored(edges[..., None], shift) for shift in shifts
    )
    return round(max(0.0, best), 4)


def _mirrored(values: Map, shift: int) -> float:
    """Correlation with the mirror image about an axis `shift` half columns off the middle."""
    part = values[:, max(0, shift) : SMALL + min(0, shift)]
    part = part - part.mean(axis=1, keepdims=True)
    energy = float((part**2).sum()) + 20.0 * part.size / 64
    return cast(float, float((part * part[:, ::-1]).sum()) / energy)


@dataclass(frozen=True)
class Space:
    """The largest part in which nothing happens.

    share: of the area. where: "on the left", "on the right", "above", "below", or "" when it is
    all around.
    """

    share: float
    where: str


def emptiest(picture: Picture) -> Space:
    """The largest connected part without structure."""
    return picture.once("emptiest", lambda: _emptiest(picture.at(WORKING)))


def _emptiest(pixels: NDArray[np.uint8]) -> Space:
    empty = _empty(pixels)
    count, _, stats, centers = cv2.connectedComponentsWithStats(empty, connectivity=4)
    if count < 2:
        return Space(0.0, "")
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    share = float(stats[largest, cv2.CC_STAT_AREA]) / empty.size
    across = centers[largest][0] / max(1, empty.shape[1] - 1) - 0.5
    down = centers[largest][1] / max(1, empty.shape[0] - 1) - 0.5
    return Space(round(share, 4), _where(float(across), float(down)))


def _where(across: float, down: float) -> str:
    """In words, when the middle of the space lies clearly to one side."""
    if max(abs(across), abs(down)) < 0.1:
        return ""
    if abs(across) >= abs(down):
        return "on the left" if across < 0 else "on the right"
    return "above" if down < 0 else "below"


def _empty(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 where nothing happens; 24 cells on the longer side."""
    height, width = pixels.shape[:2]
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    slopes = [cv2.Sobel(lab, cv2.CV_32F, 1 - down, down, ksize=3, scale=1 / 8) for down in (0, 1)]
    change = np.sqrt(sum(np.einsum("ijk,ijk->ij", slope, slope) for slope in slopes))
    scale = CELLS / max(height, width)
    grid = max(1, round(width * scale)), max(1, round(height * scale))
    cells = cv2.resize(change, grid, interpolation=cv2.INTER_AREA)
    return cast(NDArray[np.uint8], (cells < QUIET).astype(np.uint8))
