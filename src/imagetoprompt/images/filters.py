"""Resize arrays of pixels and filter them: luma, guided filter, difference of Gaussians."""

from typing import Any, Final, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Ratio of the wider Gaussian to the narrower one at which their difference is closest to a
# Laplacian of Gaussian (Marr and Hildreth, 1980); the authors of XDoG use it too.
GAUSSIAN_RATIO: Final = 1.6


def guided_filter(
    values: Floats,
    guide: NDArray[np.uint8],
    radius: int,
    contrast: float,
    large_guide: NDArray[np.uint8] | None = None,
) -> Floats:
    """Smooth `values` (height x width) while their borders follow the edges of the guide.

    The guided filter (He, Sun and Tang, 2013). guide: RGB pixels of the same height and width.
    radius: of the box filter, in pixels. contrast: lightness difference (0 to 1) that counts as an
    edge. large_guide: RGB pixels of another size; the result then has that size, from coefficients
    that are computed at the smaller one (the fast guided filter: He and Sun, 2015).
    """
    gray = luma(guide)
    mean, mean_values = _box_mean(gray, radius), _box_mean(values, radius)
    variance = _box_mean(gray * gray, radius) - mean**2
    covariance = _box_mean(gray * values, radius) - mean * mean_values
    slope = covariance / (variance + contrast**2)
    slope, offset = _box_mean(slope, radius), _box_mean(mean_values - slope * mean, radius)
    if large_guide is None:
        return np.asarray(slope * gray + offset)
    size = large_guide.shape[1], large_guide.shape[0]
    slope, offset = (
        np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR), np.float32)
        for plane in (slope, offset)
    )
    return np.asarray(slope * luma(large_guide) + offset, np.float32)


def difference_of_gaussians(
    gray: Floats, width: float, weight: float = 1.0, border: int = cv2.BORDER_DEFAULT
) -> Floats:
    """A Gaussian of `width` pixels minus `weight` times one 1.6 times as wide; negative in lines.

    The base of XDoG line drawings (Winnemoeller, Kyprianidis and Olsen, 2012). border: how OpenCV
    extends the image beyond its edges.
    """
    near, far = (
        cv2.GaussianBlur(gray, (0, 0), sigma, borderType=border)
        for sigma in (width, GAUSSIAN_RATIO * width)
    )
    return np.asarray(near - weight * far)


def _box_mean(values: NDArray[Any], radius: int) -> Floats:
    side = 2 * radius + 1
    return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT))


AnyPixels = TypeVar("AnyPixels", bound=NDArray[Any])


def resized(
    pixels: AnyPixels, size: tuple[int, int], *, enlarge: int = cv2.INTER_LANCZOS4
) -> AnyPixels:
    """The array (height x width, or x channels) at that width and height; itself if it has it.

    A smaller area is averaged (cv2.INTER_AREA); a larger one is interpolated with `enlarge`.
    """
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels
    method = cv2.INTER_AREA if size[0] * size[1] < width * height else enlarge
    return cast(AnyPixels, cv2.resize(np.ascontiguousarray(pixels), size, interpolation=method))


def luma(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The Rec. 601 luma of sRGB pixels, 0 to 1."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.asarray(gray.astype(np.float32) / 255)
