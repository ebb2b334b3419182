"""How blurred each part of a picture is, from gradients at octave scales.

A step edge blurred by a Gaussian of width s has, at derivative scale t, a gradient energy in
proportion to 1 / sqrt(s**2 + t**2); the ratio of two scales gives s (after Zhuo and Sim, "Defocus
map estimation from a single image", 2011, with energies of cells in the place of single edges).
Flat cells tell nothing and weigh nothing. It does not know why something is blurred.
"""

from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Picture

FloatMap: TypeAlias = NDArray[np.float32]

# Seen with the whole picture in view: finer detail does not change a depth of field.
ANALYSIS_SIZE: Final = 512
CELL_SIZE: Final = 16
PYRAMID_LEVELS: Final = 3
# A cell with less of the energy around it sees only the tail of an edge beside it.
TAIL: Final = 0.6
# Cells across the neighborhood of each level: wider where wider edges are measured.
AROUND: Final = (2, 3, 5)
# Derivative scales within one level, in its own pixels: one octave.
FINE: Final = 1.0
COARSE: Final = 2.0
MAX_BLUR: Final = 12.0
# A picture that is rough everywhere is taken for texture, not for noise, beyond this.
LOUDEST: Final = 8.0
_IMMERKAER: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


@dataclass(frozen=True)
class PyramidLevel:
    """Gradients of one level of the pyramid at two scales, height x width of that level."""

    fine_x: FloatMap
    fine_y: FloatMap
    coarse_x: FloatMap
    coarse_y: FloatMap


@dataclass(frozen=True)
class Sharpness:
    """Cells of 16 pixels of the working copy, each array rows x columns.

    blur: width of the edges as a Gaussian sigma in pixels of the working copy, 0 to 12. weight:
    how much structure the cell has to tell it by, in gray levels of gradient, above the noise.
    """

    blur: FloatMap
    weight: FloatMap
    noise: float


def gray(picture: Picture) -> FloatMap:
    """The working copy in gray, 0 to 255: its longer side has at most 512 pixels."""
    return picture.once(("gray", ANALYSIS_SIZE), lambda: _gray(picture.at(ANALYSIS_SIZE)))


def pyramid(picture: Picture) -> tuple[PyramidLevel, ...]:
    """The gradients of the picture at three levels of a pyramid, each half the one before."""
    return picture.once(("gradients", ANALYSIS_SIZE), lambda: _levels(picture))


def sharpness(picture: Picture) -> Sharpness:
    """The blur of each cell of the picture."""
    return picture.once(
        ("sharpness", ANALYSIS_SIZE),
        lambda: _measured(pyramid(picture), noise_level(gray(picture))),
    )


def _gray(pixels: NDArray[np.uint8]) -> FloatMap:
    return cast(FloatMap, cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32))


def _levels(picture: Picture) -> tuple[PyramidLevel, ...]:
    tone = gray(picture)
    found = [_level(tone)]
    while len(found) < PYRAMID_LEVELS and min(tone.shape) >= 2 * CELL_SIZE:
        tone = cv2.pyrDown(tone)
        found.append(_level(tone))
    return tuple(found)


def _level(gray: FloatMap) -> PyramidLevel:
    fine = cv2.GaussianBlur(gray, (0, 0), FINE, borderType=cv2.BORDER_REFLECT)
    step = float(np.sqrt(COARSE**2 - FINE**2))
    coarse = cv2.GaussianBlur(fine, (0, 0), step, borderType=cv2.BORDER_REFLECT)
    return PyramidLevel(*_gradient(fine), *_gradient(coarse))


def _gradient(smooth: FloatMap) -> tuple[FloatMap, FloatMap]:
    wide = cv2.BORDER_REFLECT
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=1, scale=0.5, borderType=wide)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=1, scale=0.5, borderType=wide)
    return cast(FloatMap, across), cast(FloatMap, down)


def _measured(found: tuple[PyramidLevel, ...], noise: float) -> Sharpness:
    height, width = found[0].fine_x.shape
    grid = max(1, round(width / CELL_SIZE)), max(1, round(height / CELL_SIZE))
    own = [_energies(level, grid, noise / 2**index) for index, level in enumerate(found)]
    pairs = [_around(each, cells) for each, cells in zip(own, AROUND, strict=False)]
    widths = [_blur(fine, coarse) * 2**index for index, (fine, coarse) in enumerate(pairs)]
    blur = reduce(_choose, enumerate(widths), np.zeros_like(widths[0]))
    most = [
        np.where(here > TAIL * near, here, 0)
        for (_, here), (_, near) in zip(own, pairs, strict=True)
    ]
    weight = np.sqrt(np.max(most, axis=0))
    return Sharpness(np.minimum(blur, MAX_BLUR), weight.astype(np.float32), noise)


def _choose(so_far: FloatMap, candidate: tuple[int, FloatMap]) -> FloatMap:
    """A level is asked when the edges are wider than the one before can tell."""
    index, width = candidate
    if index == 0:
        return width
    return np.where(
        so_far > COARSE * 2 ** (index - 1),
        np.maximum(width, so_far.clip(0, COARSE * 2 ** (index - 1))),
        so_far,
    )


def _energies(
    level: PyramidLevel, grid: tuple[int, int], noise: float
) -> tuple[FloatMap, FloatMap]:
    """Gradient energy of each cell at the fine and the coarse scale, what noise adds taken off."""
    fine = cv2.resize(level.fine_x**2 + level.fine_y**2, grid, interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(level.coarse_x**2 + level.coarse_y**2, grid, interpolation=cv2.INTER_AREA)
    return np.maximum(fine - is_noisy(noise, FINE), 0), np.maximum(
        coarse - is_noisy(noise, COARSE), 0
    )


def _around(energies: tuple[FloatMap, FloatMap], cells: int) -> tuple[FloatMap, FloatMap]:
    """Energies of the neighborhood: an edge counts whole, not the part in one cell."""
    fine, coarse = (
        cast(FloatMap, cv2.blur(each, (cells, cells), borderType=cv2.BORDER_REPLICATE))
        for each in energies
    )
    return fine, coarse


def is_noisy(noise: float, scale: float) -> float:
    """Energy of the gradient of white noise smoothed by a Gaussian: sigma^2 / (4 pi t^4)."""
    return noise**2 / (4 * np.pi * scale**4)


def _blur(fine: FloatMap, coarse: FloatMap) -> FloatMap:
    """The Gaussian width, in pixels of the level, that makes this ratio of energies."""
    ratio = np.square((fine + 1e-6) / (coarse + 1e-6))
    squared = (COARSE**2 - ratio * FINE**2) / np.maximum(ratio - 1, 1e-3)
    return cast(FloatMap, np.sqrt(np.clip(squared, 0, MAX_BLUR**2)).astype(np.float32))


def noise_level(gray: FloatMap) -> float:
    """Standard deviation of the noise in gray levels, from the quietest blocks of the picture.

    The kernel is blind to ramps and to straight edges (Immerkaer, "Fast noise variance
    estimation", 1996); on white noise its output has six times the deviation.
    """
    rough = cv2.filter2D(gray, cv2.CV_32F, _IMMERKAER, borderType=cv2.BORDER_REFLECT)
    blocks = cv2.blur(rough**2, (CELL_SIZE, CELL_SIZE))[::8, ::8]
    return min(float(np.sqrt(np.quantile(blocks, 0.05))) / 6, LOUDEST)
