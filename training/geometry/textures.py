"""Textures of things, grounds and walls: photographs, checks, stripes, gradients and noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True)
class TextureSource:
    """Photographs that textures are taken from; may be empty."""

    photographs: tuple[Path, ...] = ()

    def half(self, other: bool) -> "TextureSource":
        """Every second photograph, or the others: validation shares none with the fit."""
        return TextureSource(self.photographs[int(other) :: 2])

    def surface(self, rng: np.random.Generator, size: tuple[int, int]) -> Array:
        """A texture as sharp as pixels allow: height x width x 3, float32, 0 to 255."""
        kinds = [_plain, _checked, _cloudy, _cloudy]
        choice = int(rng.integers(6))
        if choice >= len(kinds) and self.photographs:
            return _photographed(self.photographs, rng, size)
        return kinds[choice % len(kinds)](rng, size)


def color(rng: np.random.Generator) -> Array:
    """Any color, mostly a dull one: three numbers, 0 to 255."""
    gray = rng.uniform(25, 225)
    return np.clip(gray + rng.normal(size=3) * rng.uniform(0, 45), 5, 250)


def _photographed(
    photographs: Sequence[Path], rng: np.random.Generator, size: tuple[int, int]
) -> Array:
    seen = cv2.imread(str(photographs[int(rng.integers(len(photographs)))]))
    if seen is None:
        return _cloudy(rng, size)
    scale = max(size[1] / seen.shape[1], size[0] / seen.shape[0])
    whole = round(seen.shape[1] * scale) + 1, round(seen.shape[0] * scale) + 1
    fitted = cv2.resize(seen, whole, interpolation=cv2.INTER_AREA)
    return np.asarray(fitted[: size[0], : size[1], ::-1], np.float32)


def _plain(rng: np.random.Generator, size: tuple[int, int]) -> Array:
    """One color, a little lighter toward one side."""
    down, across = np.mgrid[-1 : 1 : size[0] * 1j, -1 : 1 : size[1] * 1j]
    ramp = down * rng.uniform(-1, 1) + across * rng.uniform(-1, 1)
    return np.asarray(color(rng) + ramp[..., None] * rng.uniform(0, 40, 3), np.float32)


def _checked(rng: np.random.Generator, size: tuple[int, int]) -> Array:
    """Two colors in checks or stripes at any angle."""
    down, across = np.mgrid[: size[0], : size[1]] / max(size)
    turn, steps = rng.uniform(0, np.pi), int(rng.integers(4, 40))
    along = np.floor((across * np.cos(turn) + down * np.sin(turn)) * steps)
    aside = np.floor((down * np.cos(turn) - across * np.sin(turn)) * steps)
    dark = ((along + (aside if rng.random() < 0.6 else 0)) % 2)[..., None]
    base = color(rng)
    return np.asarray(base + dark * rng.uniform(-70, 70, 3), np.float32)


def _cloudy(rng: np.random.Generator, size: tuple[int, int]) -> Array:
    """Noise of several octaves in one color, sometimes cut into two tones."""
    grain, sums = rng.normal(size=size).astype(np.float32), np.zeros(size, np.float32)
    for width in (0.7, 1.5, 3, 6, 12, 24):
        octave = cv2.GaussianBlur(grain, (0, 0), width)
        sums += octave / octave.std() * np.float32(rng.uniform(0, 1))
    sums /= sums.std() + 1e-6
    if rng.random() < 0.3:
        sums = np.sign(sums - np.float32(rng.uniform(-0.5, 0.5)))
    return np.asarray(color(rng) + sums[..., None] * rng.uniform(3, 35, 3), np.float32)
