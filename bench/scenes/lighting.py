"""The lights of a scene: random directions over the full circle, from front and behind."""

from typing import Final

import numpy as np

from bench.scenes.optics import Frame
from bench.scenes.spec import Ambient, Backdrop, Lamp, LampKind, Vector, View

_KELVIN_RANGES: Final = ((2500.0, 4300.0), (5500.0, 6900.0), (8200.0, 10500.0))
"""Warm, neutral and cool, with gaps between them, since a mixture fills the gaps again."""

MIN_HEIGHTS: Final = {"sun": 0.2, "bulb": 0.25, "softbox": 0.45}
"""The least height (sine of elevation) over a ground; a low softbox would sink into it."""


def kelvin(rng: np.random.Generator) -> float:
    """A temperature: warm, neutral or cool with equal chance; even in reciprocal kelvin."""
    low, high = _KELVIN_RANGES[rng.integers(3)]
    return float(1 / rng.uniform(1 / high, 1 / low))


def direction(rng: np.random.Generator, frame: Frame, least: float | None) -> Vector:
    """A unit direction, even around the picture's plane, at least `least` high in the world."""
    highest = np.array([0.0, 0.0, 1.0])
    for _ in range(400):
        azimuth, frontal = rng.uniform(0, 2 * np.pi), rng.uniform(-0.85, 0.93)
        side = np.sqrt(1 - frontal**2)
        parts = np.array([side * np.sin(azimuth), side * np.cos(azimuth), frontal])
        toward = frame.out_of(parts)
        if least is None or toward[2] >= least:
            return _vector(toward)
    return _vector(highest)


def lamps(
    rng: np.random.Generator, view: View, frame: Frame, backdrop: Backdrop, grounded: bool
) -> tuple[Lamp, ...]:
    """The key, and in one scene of four a second lamp two to six times weaker."""
    soft = bool(rng.random() < 0.4)
    drawn = [_lamp(rng, view, frame, backdrop, (soft, grounded))]
    if rng.random() < 0.25:
        second = _lamp(rng, view, frame, backdrop, (soft, grounded))
        drawn.append(_weaker(second, float(rng.uniform(2.0, 6.0))))
    return tuple(drawn)


def ambient_for(rng: np.random.Generator, lamp: Lamp) -> Ambient:
    """The fill: two to sixteen times weaker than the key, of its color or bluer."""
    ratio = float(np.exp(rng.uniform(np.log(2.0), np.log(16.0))))
    bluer = lamp.kelvin if rng.random() < 0.5 else min(10500.0, lamp.kelvin * rng.uniform(1, 1.6))
    return Ambient(lamp.irradiance / ratio, float(bluer), float(rng.uniform(0.2, 0.6)))


def overcast(rng: np.random.Generator) -> Ambient:
    """The sky alone, three times brighter above than at the horizon (CIE overcast sky)."""
    return Ambient(1.0, kelvin(rng), float(rng.uniform(0.1, 0.4)))


def _lamp(
    rng: np.random.Generator,
    view: View,
    frame: Frame,
    backdrop: Backdrop,
    kind_of: tuple[bool, bool],
) -> Lamp:
    soft, grounded = kind_of
    kind: LampKind = "softbox" if soft else "sun" if backdrop.kind == "sky" else "bulb"
    toward = direction(rng, frame, MIN_HEIGHTS[kind] if grounded else None)
    angle = {"sun": 0.5, "bulb": 0.5, "softbox": float(rng.uniform(40, 75))}[kind]
    distance = _distance(view, frame, backdrop, toward)
    return Lamp(kind, toward, 1.0, kelvin(rng), angle, distance)


def _distance(view: View, frame: Frame, backdrop: Backdrop, toward: Vector) -> float:
    """Behind the camera for a light in front; half way to the wall for a light behind."""
    distance = view.distance * (1.4 if frame.into(toward)[2] > 0 else 1.0)
    if backdrop.kind == "wall" and toward[1] > 0:
        distance = min(distance, 0.55 * backdrop.distance / toward[1])
    return max(0.9, distance)


def _weaker(lamp: Lamp, ratio: float) -> Lamp:
    return Lamp(
        lamp.kind, lamp.toward, lamp.irradiance / ratio, lamp.kelvin, lamp.angle, lamp.distance
    )


def _vector(values: np.ndarray) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z
