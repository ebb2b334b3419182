"""defocus(picture) -> how probable each width of the blur is that tells the depth of field.

A small network of our own, trained on pictures whose lens is known (docs/light.md). That blur is
the circle of confusion of the subject or of what is behind it, whichever is larger. It does not
know distances.
"""

from collections.abc import Iterator
from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Picture
from imagetoprompt.models.runtime import ours

Map: TypeAlias = NDArray[np.float32]

SIDE: Final = 288
"""Pixels of the longer side that is looked at."""
CELL: Final = 8
CELLS: Final = SIDE // CELL
LEVELS: Final = 4
"""Of the pyramid whose energies are taken, two of each."""
CHANNELS: Final = 4 * LEVELS + 1
"""Two energies of each level, how low each is where the picture is quietest, and a mask."""
# Energy (squared gray levels) of the rounding to whole gray levels, below which nothing is seen.
ROUNDING: Final = 0.08
OCTAVES: Final = tuple(step / 2 for step in range(-3, 10))
"""Logarithms to base 2 of the diameters in pixels, in the middle of each class."""


def defocus(picture: Picture) -> tuple[float, ...]:
    """The probability of each class of OCTAVES, by the picture and its mirror image."""
    return picture.once("defocus", lambda: _likely(picture))


def beyond(chances: tuple[float, ...], share: float, height: int) -> float:
    """The probability that the blur is wider than this share of the height in pixels."""
    bound = float(np.log2(max(share * height, 1e-6)))
    edges = np.append(np.array(OCTAVES) - 0.25, OCTAVES[-1] + 0.25)
    below = np.concatenate([[0.0], np.cumsum(chances)])
    return float(1 - np.interp(bound, edges, below))


def prepared(pixels: NDArray[np.uint8]) -> Map:
    """CELLS x CELLS x CHANNELS of a picture of at most SIDE pixels: logarithms of energies.

    What a blur takes from the fine levels it leaves in the coarse ones, whatever the contrast. A
    small picture is not enlarged, since that would look like blur.
    """
    height, width = pixels.shape[:2]
    grid = max(1, round(width / CELL)), max(1, round(height / CELL))
    found = np.stack(list(_energies(pixels, grid)), -1).reshape(grid[1], grid[0], -1)
    quiet = np.quantile(found, 0.1, axis=(0, 1))
    seen = np.zeros((CELLS, CELLS, CHANNELS), np.float32)
    top, left = (CELLS - grid[1]) // 2, (CELLS - grid[0]) // 2
    inside = seen[top : top + grid[1], left : left + grid[0]]
    inside[..., : 2 * LEVELS], inside[..., 2 * LEVELS : -1], inside[..., -1] = found, quiet, 1
    return seen


def _energies(pixels: NDArray[np.uint8], grid: tuple[int, int]) -> Iterator[Map]:
    """Of each level what a narrow and then a wide Gaussian take away, in each cell."""
    tone = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    for _ in range(LEVELS):
        narrow = cv2.GaussianBlur(tone, (0, 0), 0.8)
        wide = cv2.GaussianBlur(narrow, (0, 0), 1.0)
        for taken in (tone - narrow, narrow - wide):
            energy = cv2.resize(taken**2, grid, interpolation=cv2.INTER_AREA)
            yield cast(Map, np.log2(np.atleast_2d(energy) + ROUNDING) / 4)
        tone = cv2.pyrDown(wide) if min(tone.shape) > 2 else wide


def _likely(picture: Picture) -> tuple[float, ...]:
    seen = prepared(picture.at(SIDE))
    logits = ours("field.onnx").run(np.stack([seen, seen[:, ::-1]]))
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances = cast(Map, (powers / powers.sum(axis=1, keepdims=True)).mean(axis=0))
    return tuple(float(each) for each in chances.round(5))
