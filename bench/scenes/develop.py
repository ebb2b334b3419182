"""develop(light, film, seed) -> pixels: what a camera makes of linear light."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.scenes.illuminant import encode
from bench.scenes.spec import Film

_LUMA = np.array([0.2126, 0.7152, 0.0722])
_GRAY = 0.18
"""The reflectance that a light meter takes the world for."""


def develop(light: NDArray[np.float64], film: Film, seed: int) -> NDArray[np.uint8]:
    """Metered exposure, tone curve, sRGB and grain: height x width x 3, uint8."""
    exposed = light * _exposure(light) * 2**film.stops
    curved = _filmic(exposed) if film.curve == "filmic" else exposed
    grain = np.random.default_rng(seed).normal(0, film.grain, light.shape)
    return np.asarray(np.clip(np.rint((encode(curved) + grain) * 255), 0, 255), dtype=np.uint8)


def jpeg(pixels: NDArray[np.uint8], quality: int) -> bytes:
    """The picture as the bytes of a JPEG file."""
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "JPEG", quality=quality)
    return held.getvalue()


def _exposure(light: NDArray[np.float64]) -> float:
    """Middle gray on average, but no more than a tenth of the picture burnt out."""
    luma = np.maximum(light @ _LUMA, 1e-6)
    middle = float(np.exp(np.mean(np.log(luma))))
    return min(_GRAY / middle, 1.0 / float(np.percentile(luma, 90)))


def _filmic(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ACES curve as fitted by Narkowicz (2015), with its recommended exposure of 0.6."""
    x = 0.6 * light
    return np.asarray(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14))
