"""edges(picture): how strong the edges of each part of a picture are, seen ever more coarsely.

An edge that is sharp is far stronger to a fine eye than to a coarse one; one that is blurred is
not. The strongest edge of a cell tells its blur apart from its texture. It does not judge.
"""

from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.geometry.sharpness import noise_of
from imagetoprompt.picture import Picture

Map: TypeAlias = NDArray[np.float32]

# Seen at about the size of a print held at arm's length: a blur that cannot be seen there is none,
# and pictures of all sizes are about equally crisp.
WORKING: Final = 320
# Side of a cell in pixels of the working copy.
CELL: Final = 12
# Gaussian widths in pixels at which gradients are taken.
SCALES: Final = (0.0, 1.0, 2.0, 4.0)
# Strongest and average at four scales; noise; height of the picture; place in it.
CHANNELS: Final = 11
# A picture with a shorter side below this many pixels has too few cells to compare.
LEAST: Final = 48
# The height (pixels) from which sizes are counted in octaves, and the scale of the strengths.
USUAL: Final = 256
OCTAVES: Final = 4.0


def edges(picture: Picture) -> Map | None:
    """Cells down x cells across x 11, about 0 to 2; None when the picture is too small.

    Logarithms of the strongest and of the mean gradient of a cell at each of four scales; then of
    the noise and of the height; and the place from top (0) to bottom (1).
    """
    return picture.once("edges", lambda: _edges(picture.at(WORKING)))


def _edges(pixels: NDArray[np.uint8]) -> Map | None:
    if min(pixels.shape[:2]) < LEAST:
        return None
    tone = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grid = tone.shape[0] // CELL, tone.shape[1] // CELL
    strengths = [each for scale in SCALES for each in _pooled(_gradient(tone, scale), grid)]
    rows = np.broadcast_to(((np.arange(grid[0]) + 0.5) / grid[0])[:, None], grid)
    noise = np.full(grid, np.log2(noise_of(tone) + 1))
    tall = np.full(grid, np.log2(tone.shape[0] / USUAL))
    logs = [np.log2(each + 0.5) / OCTAVES for each in strengths]
    return np.stack([*logs, noise, tall, rows], axis=-1).astype(np.float32)


def _gradient(tone: Map, scale: float) -> Map:
    """From each pixel to the next, at a Gaussian width; the finest that there is at none."""
    seen = cv2.GaussianBlur(tone, (0, 0), scale) if scale else tone
    across, down = np.zeros_like(tone), np.zeros_like(tone)
    across[:, :-1] = seen[:, 1:] - seen[:, :-1]
    down[:-1] = seen[1:] - seen[:-1]
    return cast(Map, cv2.magnitude(across, down))


def _pooled(strength: Map, grid: tuple[int, int]) -> tuple[Map, Map]:
    """The largest and the mean strength of each cell."""
    rows, columns = grid
    part = strength[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL)
    return cast(Map, part.max(axis=1).max(axis=2)), cast(Map, part.mean(axis=(1, 3)))
