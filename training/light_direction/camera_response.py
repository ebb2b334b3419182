"""develop(rng, light): linear light to pixels, as cameras do it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images import color
from training.light_direction.shapes import Array

_LUMA = np.array([0.2126, 0.7152, 0.0722])


def develop(rng: np.random.Generator, light: Array, soft: float = 0.3) -> NDArray[np.uint8]:
    """Exposure, vignette, one of four tone curves, blur, noise and JPEG: h x w x 3.

    soft: the probability of a slight blur.
    """
    light = _curved(rng, _exposed(rng, light))
    shown = color.to_srgb(light).astype(np.float64)
    if rng.random() < soft:
        shown = cv2.GaussianBlur(shown, (0, 0), rng.uniform(0.4, 1.0))
    shown = shown + rng.normal(size=light.shape) * rng.choice([0, 0.005, 0.015])
    if rng.random() < 0.2:  # a style: more or less color
        gray = shown @ _LUMA
        shown = gray[..., None] + (shown - gray[..., None]) * rng.uniform(0.4, 1.4)
    pixels = np.round(np.clip(shown, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.6:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(60, 97))]
        pixels = cv2.imdecode(cv2.imencode(".jpg", pixels, quality)[1], cv2.IMREAD_COLOR)
    return np.asarray(pixels, np.uint8)


def _exposed(rng: np.random.Generator, light: Array) -> Array:
    """Metered to middle gray or to the brightest, with an error of up to a stop."""
    luma = np.maximum(light @ _LUMA, 1e-5)
    gain = min(0.18 / np.exp(np.log(luma).mean()), 1.0 / np.percentile(luma, 90))
    if rng.random() < 0.4:
        gain = rng.uniform(0.6, 1.0) / max(float(np.percentile(luma, rng.uniform(85, 99))), 1e-3)
    light = light * (gain * 2 ** np.clip(rng.normal() * 0.5, -1.5, 1))
    if rng.random() < 0.3:
        y, x = np.mgrid[-1 : 1 : light.shape[0] * 1j, -1 : 1 : light.shape[1] * 1j]
        light = light * (1 - rng.uniform(0.1, 0.5) * (x**2 + y**2) / 2)[..., None]
    return np.asarray(light)


def _curved(rng: np.random.Generator, light: Array) -> Array:
    """One of four tone curves."""
    curve = rng.choice(["plain", "filmic", "soft", "steep"])
    if curve == "filmic":  # Narkowicz's fit of the ACES curve, 2015
        x = light * rng.uniform(0.5, 0.9)
        light = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    elif curve == "soft":
        light = 1 - np.exp(-1.3 * light)
    elif curve == "steep":
        light = np.clip(light, 0, 1) ** rng.uniform(1.05, 1.35)
    return np.asarray(light)
