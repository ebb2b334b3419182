"""The light of a picture: direction, hardness, tones, color cast, and a source within it.

Direction and hardness come from two small networks that this project trained (docs/light.md), the
rest from pixel statistics. All functions take upright sRGB pixels (height x width x 3, uint8).
"""

from dataclasses import dataclass
from math import erf, sqrt
from typing import Any, Final, Literal, NamedTuple, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images import color
from imagetoprompt.models.runtime import packaged_session, softmax

Pixels: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]
Array: TypeAlias = NDArray[Any]

DIRECTION_CLASSES: Final = 24
"""Azimuth classes, 15 degrees each, clockwise from above."""
FACING_VALUES: Final = (-0.85, -0.4, 0.0, 0.4, 0.85)
"""`frontal` at the center of each of the five facing classes, from behind to the camera's side."""
HARDNESS_SIDE: Final = 160
"""Side in pixels of the square input of the hardness network."""
HARDNESS_CELL: Final = 8
"""Side in pixels of the cells in which that network looks for shadow borders."""
# Brings the chroma of common colors to the scale of the normalized lightness.
_CHROMA_GAIN: Final = 6.0
# Keeps the noise of a flat picture from being amplified into shading.
_MIN_LIGHTNESS_SPREAD: Final = 0.05


@dataclass(frozen=True)
class LightDirection:
    """Probabilities, each tuple summing to 1.

    directions: of azimuth 0, 15, … 345 degrees. facings: of the light being behind the subject,
    rather behind, beside, rather in front, in front. hardness: hard, softened, without shadows.
    """

    directions: tuple[float, ...]
    facings: tuple[float, ...]
    hardness: tuple[float, float, float]

    @property
    def azimuth(self) -> float:
        """The circular mean direction in degrees, 0 to 360."""
        return float(np.degrees(np.angle(self._resultant)) % 360)

    @property
    def agreement(self) -> float:
        """Length of the mean direction vector: 0 when all are equally likely, 1 for one only."""
        return float(abs(self._resultant))

    @property
    def frontal(self) -> float:
        """The expected value of `frontal`: -1 from behind the subject to 1 from the camera."""
        return float(np.dot(self.facings, FACING_VALUES))

    @property
    def _resultant(self) -> complex:
        angles = np.arange(DIRECTION_CLASSES) * (2 * np.pi / DIRECTION_CLASSES)
        return complex(np.dot(self.directions, np.exp(1j * angles)))


class LightHardness(NamedTuple):
    """Probabilities that sum to 1.

    hard: shadows have narrow borders. soft: they have wide ones. shadowless: there are none.
    """

    hard: float
    soft: float
    shadowless: float


def light_direction(pixels: Pixels) -> LightDirection:
    """The network's answer, averaged over the picture and its mirror image (mirrored back)."""
    network = packaged_session("light_direction.onnx")
    seen = network_input(pixels, int(str(network.shape[1])))
    straight, mirrored = network.run(np.stack([seen, seen[:, ::-1]]))
    facing_end = DIRECTION_CLASSES + len(FACING_VALUES)
    # The outputs after these are color casts, which `color_cast` measures as well without them.
    hardness_end = facing_end + 3
    mirrored_back = mirrored[(-np.arange(DIRECTION_CLASSES)) % DIRECTION_CLASSES]
    directions, facings, hardness = (
        tuple(((softmax(logits) + softmax(other)) / 2).round(5).tolist())
        for logits, other in (
            (straight[:DIRECTION_CLASSES], mirrored_back),
            (straight[DIRECTION_CLASSES:facing_end], mirrored[DIRECTION_CLASSES:facing_end]),
            (straight[facing_end:hardness_end], mirrored[facing_end:hardness_end]),
        )
    )
    return LightDirection(directions, facings, cast(tuple[float, float, float], hardness))


def light_hardness(pixels: Pixels) -> LightHardness:
    """The network's answer, averaged over the picture and its mirror image."""
    seen = network_input(pixels, HARDNESS_SIDE)
    views = np.stack([seen, seen[:, ::-1]])
    mean = np.mean(
        [softmax(logits) for logits in packaged_session("light_hardness.onnx").run(views)], axis=0
    )
    return LightHardness(*(round(float(probability), 5) for probability in mean))


def network_input(pixels: Pixels, side: int) -> Floats:
    """Side x side x 4: lightness normalized to the picture, two chroma axes, and a mask.

    The picture is fitted into the square and centered; the mask is 1 inside it.
    """
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    lab = color.oklab(color.to_linear(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)))
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    seen = np.zeros((side, side, 4), np.float32)
    inside = seen[top : top + size[1], left : left + size[0]]
    spread = lab[..., 0].std() + _MIN_LIGHTNESS_SPREAD
    inside[..., 0] = (lab[..., 0] - lab[..., 0].mean()) / spread
    inside[..., 1:3] = lab[..., 1:] * _CHROMA_GAIN
    inside[..., 3] = 1
    return seen


# OKLab lightness of a deep shadow, of a light tone, and of a blown-out light source.
MAX_SHADOW_LIGHTNESS: Final = 0.25
MIN_BRIGHT_LIGHTNESS: Final = 0.72
MIN_SOURCE_LIGHTNESS: Final = 0.97
# The darkest channel of blank paper, or of a background that was cut away.
MIN_PAPER_LEVEL: Final = 245


@dataclass(frozen=True)
class Tones:
    """The distribution of lightness.

    contrast: 0 flat to 1 from black to white. shadows: share of the area in deep shadow. paper:
    share of the area that is blank white. certainty: how far the tones are beyond the bounds of
    their key, 0 to 1.
    """

    contrast: float
    key: Literal["high", "mid", "low"]
    shadows: float
    paper: float
    certainty: float


def measure_tones(pixels: Pixels) -> Tones:
    """Contrast and key: low when most of the picture is dark, high when hardly any of it is."""
    light = color.oklab(color.to_linear(pixels))[..., 0]
    low, high = np.percentile(light, (4, 96))
    shadows = float((light < MAX_SHADOW_LIGHTNESS).mean())
    bright = float((light > MIN_BRIGHT_LIGHTNESS).mean())
    dark = float((light < 0.4).mean())
    # Low key: mostly dark with few light tones. High key: mostly light with hardly a dark tone.
    lowness, highness = dark - 0.65 - bright, bright - 0.6 - 3 * float((light < 0.45).mean())
    key: Literal["high", "mid", "low"]
    key = "low" if lowness > 0 else "high" if highness > 0 else "mid"
    certainty = min(1.0, 0.6 + 2 * max(lowness, highness, 0))
    paper = float((pixels.min(axis=2) >= MIN_PAPER_LEVEL).mean())
    return Tones(float(min(1.0, (high - low) / 0.9)), key, shadows, paper, certainty)


# Fitted by least squares to rendered scenes under 2500 to 10500 K: mired of a scene without cast,
# and per unit of each of the three estimates; then the error that they leave, by their spread.
NEUTRAL_MIRED: Final = 164.0
MIRED_PER_WARMTH: Final = (10.3, 33.4, 40.6)
BASE_MIRED_ERROR: Final = 32.0
MIRED_ERROR_PER_SPREAD: Final = 70.0
# All three estimates underrate blue light, by this share of what it lies below this mired.
COOL_GAIN: Final = 0.3
COOL_GAIN_BELOW: Final = 160.0
# Estimates beyond these come from colored things, not from the light.
_WARMTH_RANGE: Final = (-1.5, 2.5)
# Kelvin of the points of the blackbody curve; below 2400 K it leaves sRGB.
_CURVE_TEMPERATURES: Final = (12000, 9500, 8000, 6504, 5500, 4700, 4000, 3400, 2900, 2600, 2400)


@dataclass(frozen=True)
class ColorCast:
    """The color temperature of the light's cast, 2000 to 12000 K.

    mired: 1e6 / kelvin, a scale on which errors are even. doubt: standard deviation of the error
    in mired.
    """

    kelvin: float
    mired: float
    doubt: float

    def probability_between(self, low: float, high: float) -> float:
        """The probability that the light's mired lies between two bounds (normal errors)."""
        steps = [(bound - self.mired) / (self.doubt * sqrt(2)) for bound in (low, high)]
        return (erf(steps[1]) - erf(steps[0])) / 2


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
    estimates = (_warmth(kept.mean(axis=0)), _warmth(power) / 6, _blackbody_warmth(kept))
    clipped = np.clip(estimates, *_WARMTH_RANGE)
    mired = NEUTRAL_MIRED + float(np.dot(clipped, MIRED_PER_WARMTH))
    doubt = BASE_MIRED_ERROR + MIRED_ERROR_PER_SPREAD * float(np.std(clipped))
    mired -= COOL_GAIN * max(0.0, COOL_GAIN_BELOW - mired)
    kelvin = float(np.clip(1e6 / max(mired, 1.0), *color.KELVIN_RANGE))
    return ColorCast(round(kelvin, -1), round(mired, 1), round(doubt, 1))


def _warmth(light: Array) -> float:
    """Natural logarithm of red over blue: 0 for sRGB white, positive for warm light."""
    return float(np.log(max(light[0], 1e-30)) - np.log(max(light[2], 1e-30)))


def _blackbody_warmth(light: Array) -> float:
    """Mean warmth of the colors near the blackbody curve, weighted by brightness and whiteness."""
    ratios = np.log(light)
    warmth = ratios[:, 0] - ratios[:, 2]
    off_curve = _greenness(ratios) - _curve_greenness(warmth)
    near = np.exp(-(off_curve**2) / 0.02 - np.abs(warmth))
    weights = near * (light @ np.array((0.2126, 0.7152, 0.0722)))
    return float((weights * warmth).sum() / max(float(weights.sum()), 1e-9))


def _greenness(ratios: Array) -> Array:
    """log(G*G/(R*B)) of the logarithms of R, G and B."""
    return np.asarray(2 * ratios[..., 1] - ratios[..., 0] - ratios[..., 2])


def _curve_greenness(warmth: Array) -> Array:
    """Greenness of blackbody light of that warmth, linear between the points of the curve."""
    points = np.log(np.stack([color.blackbody_rgb(t) for t in _CURVE_TEMPERATURES]))
    return np.asarray(np.interp(warmth, points[:, 0] - points[:, 2], _greenness(points)))


@dataclass(frozen=True)
class VisibleSource:
    """A light within the picture: x and y of its center as fractions, share of the area."""

    x: float
    y: float
    area: float


def visible_source(pixels: Pixels) -> VisibleSource | None:
    """The sun or a lamp in the picture: a small round blown-out spot with a glow around it."""
    light = color.oklab(color.to_linear(pixels))[..., 0].astype(np.float32)
    hot = (light >= MIN_SOURCE_LIGHTNESS).astype(np.uint8)
    count, _, stats, centers = cv2.connectedComponentsWithStats(hot, connectivity=8)
    spots = [i for i in range(1, count) if _is_source(stats[i], centers[i], light)]
    if not spots:
        return None
    best = max(spots, key=lambda i: int(stats[i, cv2.CC_STAT_AREA]))
    height, width = light.shape
    x, y = (float(coordinate) for coordinate in centers[best])
    area = float(stats[best, cv2.CC_STAT_AREA]) / light.size
    return VisibleSource(round((x + 0.5) / width, 4), round((y + 0.5) / height, 4), round(area, 5))


def _is_source(stats: Array, center: Array, light: Floats) -> bool:
    """Round, small, far brighter than the median, and fading evenly to all sides."""
    area, width, height = (int(stats[i]) for i in (4, 2, 3))
    if not 0.0004 <= area / light.size <= 0.05 or not 0.5 <= width / height <= 2:
        return False
    if area < 0.6 * width * height or float(np.median(light)) > 0.72:
        return False
    rings = [_ring(light, center, max(width, height) / 2 * k) for k in (1.5, 2.2, 3.2)]
    fading = [float(ring.mean()) for ring in rings]
    even = all(float(ring.std()) < 0.11 for ring in rings)
    return even and 0.95 > fading[0] > fading[1] > fading[2] and fading[1] > 0.4


def _ring(light: Floats, center: Array, radius: float) -> Floats:
    """Sixteen samples on a circle, clipped to the picture."""
    angles = np.arange(16) * (np.pi / 8)
    rows = np.clip(center[1] + radius * np.sin(angles), 0, light.shape[0] - 1).astype(int)
    columns = np.clip(center[0] + radius * np.cos(angles), 0, light.shape[1] - 1).astype(int)
    return cast(Floats, light[rows, columns])
