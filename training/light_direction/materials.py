"""Random materials of surfaces: colors, patterns, bumps and gloss."""

import cv2
import numpy as np

from training.light_direction.shapes import Array, unit

PAINT_LENGTH = 40
"""Length of the array of a material, as training.light_direction.ray_tracing reads it."""


def color(rng: np.random.Generator) -> Array:
    """Linear light of a paint: any hue, half of them of low saturation as most things are."""
    full = rng.uniform(0.02, 0.35) if rng.random() < 0.5 else rng.uniform(0.05, 0.9)
    hsv = np.array([[[rng.uniform(0, 360), full, rng.uniform(0.28, 0.95)]]], np.float32)
    rgb = np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))[0, 0].astype(np.float64)
    return np.asarray(np.clip(rgb**2.2, 0.01, 0.9))


def paint(rng: np.random.Generator, size: float, plain: float = 0.4) -> Array:
    """The numbers of a paint for a thing of about that size.

    Colors 0 to 5; pattern 6 (0 plain, 1 noise, 2 checker, 3 stripes) and its scale 7, amount 8,
    sharpness 9, frequency 10; bumps 11, gloss 12 and its power 13; waves from 16 on. plain: the
    share without pattern.
    """
    numbers = np.zeros(PAINT_LENGTH)
    numbers[0:3] = color(rng)
    darker = numbers[0:3] * rng.uniform(0.3, 0.85)
    numbers[3:6] = color(rng) if rng.random() < 0.4 else darker
    kinds = (plain, (1 - plain) * 0.6, (1 - plain) * 0.2, (1 - plain) * 0.2)
    numbers[6] = rng.choice(4, p=kinds)
    numbers[7:11] = (
        rng.uniform(1.0, 4.0) / size,
        rng.uniform(0.2, 1),
        rng.uniform(1, 8),
        rng.uniform(0.7, 4) / size,
    )
    numbers[11] = rng.uniform(0.02, 0.25) if rng.random() < 0.25 else 0
    gloss = rng.choice([0, 0.04], p=(0.6, 0.4))
    numbers[12:14] = gloss, np.exp(rng.uniform(1.6, 5))
    growing = rng.uniform(1.5, 9) / size * 1.5 ** np.arange(6)
    for wave, fast in enumerate(growing):
        numbers[16 + 4 * wave : 19 + 4 * wave] = unit(rng.normal(size=3)) * fast
        numbers[19 + 4 * wave] = rng.uniform(0, 6.28)
    if numbers[6] == 3:
        numbers[16:19] = unit(rng.normal(size=3))
    return numbers
