"""How bright, how contrasty, how warm the light is, and whether its source is in the picture.

Pixel statistics only. It does not know directions: those are told by the shading.
"""

from dataclasses import dataclass
from math import erf, sqrt
from typing import Any, Final, Literal, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images import color

Pixels: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]
Array: TypeAlias = NDArray[Any]

# OKLab lightness of a deep shadow, of a light tone, and of a source that outshines the film.
SHADOW_LEVEL: Final = 0.25
HIGHLIGHT_LEVEL: Final = 0.72
SOURCE_LEVEL: Final = 0.97
# The darkest channel of blank paper, or of a background that was cut away.
PAPER_LEVEL: Final = 245
# Fitted by least squares to rendered scenes under 2500 to 10500 K: mired of a scene without cast,
# and per unit of each of the three estimates; then the error that they leave, by their spread.
MIRED_OF_GRAY: Final = 164.0
MIRED_PER_WARMTH: Final = (10.3, 33.4, 40.6)
DOUBT: Final = 32.0
DOUBT_PER_SPREAD: Final = 70.0
# Blue light is underrated by all three, by this share of what it lies below this mired.
COOL_GAIN: Final = 0.3
COOL_FROM: Final = 160.0
# Estimates beyond these are of colored things, not of light.
_WARMTHS: Final = (-1.5, 2.5)


@dataclass(frozen=True)
class ToneStats:
    """contrast: 0 flat to 1 from black to white. shadows: share of the area in deep shadow.

    paper: share of the area that is blank white. certainty: how far the tones are beyond the bounds
    of their key, 0 to 1.
    """

    contrast: float
    key: Literal["high", "mid", "low"]
    shadows: float
    paper: float
    certainty: float


@dataclass(frozen=True)
class ColorCast:
    """The color temperature of the light's cast, 2000 to 12000 K.

    mired: the same as a million divided by kelvin, in which errors are even; doubt: the standard
    deviation of its error in mired.
    """

    kelvin: float
    mired: float
    doubt: float

    def chance(self, low: float, high: float) -> float:
        """The probability that the light's mired lies between two bounds, errors being normal."""
        steps = [(bound - self.mired) / (self.doubt * sqrt(2)) for bound in (low, high)]
        return (erf(steps[1]) - erf(steps[0])) / 2


@dataclass(frozen=True)
class LightSource:
    """A light within the picture: x and y of its middle as fractions, share of the area."""

    x: float
    y: float
    area: float


def tone_stats(pixels: Pixels) -> ToneStats:
    """The spread of lightness and the key: low when most is dark, high when hardly anything is."""
    light = color.oklab(color.to_linear(pixels))[..., 0]
    low, high = np.percentile(light, (4, 96))
    shadows, bright = float((light < SHADOW_LEVEL).mean()), float((light > HIGHLIGHT_LEVEL).mean())
    dark = float((light < 0.4).mean())
    # A low key is mostly dark with little light in it; a high key has hardly a dark tone.
    lowness, highness = dark - 0.65 - bright, bright - 0.6 - 3 * float((light < 0.45).mean())
    key: Literal["high", "mid", "low"]
    key = "low" if lowness > 0 else "high" if highness > 0 else "mid"
    certainty = min(1.0, 0.6 + 2 * max(lowness, highness, 0))
    paper = float((pixels.min(axis=2) >= PAPER_LEVEL).mean())
    return ToneStats(float(min(1.0, (high - low) / 0.9)), key, shadows, paper, certainty)


def color_cast(pixels: Pixels) -> ColorCast:
    """The cast, from three estimates of the light's red over blue.

    The mean (gray world); the sixth-power mean (shades of gray: Finlayson and Trezzi, 2004); and
    the brightest among the colors that blackbody light may have (after Finlayson and others,
    "Color by correlation", 2001). The more they differ, the less certain is the cast.
    """
    light = color.to_linear(pixels).reshape(-1, 3)
    top = pixels.reshape(-1, 3).max(axis=1)
    kept = light[(top < 250) & (top > 8)]
    kept = (kept if len(kept) > 50 else light) + 1e-4
    power = (kept.astype(np.float64) ** 6).mean(axis=0)
    estimates = (_warmth(kept.mean(axis=0)), _warmth(power) / 6, _on_curve(kept))
    clipped = np.clip(estimates, *_WARMTHS)
    mired = MIRED_OF_GRAY + float(np.dot(clipped, MIRED_PER_WARMTH))
    doubt = DOUBT + DOUBT_PER_SPREAD * float(np.std(clipped))
    mired -= COOL_GAIN * max(0.0, COOL_FROM - mired)
    kelvin = float(np.clip(1e6 / max(mired, 1.0), *color.KELVIN_RANGE))
    return ColorCast(round(kelvin, -1), round(mired, 1), round(doubt, 1))


def _warmth(light: Array) -> float:
    """Natural logarithm of red over blue: 0 for sRGB white, positive for warm light."""
    return float(np.log(max(light[0], 1e-30)) - np.log(max(light[2], 1e-30)))


def _on_curve(light: Array) -> float:
    """Mean warmth of the colors near the blackbody curve, the brighter and whiter the more."""
    ratios = np.log(light)
    warmth = ratios[:, 0] - ratios[:, 2]
    near = np.exp(-((_greenness(ratios) - _curve(warmth)) ** 2) / 0.02 - np.abs(warmth))
    weights = near * (light @ np.array((0.2126, 0.7152, 0.0722)))
    return float((weights * warmth).sum() / max(float(weights.sum()), 1e-9))


def _greenness(ratios: Array) -> Array:
    return np.asarray(2 * ratios[..., 1] - ratios[..., 0] - ratios[..., 2])


def _curve(warmth: Array) -> Array:
    """Where the blackbody curve lies: log(G*G/(R*B)) of log(R/B), linear between its points."""
    points = np.log(np.stack([color.blackbody_rgb(t) for t in _TEMPERATURES]))
    return np.asarray(np.interp(warmth, points[:, 0] - points[:, 2], _greenness(points)))


# From cool to warm; below 2400 K the blackbody leaves sRGB.
_TEMPERATURES: Final = (12000, 9500, 8000, 6504, 5500, 4700, 4000, 3400, 2900, 2600, 2400)


def visible_light_source(pixels: Pixels) -> LightSource | None:
    """The sun or a lamp in the picture: a small round spot beyond white with a glow around it."""
    light = color.oklab(color.to_linear(pixels))[..., 0].astype(np.float32)
    hot = (light >= SOURCE_LEVEL).astype(np.uint8)
    count, _, stats, middles = cv2.connectedComponentsWithStats(hot, connectivity=8)
    spots = [i for i in range(1, count) if _is_source(stats[i], middles[i], light)]
    if not spots:
        return None
    best = max(spots, key=lambda i: int(stats[i, cv2.CC_STAT_AREA]))
    height, width = light.shape
    x, y = (float(each) for each in middles[best])
    area = float(stats[best, cv2.CC_STAT_AREA]) / light.size
    return LightSource(round((x + 0.5) / width, 4), round((y + 0.5) / height, 4), round(area, 5))


def _is_source(stats: Array, middle: Array, light: Floats) -> bool:
    """Round, small, brighter than the median by far, and fading evenly to all sides."""
    area, width, height = (int(stats[i]) for i in (4, 2, 3))
    if not 0.0004 <= area / light.size <= 0.05 or not 0.5 <= width / height <= 2:
        return False
    if area < 0.6 * width * height or float(np.median(light)) > 0.72:
        return False
    rings = [_ring(light, middle, max(width, height) / 2 * k) for k in (1.5, 2.2, 3.2)]
    fading = [float(ring.mean()) for ring in rings]
    even = all(float(ring.std()) < 0.11 for ring in rings)
    return even and 0.95 > fading[0] > fading[1] > fading[2] and fading[1] > 0.4


def _ring(light: Floats, middle: Array, radius: float) -> Floats:
    """Sixteen samples on a circle, clipped to the picture."""
    angles = np.arange(16) * (np.pi / 8)
    rows = np.clip(middle[1] + radius * np.sin(angles), 0, light.shape[0] - 1).astype(int)
    columns = np.clip(middle[0] + radius * np.cos(angles), 0, light.shape[1] - 1).astype(int)
    return cast(Floats, light[rows, columns])
