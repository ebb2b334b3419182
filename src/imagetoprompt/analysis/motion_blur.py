"""Whether the whole picture is smeared in one direction, from the shape of its spectrum.

A smear of length L along an angle multiplies the spectrum by a sinc of L times the frequency along
that angle. The mean log power of tiles is laid out by frequency and direction and compared with
such patterns. Textures have a direction too, but the same one at every frequency, and not in every
tile. It does not know what moved, the camera or the subject.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.blur import COARSE, FINE, FloatMap, gray, is_noisy, pyramid, sharpness
from imagetoprompt.analysis.linear_models import logistic_odds
from imagetoprompt.images.picture import Picture

Table: TypeAlias = NDArray[np.float64]

TILE_SIZE: Final = 128
TILES: Final = 4
RINGS: Final = 12
SECTORS: Final = 36
# Cycles per pixel: below are whole objects, above is what cameras and JPEG leave out.
MIN_FREQUENCY: Final = 0.03
MAX_FREQUENCY: Final = 0.40
# Pixels of the working copy, in steps of about the root of two.
LENGTHS: Final = (4.0, 5.5, 7.5, 10.0, 14.0, 20.0, 28.0, 40.0)
ANGLES: Final = np.arange(0, 180, 5)
# A tile with less contrast (deviation in gray levels, windowed) is sky or wall and tells nothing.
MIN_TILE_CONTRAST: Final = 3.0
# Log of the coarse structure across a smear against that along it, below which there is nothing
# across that could be smeared: stripes.
BARE: Final = -4.5
# A single body in the dark has a spectrum of its own: fewer tiles do not tell it from a smear.
MIN_TILES: Final = 2
# Power at which rounding to whole gray levels hides the signal: the energy of the Hann window
# (3/8 squared) times the square of half a gray level.
FLOOR: Final = TILE_SIZE**2 * 0.14 * 0.25


@dataclass(frozen=True)
class MotionBlur:
    """How the whole picture is smeared.

    confidence: that it is, 0 to 1. angle: degrees, 0 along the horizontal, counter-clockwise, below
    180. length: fractions of the longer side.
    """

    confidence: float
    angle: float
    length: float


def motion_blur(picture: Picture) -> MotionBlur:
    """The smear that the spectrum of the picture fits best, and how sure it is one."""
    return picture.once("motion", lambda: _fitted(picture))


def _fitted(picture: Picture) -> MotionBlur:
    seen = blur_evidence(picture)
    if seen is None or seen[1][-1] < BARE:
        return MotionBlur(0.0, 0.0, 0.0)
    fit, features = seen
    confidence = logistic_odds("motion", features)["smeared"]
    return MotionBlur(confidence, fit.angle, fit.length / max(gray(picture).shape))


def blur_evidence(picture: Picture) -> "tuple[BlurFit, tuple[float, ...]] | None":
    """The best pattern and all features of the model; None when too little has structure."""
    fit = _fit(_log_powers(gray(picture)))
    if fit is None:
        return None
    return fit, (*fit.features, *_directional(picture), *_lopsided(picture, fit.angle))


@dataclass(frozen=True)
class BlurFit:
    """The best pattern: angle in degrees, length in pixels, and what tells whether it is true."""

    angle: float
    length: float
    features: tuple[float, ...]


def _fit(powers: Table) -> BlurFit | None:
    """The pattern that the mean of the tiles is most like; None when too few have structure."""
    if len(powers) < MIN_TILES:
        return None
    power = powers.mean(axis=0)
    fits = (_patterns() @ _shape(power)).reshape(len(ANGLES), len(LENGTHS))
    rising = _patterns() @ _shape(power - power[:3].mean(axis=0))
    most = int(fits.argmax())
    angle, length = divmod(most, len(LENGTHS))
    best = fits.max(axis=1)
    tiles = [float(_patterns()[most] @ _shape(each)) for each in powers]
    features = (
        float(fits.max()),
        float(rising.max()),
        float(best[(angle + len(ANGLES) // 2) % len(ANGLES)]),
        float(np.log(LENGTHS[length])),
        float(rising[most]),
        float(np.median(tiles)),
        float(np.quantile(tiles, 0.1)),
        len(powers) / TILES**2,
    )
    return BlurFit(_peak(best, angle), LENGTHS[length], features)


def _directional(picture: Picture) -> tuple[float, ...]:
    """How sharp edges are across the direction in which they are least and most so.

    The log ratio of fine to coarse gradient energy along each direction, its extremes over the
    whole picture; then how far tiles agree on the direction, and how strongly.
    """
    level, noise = pyramid(picture)[0], sharpness(picture).noise
    fine = _along(level.fine_x, level.fine_y, is_noisy(noise, FINE) / 2)
    coarse = _along(level.coarse_x, level.coarse_y, is_noisy(noise, COARSE) / 2)
    whole = np.log((fine.sum(axis=0) + 0.02) / (coarse.sum(axis=0) + 0.02))
    tiles = np.log((fine + 0.05) / (coarse + 0.05))
    turned = (tiles * np.exp(2j * np.deg2rad(ANGLES))).mean(axis=1)
    weight = np.sqrt(coarse.mean(axis=1))
    pulled, held = abs((turned * weight).sum()), float((abs(turned) * weight).sum())
    agreed, strength = pulled / max(held, 1e-6), pulled / max(float(weight.sum()), 1e-6)
    return float(whole.min()), float(whole.max()), float(agreed), float(strength)


def _lopsided(picture: Picture, angle: float) -> tuple[float, float, float]:
    """How much weaker edges across the angle are than those along it, at three octaves (log).

    A smear weakens the fine ones only; layers of cloud or sand are lopsided at every octave.
    """
    found = pyramid(picture)
    turn = np.deg2rad(angle)
    ratios = []
    for level in (found[min(index, len(found) - 1)] for index in range(3)):
        along = level.coarse_x * np.cos(turn) - level.coarse_y * np.sin(turn)
        aside = level.coarse_x * np.sin(turn) + level.coarse_y * np.cos(turn)
        ratios.append(
            float(np.log((np.square(along).mean() + 0.1) / (np.square(aside).mean() + 0.1)))
        )
    return ratios[0], ratios[1], ratios[2]


def _along(across: FloatMap, down: FloatMap, noise: float) -> Table:
    """Energy of the derivative along each of ANGLES, tiles x angles."""
    grid = TILES, TILES
    xx = cv2.resize(across * across, grid, interpolation=cv2.INTER_AREA).ravel() - noise
    xy = cv2.resize(across * down, grid, interpolation=cv2.INTER_AREA).ravel()
    yy = cv2.resize(down * down, grid, interpolation=cv2.INTER_AREA).ravel() - noise
    cos, sin = np.cos(np.deg2rad(ANGLES)), np.sin(np.deg2rad(ANGLES))
    energy = np.outer(xx, cos**2) - np.outer(xy, 2 * cos * sin) + np.outer(yy, sin**2)
    return cast(Table, np.maximum(energy, 0))


def _peak(best: Table, at: int) -> float:
    """The angle between the steps, by a parabola through the best three; degrees below 180."""
    before, here, after = best[at - 1], best[at], best[(at + 1) % len(best)]
    bend = before - 2 * here + after
    shift = 0.0 if bend >= 0 else 0.5 * (before - after) / bend
    return float((ANGLES[at] + shift * (ANGLES[1] - ANGLES[0])) % 180)


def _log_powers(tone: FloatMap) -> Table:
    """Log power of each tile that has structure, tiles x rings x sectors."""
    height, width = tone.shape
    missing = max(0, TILE_SIZE - height), max(0, TILE_SIZE - width)
    full = cv2.copyMakeBorder(tone, 0, missing[0], 0, missing[1], cv2.BORDER_REFLECT)
    tops, lefts = _places(full.shape[0]), _places(full.shape[1])
    tiles = np.stack([full[y : y + TILE_SIZE, x : x + TILE_SIZE] for y in tops for x in lefts])
    window = np.outer(np.hanning(TILE_SIZE + 2)[1:-1], np.hanning(TILE_SIZE + 2)[1:-1])
    level = (tiles - tiles.mean(axis=(1, 2), keepdims=True)) * window
    spectra = np.fft.rfft2(level[level.std(axis=(1, 2)) > MIN_TILE_CONTRAST])
    power = (spectra.real**2 + spectra.imag**2).reshape(
        len(spectra), TILE_SIZE * (TILE_SIZE // 2 + 1)
    )
    return np.array([np.log(_binned(each) + FLOOR) for each in power])


def _places(length: int) -> list[int]:
    """Where tiles begin along a side: enough to cover it, at most four."""
    count = min(TILES, 1 + (length - TILE_SIZE) * 2 // TILE_SIZE)
    return [int(place) for place in np.linspace(0, length - TILE_SIZE, count)]


def _shape(power: Table) -> Table:
    """How the power of each ring differs by direction, as a unit vector."""
    turned = (power - power.mean(axis=1, keepdims=True)).ravel()
    return cast(Table, turned / max(float(np.linalg.norm(turned)), 1e-9))


@cache
def _bins() -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """The bin of each frequency inside the rings, which those are, and how many a bin has."""
    along, across = _frequencies()
    radius, turn = np.hypot(along, across), np.arctan2(-across, along) % np.pi
    ring = np.digitize(radius, np.geomspace(MIN_FREQUENCY, MAX_FREQUENCY, RINGS + 1)) - 1
    sector = np.floor(turn / np.pi * SECTORS).astype(np.int64) % SECTORS
    inside = ((ring >= 0) & (ring < RINGS)).ravel()
    index = (ring * SECTORS + sector).ravel()[inside]
    return index, inside, np.bincount(index, minlength=RINGS * SECTORS).clip(1)


def _frequencies() -> tuple[Table, Table]:
    across, along = np.meshgrid(
        np.fft.fftfreq(TILE_SIZE), np.fft.rfftfreq(TILE_SIZE), indexing="ij"
    )
    return along, across


def _binned(values: Table) -> Table:
    index, inside, count = _bins()
    sums = np.bincount(index, values[inside], RINGS * SECTORS)
    return cast(Table, (sums / count).reshape(RINGS, SECTORS))


@cache
def _patterns() -> Table:
    """The shape of every smear that is tried: angles x lengths rows."""
    along, across = _frequencies()
    rows = []
    for angle in np.deg2rad(ANGLES):
        run = along * np.cos(angle) - across * np.sin(angle)
        rows += [_shape(_binned(np.log(np.sinc(run * n) ** 2 + 0.02).ravel())) for n in LENGTHS]
    return np.array(rows)
