"""Small linear classifiers and their features.

`probe_probabilities(picture, name)`: a linear probe on the ImageNet classifier's features and on
plain image statistics (weights/*.npz, made by `make train`; docs/heads.md says what each was
trained on and how good it is). `class_probabilities(model, features)`: a model of a few measured
features (linear_models.toml beside this module, made by `python -m training.geometry`).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from math import exp
from operator import mul
from typing import Final, NamedTuple, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Picture, Pixels
from imagetoprompt.lexicon import table
from imagetoprompt.models import classify
from imagetoprompt.models.runtime import softmax

Vector: TypeAlias = NDArray[np.float32]

# The label of a picture that shows none of what a probe knows.
OTHER: Final = "other"
# Standardized features are clipped to this many spreads from the mean.
MAX_STANDARD_SCORE: Final = 4.0


class LinearProbe(NamedTuple):
    """weights: features x labels. offsets: one per label. Both already calibrated."""

    labels: tuple[str, ...]
    weights: Vector
    offsets: Vector


def probe_probabilities(picture: Picture, name: str, /) -> Mapping[str, float]:
    """The calibrated probability of each label of the probe, `other` included."""
    return picture.once(("probe", name), _apply_probe, probe_features(picture), load_probe(name))


def _apply_probe(features: Vector, probe: LinearProbe) -> Mapping[str, float]:
    shares = softmax(features @ probe.weights + probe.offsets)
    return {label: float(share) for label, share in zip(probe.labels, shares, strict=True)}


@cache
def load_probe(name: str) -> LinearProbe:
    """The probe of that name, read once."""
    data = files("imagetoprompt").joinpath("weights", f"{name}.npz").read_bytes()
    with np.load(BytesIO(data)) as arrays:
        labels = tuple(str(label) for label in arrays["labels"])
        weights = arrays["weights"].astype(np.float32)
        return LinearProbe(labels, weights, arrays["offsets"].astype(np.float32))


def probe_features(picture: Picture, /) -> Vector:
    """What every probe reads: roots of the classifier's features, then the image statistics.

    The features are sums of rare events, from 0 to 6; their roots are spread more evenly.
    """
    pixels = picture.at(STATS_SIDE)
    return picture.once("probe features", _probe_features, classify(picture).features, pixels)


def _probe_features(features: Vector, pixels: Pixels) -> Vector:
    return np.concatenate([np.sqrt(features), measure_image_stats(pixels)])


def class_probabilities(model: str, features: Sequence[float]) -> dict[str, float]:
    """The probability of each class: softmax of weights times the standardized features.

    model: a name in linear_models.toml, which says what the features are and their order.
    """
    numbers = table("linear_models", __package__)[model]
    ready = [
        max(-MAX_STANDARD_SCORE, min(MAX_STANDARD_SCORE, (value - mean) / spread))
        for value, mean, spread in zip(features, numbers["mean"], numbers["spread"], strict=True)
    ]
    scores = {
        name: bias + sum(map(mul, weights, ready))
        for name, (bias, *weights) in numbers["classes"].items()
    }
    top = max(scores.values())
    powers = {name: exp(score - top) for name, score in scores.items()}
    total = sum(powers.values())
    return {name: power / total for name, power in powers.items()}


# Image statistics are measured on a copy of this size, so that a large and a small file of one
# picture give the same numbers; nearly every picture is larger.
STATS_SIDE: Final = 192
# Lightness, a and b of each cell of a 3 x 3 grid: where the picture is light, warm or blue.
COLOR_GRID: Final = 3
# OpenCV's 8-bit CIELAB, turned into lightness 0 to 1 and a, b divided by 100.
LAB_ZERO: Final = np.array((0, 128, 128), np.float32)
LAB_UNIT: Final = np.array((255, 100, 100), np.float32)
# Gradients (gray levels per pixel) below which an area counts as flat, above which as an edge.
MAX_FLAT_GRADIENT: Final = 2.0
MIN_EDGE_GRADIENT: Final = 24.0


def image_stats(picture: Picture, /) -> Vector:
    """The image statistics of a picture: 75 numbers, each about 0 to 1."""
    return measure_image_stats(picture.at(STATS_SIDE))


def measure_image_stats(pixels: Pixels, /) -> Vector:
    """Lightness, color, texture and drawing of upright sRGB pixels (height x width x 3, uint8).

    The classifier's features were learned to name things and so care little for light and color.
    """
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scaled = (lab.astype(np.float32) - LAB_ZERO) / LAB_UNIT
    chroma, hue = cv2.cartToPolar(scaled[..., 1], scaled[..., 2])
    parts = (
        _lightness_stats(lab[..., 0], scaled[..., 0]),
        _color_stats(chroma, hue),
        _sky_stats(scaled, chroma),
        _color_grid(scaled),
        _texture_stats(gray),
        _drawing_stats(pixels, gray),
    )
    return np.concatenate([np.asarray(part, np.float32) for part in parts])


def _quantile_levels(values: Pixels, shares: Sequence[float]) -> Vector:
    """The values (0 to 255) below which these shares of all values lie."""
    below = np.cumsum(np.bincount(values.ravel(), minlength=256)) / values.size
    return np.searchsorted(below, shares).astype(np.float32)


def _lightness_stats(levels: Pixels, light: Vector) -> list[float]:
    """Percentiles, spread, the shares of near black and near white."""
    marks = _quantile_levels(levels, (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)) / 255
    return [*marks, light.std(), (levels < 20).mean(), (levels > 235).mean()]


def _color_stats(chroma: Vector, hue: Vector) -> list[float]:
    """How much color, how strong, and how the hues spread over six sectors."""
    sector = (hue * np.float32(3 / np.pi)).astype(np.int32) % 6
    strong = np.where(chroma > 0.1, chroma, 0)
    shares = np.bincount(sector.ravel(), strong.ravel(), minlength=6) / (strong.sum() + 1)
    strongest = _quantile_levels(cv2.convertScaleAbs(chroma, alpha=200), (0.95,)) / 200
    return [chroma.mean(), chroma.std(), *strongest, (chroma < 0.04).mean(), *shares]


def _sky_stats(lab: Vector, chroma: Vector) -> list[float]:
    """Shares of blue, white, glowing, green and rust in the upper and in the lower third."""
    third = max(1, len(lab) // 3)
    light, red, yellow = lab[..., 0], lab[..., 1], lab[..., 2]
    blue = (yellow < -0.08) & (light > 0.35)
    white = (light > 0.75) & (chroma < 0.08)
    glow = (yellow > 0.2) & (red > 0.05) & (light > 0.4)
    green = (red < -0.06) & (yellow > 0.06)
    rust = (red > 0.1) & (yellow > 0.2) & (light < 0.75)
    masks = (blue, white, glow, green, rust)
    return [share for mask in masks for share in (mask[:third].mean(), mask[-third:].mean())]


def _color_grid(lab: Vector) -> Vector:
    size = (COLOR_GRID, COLOR_GRID)
    return cast(Vector, cv2.resize(lab, size, interpolation=cv2.INTER_AREA)).ravel()


def _texture_stats(gray: Pixels) -> list[float]:
    """Gradients: strength, direction, the shares of flat areas and edges in both halves."""
    across = np.abs(cv2.Sobel(gray, cv2.CV_32F, 1, 0, scale=1 / 8))
    down = np.abs(cv2.Sobel(gray, cv2.CV_32F, 0, 1, scale=1 / 8))
    strength = cv2.magnitude(across, down)
    middle = max(1, len(gray) // 2)
    halves = slice(None, middle), slice(max(0, middle - 1), None)
    upright = across.sum() / (across.sum() + down.sum() + 1)
    slanted = np.minimum(across, down).sum() / (strength.sum() + 1)
    masks = strength < MAX_FLAT_GRADIENT, strength > MIN_EDGE_GRADIENT
    shares = [mask[half].mean() for mask in masks for half in halves]
    return [strength.mean() / 64, strength.std() / 64, upright, slanted, *shares]


def _drawing_stats(pixels: Pixels, gray: Pixels) -> list[float]:
    """What marks a drawing: few colors, hard edges on flat ground, grain, a plain border."""
    red, green, blue = (pixels[..., band].astype(np.int32) >> 4 for band in range(3))
    counts = np.bincount(((red << 8) | (green << 4) | blue).ravel())
    shares = np.sort(counts[counts > 0])[::-1] / gray.size
    grain = cv2.absdiff(gray, cv2.medianBlur(gray, 3))
    laplacian = cv2.convertScaleAbs(cv2.Laplacian(gray, cv2.CV_16S))
    middle, high = _quantile_levels(laplacian, (0.5, 0.9))
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    entropy = -(shares * np.log2(shares)).sum() / 12
    commonest = [shares[:count].sum() for count in (1, 4, 16)]
    noise = [grain.mean() / 16, (grain > 8).mean(), middle / 16, high / 64]
    return [*commonest, entropy, *noise, border.mean() / 255, border.std() / 128]
