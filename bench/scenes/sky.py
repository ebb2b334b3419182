"""Ambient light as a panorama: the sky over a field, or the even light of a room."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.scenes.illuminant import light_color
from bench.scenes.spec import SceneSpec

SKY_ROWS: Final = 128


def directions() -> NDArray[np.float64]:
    """The world direction of every pixel of a panorama, rows x columns x 3."""
    around = 2 * np.pi * (np.arange(2 * SKY_ROWS) + 0.5) / (2 * SKY_ROWS)
    down = np.pi * (np.arange(SKY_ROWS) + 0.5) / SKY_ROWS
    side = np.sin(down)[:, None]
    return np.stack(
        [
            side * np.sin(around),
            side * np.cos(around),
            np.broadcast_to(np.cos(down)[:, None], (SKY_ROWS, 2 * SKY_ROWS)),
        ],
        axis=-1,
    )


def panorama(spec: SceneSpec) -> NDArray[np.float64]:
    """The ambient radiance; an upward surface receives `spec.ambient.irradiance`."""
    way = directions()
    rising = way[..., 2]
    bright = np.where(rising > 0, 1.0, spec.ambient.floor)
    if not spec.lamps:
        bright = np.where(rising > 0, (1 + 2 * rising) / 3, spec.ambient.floor)
    tint = _tint(spec, rising) * light_color(spec.ambient.kelvin)
    field = bright[..., None] * tint
    field *= spec.ambient.irradiance / _upward(field @ np.array([0.2126, 0.7152, 0.0722]), rising)
    return field + _glow(spec, way)


def ambient_color(spec: SceneSpec) -> NDArray[np.float64]:
    """The linear color of what an upward surface receives from everywhere."""
    rising = directions()[..., 2]
    field = panorama(spec)
    return np.array([_upward(field[..., band], rising) for band in range(3)])


def _upward(radiance: NDArray[np.float64], rising: NDArray[np.float64]) -> float:
    solid = (np.pi / SKY_ROWS) ** 2 * np.sqrt(1 - rising**2)
    return float((radiance * np.maximum(rising, 0) * solid).sum())


def _tint(spec: SceneSpec, rising: NDArray[np.float64]) -> NDArray[np.float64]:
    if spec.backdrop.kind == "wall":
        return np.ones((*rising.shape, 3))
    low, high = (np.array(color) for color in spec.backdrop.material.colors[:2])
    low, high = (0.5 + 0.5 * tint / tint.max() for tint in (low, high))
    share = np.sqrt(np.clip(rising, 0, 1))[..., None]
    return np.asarray(low * (1 - share) + high * share)


def _glow(spec: SceneSpec, way: NDArray[np.float64]) -> NDArray[np.float64]:
    """A bright disc and halo where the sun stands, a tenth of its light at most."""
    if not (spec.backdrop.glow and spec.lamps and spec.lamps[0].kind == "sun"):
        return np.zeros(way.shape)
    sun = spec.lamps[0]
    near = way @ np.array(sun.toward)
    disc = 2.0 * np.exp((near - 1) / 0.001) + 0.15 * np.exp((near - 1) / 0.03)
    return np.asarray(disc[..., None] * sun.irradiance * light_color(sun.kelvin))
