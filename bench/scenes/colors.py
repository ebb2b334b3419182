"""Colors of surfaces drawn from a seed, and how far apart two colors look."""

from colorsys import hsv_to_rgb

import numpy as np
from numpy.typing import NDArray

from bench.scenes.illuminant import decode
from bench.scenes.spec import Vector

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear sRGB as OKLab (Ottosson 2020), along the last axis."""
    return np.asarray(np.cbrt(np.maximum(linear, 0) @ _TO_LMS.T) @ _TO_LAB.T)


def apart(first: Vector, second: Vector) -> float:
    """The distance of two linear colors in OKLab; 0.02 is just noticeable."""
    return float(np.linalg.norm(oklab(np.array(first)) - oklab(np.array(second))))


def surface(rng: np.random.Generator, most: float = 0.9) -> Vector:
    """An albedo as linear RGB: any hue, saturation up to `most`, neither black nor white."""
    srgb = hsv_to_rgb(rng.random(), rng.uniform(0.05, most), rng.uniform(0.3, 0.92))
    red, green, blue = decode(np.array(srgb))
    return float(red), float(green), float(blue)


def differing(
    rng: np.random.Generator, others: tuple[Vector, ...], least: float, most: float = 0.9
) -> Vector:
    """An albedo that differs from the others by at least `least`, or the best of forty."""
    drawn = [surface(rng, most) for _ in range(40)]
    gaps = [min((apart(candidate, other) for other in others), default=1.0) for candidate in drawn]
    good = [each for each, gap in zip(drawn, gaps, strict=True) if gap >= least]
    return good[0] if good else drawn[int(np.argmax(gaps))]


def shades(rng: np.random.Generator, color: Vector, count: int) -> tuple[Vector, ...]:
    """The color with `count - 1` lighter and darker neighbors of it."""
    tones = [tuple(float(np.clip(band * rng.uniform(0.35, 1.5), 0.01, 0.9)) for band in color)]
    tones += [
        tuple(float(np.clip(band * factor, 0.01, 0.9)) for band in color)
        for factor in rng.uniform(0.4, 1.6, max(0, count - 2))
    ]
    return (color, *tones)[:count]  # type: ignore[return-value]
