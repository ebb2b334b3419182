"""Blur: how blurred each part of a picture is, and whether the whole of it is motion-blurred.

`blur_map`: a step edge blurred by a Gaussian of sigma s has, at derivative scale t, a gradient
energy in proportion to 1 / sqrt(s**2 + t**2), so the ratio of two scales gives s (after Zhuo and
Sim, "Defocus map estimation from a single image", 2011, with energies of cells in the place of
single edges). Flat cells have no weight.

`motion_blur`: a smear of length L along an angle multiplies the spectrum by a sinc of L times the
frequency along that angle. The mean log power of tiles is binned by frequency and direction and
compared with such patterns. Textures have a direction too, but the same one at every frequency, and
not in every tile.
"""

from dataclasses import dataclass
from functools import cache, reduce
from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.linear_models import class_probabilities
from imagetoprompt.images.picture import Picture

Map: TypeAlias = NDArray[np.float32]

# The side at which a whole picture is viewed: finer detail does not change its depth of field.
ANALYSIS_SIDE: Final = 512
CELL_SIDE: Final = 16
PYRAMID_LEVELS: Final = 3
# A cell with less of its neighborhood's energy sees only the tail of an edge beside it.
MIN_NEIGHBORHOOD_SHARE: Final = 0.6
# Cells across the neighborhood of each level: wider where wider edges are measured.
NEIGHBORHOOD_CELLS: Final = (2, 3, 5)
# Derivative scales within one level, in its own pixels, one octave apart.
FINE_SIGMA: Final = 1.0
COARSE_SIGMA: Final = 2.0
MAX_BLUR_SIGMA: Final = 12.0
# More noise than this, in gray levels, is texture all over the picture.
MAX_NOISE: Final = 8.0
_IMMERKAER_KERNEL: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


@dataclass(frozen=True)
class GradientLevel:
    """Gradients of one pyramid level at two scales, height x width of that level."""

    fine_x: Map
    fine_y: Map
    coarse_x: Map
    coarse_y: Map


@dataclass(frozen=True)
class BlurMap:
    """Cells of 16 pixels of the 512 pixel copy; arrays are rows x columns.

    sigma: Gaussian width of the edges in pixels of that copy, 0 to 12. weight: how much structure
    the cell has, in gray levels of gradient above the noise. noise: its standard deviation in gray
    levels.
    """

    sigma: Map
    weight: Map
    noise: float


def gray_copy(picture: Picture) -> Map:
    """The picture in gray, 0 to 255, its longer side at most 512 pixels."""
    return picture.once("gray copy", _gray, picture.at(ANALYSIS_SIDE))


def gradient_pyramid(picture: Picture) -> tuple[GradientLevel, ...]:
    """The gradients of the picture at three levels, each half the size of the one before."""
    return picture.once("gradient pyramid", _gradient_pyramid, gray_copy(picture))


def blur_map(picture: Picture) -> BlurMap:
    """The blur of each cell of the picture."""
    return picture.once("blur map", _blur_map, gradient_pyramid(picture), gray_copy(picture))


def _gray(pixels: NDArray[np.uint8]) -> Map:
    return cast(Map, cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32))


def _gradient_pyramid(gray: Map) -> tuple[GradientLevel, ...]:
    levels = [_level(gray)]
    while len(levels) < PYRAMID_LEVELS and min(gray.shape) >= 2 * CELL_SIDE:
        gray = cv2.pyrDown(gray)
        levels.append(_level(gray))
    return tuple(levels)


def _level(gray: Map) -> GradientLevel:
    fine = cv2.GaussianBlur(gray, (0, 0), FINE_SIGMA, borderType=cv2.BORDER_REFLECT)
    step = float(np.sqrt(COARSE_SIGMA**2 - FINE_SIGMA**2))
    coarse = cv2.GaussianBlur(fine, (0, 0), step, borderType=cv2.BORDER_REFLECT)
    return GradientLevel(*_gradient(fine), *_gradient(coarse))


def _gradient(smooth: Map) -> tuple[Map, Map]:
    border = cv2.BORDER_REFLECT
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=1, scale=0.5, borderType=border)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=1, scale=0.5, borderType=border)
    return cast(Map, across), cast(Map, down)


def _blur_map(levels: tuple[GradientLevel, ...], gray: Map) -> BlurMap:
    noise = noise_level(gray)
    height, width = levels[0].fine_x.shape
    grid = max(1, round(width / CELL_SIDE)), max(1, round(height / CELL_SIDE))
    own = [_cell_energies(level, grid, noise / 2**index) for index, level in enumerate(levels)]
    around = [
        _neighborhood(cell, size) for cell, size in zip(own, NEIGHBORHOOD_CELLS, strict=False)
    ]
    sigmas = [_sigma(fine, coarse) * 2**index for index, (fine, coarse) in enumerate(around)]
    sigma = reduce(_combine, enumerate(sigmas), np.zeros_like(sigmas[0]))
    structure = [
        np.where(here > MIN_NEIGHBORHOOD_SHARE * near, here, 0)
        for (_, here), (_, near) in zip(own, around, strict=True)
    ]
    weight = np.sqrt(np.max(structure, axis=0))
    return BlurMap(np.minimum(sigma, MAX_BLUR_SIGMA), weight.astype(np.float32), noise)


def _combine(so_far: Map, candidate: tuple[int, Map]) -> Map:
    """Take a coarser level where the edges are wider than the level before can measure."""
    index, sigma = candidate
    if index == 0:
        return sigma
    limit = COARSE_SIGMA * 2 ** (index - 1)
    return np.where(so_far > limit, np.maximum(sigma, so_far.clip(0, limit)), so_far)


def _cell_energies(level: GradientLevel, grid: tuple[int, int], noise: float) -> tuple[Map, Map]:
    """Gradient energy of each cell at the fine and the coarse scale, less that of the noise."""
    fine = cv2.resize(level.fine_x**2 + level.fine_y**2, grid, interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(level.coarse_x**2 + level.coarse_y**2, grid, interpolation=cv2.INTER_AREA)
    return (
        np.maximum(fine - noise_gradient_energy(noise, FINE_SIGMA), 0),
        np.maximum(coarse - noise_gradient_energy(noise, COARSE_SIGMA), 0),
    )


def _neighborhood(energies: tuple[Map, Map], cells: int) -> tuple[Map, Map]:
    """Energies averaged over the neighborhood, so that an edge counts whole."""
    fine, coarse = (
        cast(Map, cv2.blur(energy, (cells, cells), borderType=cv2.BORDER_REPLICATE))
        for energy in energies
    )
    return fine, coarse


def noise_gradient_energy(noise: float, scale: float) -> float:
    """Gradient energy of white noise smoothed by a Gaussian: sigma^2 / (4 pi t^4)."""
    return noise**2 / (4 * np.pi * scale**4)


def _sigma(fine: Map, coarse: Map) -> Map:
    """The Gaussian sigma, in pixels of the level, that makes this ratio of energies."""
    ratio = np.square((fine + 1e-6) / (coarse + 1e-6))
    squared = (COARSE_SIGMA**2 - ratio * FINE_SIGMA**2) / np.maximum(ratio - 1, 1e-3)
    return cast(Map, np.sqrt(np.clip(squared, 0, MAX_BLUR_SIGMA**2)).astype(np.float32))


def noise_level(gray: Map) -> float:
    """Standard deviation of the noise in gray levels, from the quietest blocks of the picture.

    The kernel is blind to ramps and to straight edges (Immerkaer, "Fast noise variance
    estimation", 1996); on white noise its output has six times the deviation.
    """
    rough = cv2.filter2D(gray, cv2.CV_32F, _IMMERKAER_KERNEL, borderType=cv2.BORDER_REFLECT)
    blocks = cv2.blur(rough**2, (CELL_SIDE, CELL_SIDE))[::8, ::8]
    return min(float(np.sqrt(np.quantile(blocks, 0.05))) / 6, MAX_NOISE)


FloatArray: TypeAlias = NDArray[np.float64]

TILE_SIDE: Final = 128
MAX_TILES_PER_SIDE: Final = 4
FREQUENCY_RINGS: Final = 12
DIRECTION_SECTORS: Final = 36
# Cycles per pixel: lower ones are whole objects, higher ones are lost to cameras and JPEG.
MIN_FREQUENCY: Final = 0.03
MAX_FREQUENCY: Final = 0.40
# Smear lengths that are tried, in pixels of the 512 pixel copy, and angles in degrees.
SMEAR_LENGTHS: Final = (4.0, 5.5, 7.5, 10.0, 14.0, 20.0, 28.0, 40.0)
SMEAR_ANGLES: Final = np.arange(0, 180, 5)
# A tile with less contrast (deviation in gray levels, windowed) is sky or wall and is left out.
MIN_TILE_CONTRAST: Final = 3.0
# Log of the coarse structure across a smear against that along it, below which there is nothing
# across that could be smeared: stripes.
MIN_CROSS_STRUCTURE: Final = -4.5
# With fewer tiles a single thing in the dark cannot be told from a smear.
MIN_TILES: Final = 2
# Power at which rounding to whole gray levels hides the signal: the energy of the Hann window
# (3/8 squared) times the square of half a gray level.
ROUNDING_POWER: Final = TILE_SIDE**2 * 0.14 * 0.25


@dataclass(frozen=True)
class MotionBlur:
    """The smear of the whole picture.

    confidence: that there is one, 0 to 1. angle: degrees from the horizontal, counter-clockwise,
    0 to 180. length: as a fraction of the longer side.
    """

    confidence: float
    angle: float
    length: float


def motion_blur(picture: Picture) -> MotionBlur:
    """The smear that fits the spectrum best, and its confidence."""
    fitted = motion_features(picture)
    if fitted is None or fitted[1][-1] < MIN_CROSS_STRUCTURE:
        return MotionBlur(0.0, 0.0, 0.0)
    fit, features = fitted
    confidence = class_probabilities("motion", features)["smeared"]
    return MotionBlur(confidence, fit.angle, fit.length / max(gray_copy(picture).shape))


def motion_features(picture: Picture) -> "tuple[SmearFit, tuple[float, ...]] | None":
    """The best fit and the features of the model "motion"; None when too little has structure."""
    fit = _fit(_log_powers(gray_copy(picture)))
    if fit is None:
        return None
    return fit, (
        *fit.features,
        *_sharpness_by_direction(picture),
        *_weaker_across(picture, fit.angle),
    )


@dataclass(frozen=True)
class SmearFit:
    """The best pattern: angle in degrees, length in pixels, and features of how well it fits."""

    angle: float
    length: float
    features: tuple[float, ...]


def _fit(powers: FloatArray) -> SmearFit | None:
    """The pattern that the mean of the tiles is most like; None when too few have structure."""
    if len(powers) < MIN_TILES:
        return None
    power = powers.mean(axis=0)
    fits = (_patterns() @ _shape(power)).reshape(len(SMEAR_ANGLES), len(SMEAR_LENGTHS))
    rising = _patterns() @ _shape(power - power[:3].mean(axis=0))
    most = int(fits.argmax())
    angle, length = divmod(most, len(SMEAR_LENGTHS))
    best = fits.max(axis=1)
    tiles = [float(_patterns()[most] @ _shape(tile)) for tile in powers]
    features = (
        float(fits.max()),
        float(rising.max()),
        float(best[(angle + len(SMEAR_ANGLES) // 2) % len(SMEAR_ANGLES)]),
        float(np.log(SMEAR_LENGTHS[length])),
        float(rising[most]),
        float(np.median(tiles)),
        float(np.quantile(tiles, 0.1)),
        len(powers) / MAX_TILES_PER_SIDE**2,
    )
    return SmearFit(_interpolated_angle(best, angle), SMEAR_LENGTHS[length], features)


def _sharpness_by_direction(picture: Picture) -> tuple[float, ...]:
    """How sharp the edges are in the least sharp and in the sharpest direction.

    The log ratio of fine to coarse gradient energy along each direction: its extremes over the
    whole picture; then how far the tiles agree on the direction, and how strongly.
    """
    level, noise = gradient_pyramid(picture)[0], blur_map(picture).noise
    fine = _energy_by_angle(
        level.fine_x, level.fine_y, noise_gradient_energy(noise, FINE_SIGMA) / 2
    )
    coarse = _energy_by_angle(
        level.coarse_x, level.coarse_y, noise_gradient_energy(noise, COARSE_SIGMA) / 2
    )
    whole = np.log((fine.sum(axis=0) + 0.02) / (coarse.sum(axis=0) + 0.02))
    tiles = np.log((fine + 0.05) / (coarse + 0.05))
    turned = (tiles * np.exp(2j * np.deg2rad(SMEAR_ANGLES))).mean(axis=1)
    weight = np.sqrt(coarse.mean(axis=1))
    pulled, held = abs((turned * weight).sum()), float((abs(turned) * weight).sum())
    agreed, strength = pulled / max(held, 1e-6), pulled / max(float(weight.sum()), 1e-6)
    return float(whole.min()), float(whole.max()), float(agreed), float(strength)


def _weaker_across(picture: Picture, angle: float) -> tuple[float, float, float]:
    """How much weaker edges across the angle are than those along it, at three octaves (log).

    A smear weakens the fine octaves only; layers of cloud or sand differ at every octave.
    """
    levels = gradient_pyramid(picture)
    turn = np.deg2rad(angle)
    ratios = []
    for level in (levels[min(index, len(levels) - 1)] for index in range(3)):
        along = level.coarse_x * np.cos(turn) - level.coarse_y * np.sin(turn)
        aside = level.coarse_x * np.sin(turn) + level.coarse_y * np.cos(turn)
        ratios.append(
            float(np.log((np.square(along).mean() + 0.1) / (np.square(aside).mean() + 0.1)))
        )
    return ratios[0], ratios[1], ratios[2]


def _energy_by_angle(across: Map, down: Map, noise: float) -> FloatArray:
    """Energy of the derivative along each of ANGLES, tiles x angles."""
    grid = MAX_TILES_PER_SIDE, MAX_TILES_PER_SIDE
    xx = cv2.resize(across * across, grid, interpolation=cv2.INTER_AREA).ravel() - noise
    xy = cv2.resize(across * down, grid, interpolation=cv2.INTER_AREA).ravel()
    yy = cv2.resize(down * down, grid, interpolation=cv2.INTER_AREA).ravel() - noise
    cos, sin = np.cos(np.deg2rad(SMEAR_ANGLES)), np.sin(np.deg2rad(SMEAR_ANGLES))
    energy = np.outer(xx, cos**2) - np.outer(xy, 2 * cos * sin) + np.outer(yy, sin**2)
    return cast(FloatArray, np.maximum(energy, 0))


def _interpolated_angle(best: FloatArray, at: int) -> float:
    """The angle of the peak of a parabola through the best three; degrees, 0 to 180."""
    before, here, after = best[at - 1], best[at], best[(at + 1) % len(best)]
    bend = before - 2 * here + after
    shift = 0.0 if bend >= 0 else 0.5 * (before - after) / bend
    return float((SMEAR_ANGLES[at] + shift * (SMEAR_ANGLES[1] - SMEAR_ANGLES[0])) % 180)


def _log_powers(tone: Map) -> FloatArray:
    """Log power of each tile that has structure, tiles x rings x sectors."""
    height, width = tone.shape
    missing = max(0, TILE_SIDE - height), max(0, TILE_SIDE - width)
    full = cv2.copyMakeBorder(tone, 0, missing[0], 0, missing[1], cv2.BORDER_REFLECT)
    tops, lefts = _tile_starts(full.shape[0]), _tile_starts(full.shape[1])
    tiles = np.stack([full[y : y + TILE_SIDE, x : x + TILE_SIDE] for y in tops for x in lefts])
    window = np.outer(np.hanning(TILE_SIDE + 2)[1:-1], np.hanning(TILE_SIDE + 2)[1:-1])
    level = (tiles - tiles.mean(axis=(1, 2), keepdims=True)) * window
    spectra = np.fft.rfft2(level[level.std(axis=(1, 2)) > MIN_TILE_CONTRAST])
    power = (spectra.real**2 + spectra.imag**2).reshape(
        len(spectra), TILE_SIDE * (TILE_SIDE // 2 + 1)
    )
    return np.array([np.log(_binned(tile) + ROUNDING_POWER) for tile in power])


def _tile_starts(length: int) -> list[int]:
    """Where tiles start along a side: enough to cover it, at most four."""
    count = min(MAX_TILES_PER_SIDE, 1 + (length - TILE_SIDE) * 2 // TILE_SIDE)
    return [int(place) for place in np.linspace(0, length - TILE_SIDE, count)]


def _shape(power: FloatArray) -> FloatArray:
    """How the power of each ring differs by direction, as a unit vector."""
    turned = (power - power.mean(axis=1, keepdims=True)).ravel()
    return cast(FloatArray, turned / max(float(np.linalg.norm(turned)), 1e-9))


@cache
def _bins() -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """The bin of each frequency inside the rings, which those are, and how many a bin has."""
    along, across = _frequencies()
    radius, turn = np.hypot(along, across), np.arctan2(-across, along) % np.pi
    ring = np.digitize(radius, np.geomspace(MIN_FREQUENCY, MAX_FREQUENCY, FREQUENCY_RINGS + 1)) - 1
    sector = np.floor(turn / np.pi * DIRECTION_SECTORS).astype(np.int64) % DIRECTION_SECTORS
    inside = ((ring >= 0) & (ring < FREQUENCY_RINGS)).ravel()
    index = (ring * DIRECTION_SECTORS + sector).ravel()[inside]
    return index, inside, np.bincount(index, minlength=FREQUENCY_RINGS * DIRECTION_SECTORS).clip(1)


def _frequencies() -> tuple[FloatArray, FloatArray]:
    across, along = np.meshgrid(
        np.fft.fftfreq(TILE_SIDE), np.fft.rfftfreq(TILE_SIDE), indexing="ij"
    )
    return along, across


def _binned(values: FloatArray) -> FloatArray:
    index, inside, count = _bins()
    sums = np.bincount(index, values[inside], FREQUENCY_RINGS * DIRECTION_SECTORS)
    return cast(FloatArray, (sums / count).reshape(FREQUENCY_RINGS, DIRECTION_SECTORS))


@cache
def _patterns() -> FloatArray:
    """The shape of every smear that is tried: angles x lengths rows."""
    along, across = _frequencies()
    rows = []
    for angle in np.deg2rad(SMEAR_ANGLES):
        run = along * np.cos(angle) - across * np.sin(angle)
        rows += [
            _shape(_binned(np.log(np.sinc(run * n) ** 2 + 0.02).ravel())) for n in SMEAR_LENGTHS
        ]
    return np.array(rows)
