"""The color of light by its temperature, and the sRGB transfer curve."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

WARM_BELOW: Final = 5000.0
"""Kelvin below which light is warm: between tungsten (3200) and noon daylight (5500)."""

COOL_ABOVE: Final = 7500.0
"""Kelvin above which light is cool: between overcast noon (6500) and open shade (8000 and more)."""

_XYZ_TO_SRGB: Final = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
)
"""IEC 61966-2-1."""


def temperature_class(kelvin: float) -> str:
    """Warm, neutral or cool."""
    if kelvin < WARM_BELOW:
        return "warm"
    return "cool" if kelvin > COOL_ABOVE else "neutral"


def chromaticity(kelvin: float) -> tuple[float, float]:
    """The xy of a black body, 1667 to 25000 K (Kim et al., US patent 7024034, cubic fits)."""
    t = 1000 / kelvin
    if kelvin <= 4000:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
    if kelvin <= 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif kelvin <= 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    return x, y


def light_color(kelvin: float) -> NDArray[np.float64]:
    """Linear sRGB of luminance one of light at this temperature, seen by a daylight camera."""
    x, y = chromaticity(kelvin)
    rgb = _XYZ_TO_SRGB @ np.array([x / y, 1.0, (1 - x - y) / y])
    return np.asarray(np.maximum(rgb, 0.0))


def encode(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light 0 to 1 as sRGB 0 to 1."""
    low = np.clip(linear, 0, 1)
    return np.where(low <= 0.0031308, 12.92 * low, 1.055 * low ** (1 / 2.4) - 0.055)


def decode(srgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """SRGB 0 to 1 as linear light."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
