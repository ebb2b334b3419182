"""Color science: sRGB, linear light, OKLab, CIE Lab, color difference, blackbody light, names.

Arrays hold colors in their last axis (... x 3).
"""

from functools import cache
from typing import Any, Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.lexicon import table

Floats: TypeAlias = NDArray[np.float32]
Array: TypeAlias = NDArray[Any]

# Linear sRGB to cone responses, and those to OKLab: Ottosson, "A perceptual color space for image
# processing", 2020, https://bottosson.github.io/posts/oklab/ (public domain).
_TO_LMS: Final = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB: Final = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
# Linear sRGB to CIE XYZ under D65, IEC 61966-2-1.
_TO_XYZ: Final = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_D65: Final = (0.95047, 1.0, 1.08883)
# McCamy's approximation of the correlated color temperature is not reliable outside this range.
KELVIN_RANGE: Final = (2000.0, 12000.0)
# Names follow hue and chroma more than lightness: a lit and a shaded leaf are both green.
_NAMING_WEIGHTS: Final = (0.62, 1.25, 1.25)


def to_linear(pixels: Array) -> Floats:
    """Linear light 0 to 1 of sRGB pixels: uint8, or floats 0 to 1 (IEC 61966-2-1)."""
    if pixels.dtype == np.uint8:
        return cast(Floats, cv2.LUT(np.ascontiguousarray(pixels), _curve()))
    return _decoded(pixels)


def to_srgb(light: Array) -> Floats:
    """Encode linear light as sRGB floats 0 to 1, clipped to the gamut (IEC 61966-2-1)."""
    x = np.clip(np.asarray(light, np.float32), 0, 1)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-9) ** (1 / 2.4) - 0.055)


def oklab(light: Array) -> Floats:
    """OKLab of linear light: lightness 0 to 1, then the green-red and blue-yellow axes."""
    cones = np.maximum(np.asarray(light, np.float32) @ _matrix(_TO_LMS).T, 0)
    return cast(Floats, np.cbrt(cones) @ _matrix(_TO_LAB).T)


def from_oklab(lab: Array) -> Floats:
    """Linear light of OKLab; may leave 0 to 1 where the color is outside sRGB."""
    cones = (np.asarray(lab, np.float32) @ np.linalg.inv(_matrix(_TO_LAB)).T) ** 3
    return cast(Floats, cones @ np.linalg.inv(_matrix(_TO_LMS)).T)


def chroma(lab: Array) -> Floats:
    """Distance from gray in OKLab: 0 to about 0.32 within sRGB."""
    return np.hypot(lab[..., 1], lab[..., 2])


def hue(lab: Array) -> Floats:
    """Hue angle of OKLab in degrees, 0 to 360: red 29, yellow 110, green 142, blue 264."""
    return cast(Floats, np.degrees(np.arctan2(lab[..., 2], lab[..., 1])) % 360)


def to_hex(lab: Array) -> str:
    """#RRGGBB of one OKLab color, clipped to sRGB."""
    red, green, blue = np.round(to_srgb(from_oklab(lab)) * 255).astype(int)
    return f"#{red:02X}{green:02X}{blue:02X}"


def from_hex(text: str) -> Floats:
    """The OKLab of #RRGGBB."""
    return oklab(to_linear(hex_to_rgb(text)))


def hex_to_rgb(text: str) -> Floats:
    """#RRGGBB as sRGB floats 0 to 1."""
    return np.array([value / 255 for value in hex_to_rgb_bytes(text)], np.float32)


def hex_to_rgb_bytes(text: str) -> tuple[int, int, int]:
    """#RRGGBB as sRGB integers 0 to 255."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def cielab(light: Array) -> Floats:
    """CIE 1976 L*a*b* under D65 of linear light."""
    xyz = np.asarray(light, np.float64) @ np.array(_TO_XYZ).T / np.array(_D65)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    axes = 116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])
    return np.stack(axes, axis=-1).astype(np.float32)


def ciede2000(one: Array, other: Array) -> Array:
    """CIEDE2000 between CIE Lab colors: 1 is barely visible, 100 is black against white.

    Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula", Color Research & Application
    30(1), 2005.
    """
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    mean = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(other[..., 1], other[..., 2])) / 2
    stretch = 1 + 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7)))
    c1, c2 = (
        np.hypot(one[..., 1] * stretch, one[..., 2]),
        np.hypot(other[..., 1] * stretch, other[..., 2]),
    )
    h1 = np.arctan2(one[..., 2], one[..., 1] * stretch) % (2 * np.pi)
    h2 = np.arctan2(other[..., 2], other[..., 1] * stretch) % (2 * np.pi)
    turn = np.where(c1 * c2 == 0, 0.0, (h2 - h1 + np.pi) % (2 * np.pi) - np.pi)
    middle = np.where(c1 * c2 == 0, h1 + h2, h1 + turn / 2)
    light, chromas = (one[..., 0] + other[..., 0]) / 2, (c1 + c2) / 2
    lightness = (other[..., 0] - one[..., 0]) / _lightness_scale(light)
    colorful = (c2 - c1) / (1 + 0.045 * chromas)
    turned = 2 * np.sqrt(c1 * c2) * np.sin(turn / 2) / _hue_scale(chromas, middle)
    rotated = _rotation(chromas, middle) * colorful * turned
    return cast(Array, np.sqrt(lightness**2 + colorful**2 + turned**2 + rotated))


def xy_chromaticity(light: Array) -> tuple[float, float]:
    """CIE 1931 x and y of one color of linear light."""
    xyz = np.maximum(np.asarray(light, np.float64), 1e-9) @ np.array(_TO_XYZ).T
    return float(xyz[0] / xyz.sum()), float(xyz[1] / xyz.sum())


def color_temperature(light: Array) -> float:
    """Correlated color temperature of one color of linear light, 2000 to 12000 K.

    McCamy, "Correlated color temperature as an explicit function of chromaticity coordinates",
    Color Research & Application 17, 1992.
    """
    x, y = xy_chromaticity(light)
    if y <= 0.1858:  # McCamy's epicenter: below it the formula turns over; only blues lie there.
        return KELVIN_RANGE[1]
    n = (x - 0.3320) / (0.1858 - y)
    kelvin = 449 * n**3 + 3525 * n**2 + 6823.3 * n + 5520.33
    return float(np.clip(kelvin, *KELVIN_RANGE))


def blackbody_rgb(temperature: float) -> Floats:
    """Linear sRGB of blackbody light of that temperature in kelvin, of luminance 1.

    Kim and others' cubic fit of the Planckian locus, US patent 7024034, 2006: 1667 to 25000 K.
    """
    t = 1000 / float(np.clip(temperature, 1667, 25000))
    if temperature < 4000:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
        cubic = (-0.9549476, -1.37418593, 2.09137015, -0.16748867)
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
        cubic = (3.0817580, -5.87338670, 3.75112997, -0.37001483)
    if temperature < 2222:
        cubic = (-1.1063814, -1.34811020, 2.18555832, -0.20219683)
    y = float(np.polyval(cubic, x))
    xyz = np.array((x / y, 1.0, (1 - x - y) / y))
    return np.maximum(np.linalg.solve(np.array(_TO_XYZ), xyz), 0).astype(np.float32)


def color_name(lab: Array) -> str:
    """The plain name of one OKLab color: the nearest of lexicon/colors.toml."""
    names, places = _named()
    far = (places - np.asarray(lab, np.float32)) * np.array(_NAMING_WEIGHTS, np.float32)
    return names[int(np.argmin((far**2).sum(axis=1)))]


@cache
def _named() -> tuple[tuple[str, ...], Floats]:
    colors: dict[str, str] = table("colors")["names"]
    return tuple(colors), np.stack([from_hex(text) for text in colors.values()])


@cache
def _curve() -> Floats:
    return _decoded(np.arange(256, dtype=np.float32) / 255)


def _decoded(values: Array) -> Floats:
    x = np.asarray(values, np.float32)
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _matrix(rows: tuple[tuple[float, ...], ...]) -> Floats:
    return np.array(rows, np.float32)


def _lightness_scale(light: Array) -> Array:
    return cast(Array, 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))


def _hue_scale(chromas: Array, middle: Array) -> Array:
    waves = (
        1
        - 0.17 * np.cos(middle - np.radians(30))
        + 0.24 * np.cos(2 * middle)
        + 0.32 * np.cos(3 * middle + np.radians(6))
        - 0.20 * np.cos(4 * middle - np.radians(63))
    )
    return cast(Array, 1 + 0.015 * chromas * waves)


def _rotation(chromas: Array, middle: Array) -> Array:
    width = np.radians(30) * np.exp(-(((np.degrees(middle) % 360 - 275) / 25) ** 2))
    return cast(Array, -2 * np.sqrt(chromas**7 / (chromas**7 + 25.0**7)) * np.sin(2 * width))
