"""What shapes are covered with: colours, patterns, bumps and gloss, drawn at random.

They do not know where the light is.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from training.lightbox.shapes import Array, unit


@dataclass(frozen=True)
class Surface:
    """albedo: n x 3. normals: n x 3, bumps included. gloss: strength; sharpness: Phong's power."""

    albedo: Array
    normals: Array
    gloss: float
    sharpness: float


def color(rng: np.random.Generator) -> Array:
    """Linear light of a paint: any hue, seldom at full saturation."""
    hsv = np.array([[[rng.uniform(0, 360), rng.beta(1.2, 1.5), rng.uniform(0.15, 0.95)]]])
    rgb = np.asarray(cv2.cvtColor(hsv.astype(np.float32), cv2.COLOR_HSV2RGB))[0, 0]
    return np.asarray(np.clip(rgb**2.2, 0.02, 0.9))


def clouds(rng: np.random.Generator, points: Array, scale: float, octaves: int = 4) -> Array:
    """Smooth noise of about unit spread at each point: sums of waves in random directions."""
    value = np.zeros(len(points), np.float32)
    for octave in range(octaves):
        for _ in range(3):
            wave = rng.normal(size=3) * scale * 2**octave
            value += np.sin(points @ wave.astype(np.float32) + rng.uniform(0, 6.28)) * 0.6**octave
    return value / 1.6


def covered(rng: np.random.Generator, points: Array, normals: Array, size: float) -> Surface:
    """A surface of the points of one thing that is about `size` large."""
    bumpy = normals
    if rng.random() < 0.35:
        waves = [clouds(rng, points, 3 / size, 2) for _ in range(3)]
        bumpy = unit(normals + np.stack(waves, axis=1) * rng.uniform(0.1, 0.5))
    gloss = float(rng.choice([0, 0, 0.05, 0.15, 0.4, 0.8]))
    return Surface(_painted(rng, points, size), bumpy, gloss, float(np.exp(rng.uniform(1.6, 5))))


def _painted(rng: np.random.Generator, points: Array, size: float) -> Array:
    """Plain in one case of three, else noise, a checkerboard or stripes of a second color."""
    first = color(rng)
    second = color(rng) if rng.random() < 0.5 else first * rng.uniform(0.3, 0.8)
    scale = rng.uniform(1.5, 8) / size
    kind = rng.choice(["plain", "plain", "noise", "noise", "checker", "stripes"])
    share: Array = np.zeros(len(points), np.float32)
    if kind == "noise":
        share = 1 / (1 + np.exp(-clouds(rng, points, scale) * rng.uniform(0.5, 3)))
    elif kind == "checker":
        share = np.floor(points * scale).sum(axis=1) % 2
    elif kind == "stripes":
        along = points @ unit(rng.normal(size=3)).astype(np.float32)
        share = (along * scale % 1 > rng.uniform(0.3, 0.7)).astype(np.float32)
    share = share[:, None] * rng.uniform(0.3, 1)
    return (first * (1 - share) + second * share).astype(np.float32)
