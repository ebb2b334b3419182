"""Textures drawn from a seed: the colors of a material laid out on a square that tiles."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.scenes.spec import Material

TEXTURE_SIDE: Final = 256
"""Pixels of a texture's side: finer than a picture of 300 pixels can show."""

Field = NDArray[np.float64]


def noise(rng: np.random.Generator, slope: float, side: int = TEXTURE_SIDE) -> Field:
    """Noise that tiles, 0 to 1, with the spectrum 1/f**slope."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.rfftfreq(side), indexing="ij"))
    frequency[0, 0] = np.inf
    phases = np.exp(2j * np.pi * rng.random(frequency.shape))
    field = np.fft.irfft2(phases / frequency**slope, (side, side))
    low, high = np.percentile(field, [2, 98])
    return np.asarray(np.clip((field - low) / (high - low), 0, 1))


def _grid() -> tuple[Field, Field]:
    steps = (np.arange(TEXTURE_SIDE) + 0.5) / TEXTURE_SIDE
    across, down = np.meshgrid(steps, steps)
    return across, down


def _plain(_rng: np.random.Generator) -> Field:
    return np.zeros((TEXTURE_SIDE, TEXTURE_SIDE))


def _cloudy(rng: np.random.Generator) -> Field:
    return noise(rng, 1.6)


def _grainy(rng: np.random.Generator) -> Field:
    return noise(rng, 0.8)


def _checks(rng: np.random.Generator) -> Field:
    count = int(rng.integers(2, 6))
    across, down = _grid()
    return (np.floor(across * 2 * count) + np.floor(down * 2 * count)) % 2


def _spots(rng: np.random.Generator) -> Field:
    across, down = _grid()
    field = np.zeros((TEXTURE_SIDE, TEXTURE_SIDE))
    for x, y, radius in zip(*rng.random((2, 24)), rng.uniform(0.03, 0.08, 24), strict=True):
        gap = np.hypot((across - x + 0.5) % 1 - 0.5, (down - y + 0.5) % 1 - 0.5)
        field[gap < radius] = 1
    return field


def _stripes(rng: np.random.Generator) -> Field:
    across, down = _grid()
    slant = int(rng.integers(0, 3))
    return 0.5 + 0.5 * np.sign(
        np.sin(2 * np.pi * (int(rng.integers(3, 9)) * across + slant * down))
    )


def _wood(rng: np.random.Generator) -> Field:
    across, _ = _grid()
    return 0.5 + 0.5 * np.sin(2 * np.pi * (6 * across + 1.2 * noise(rng, 1.8)))


def _cells(rng: np.random.Generator) -> Field:
    across, down = _grid()
    gaps = [
        np.hypot((across - x + 0.5) % 1 - 0.5, (down - y + 0.5) % 1 - 0.5)
        for x, y in rng.random((30, 2))
    ]
    return np.asarray((np.argmin(gaps, axis=0) * 0.618) % 1)


def _bricks(_rng: np.random.Generator) -> Field:
    across, down = _grid()
    row = np.floor(down * 8)
    along = (across * 4 + 0.5 * (row % 2)) % 1
    return ((along < 0.06) | ((down * 8) % 1 < 0.12)).astype(np.float64)


_FIELDS: Final[Mapping[str, Callable[[np.random.Generator], Field]]] = {
    "plain": _plain,
    "cloudy": _cloudy,
    "grainy": _grainy,
    "checks": _checks,
    "spots": _spots,
    "stripes": _stripes,
    "wood": _wood,
    "cells": _cells,
    "bricks": _bricks,
}

TUNE_TEXTURES: Final = ("plain", "cloudy", "grainy", "checks", "spots")
REPORT_TEXTURES: Final = tuple(_FIELDS)
"""Stripes, wood, cells and bricks are held out for reporting."""


def draw(material: Material) -> NDArray[np.float32]:
    """The albedo of a material, height x width x 3 linear, 0 to 1."""
    field = _FIELDS[material.texture](np.random.default_rng(material.seed))
    stops = np.linspace(0, 1, len(material.colors))
    bands = [np.interp(field, stops, band) for band in np.array(material.colors).T]
    return np.stack(bands, axis=-1).astype(np.float32)
