"""Small trained heads: from the classifier's features and plain numbers to labels.

A head is an array file in weights/, made by `make train`: a column of weights for each label. What
each was trained on and what it is worth stands in docs/heads.md. It does not know what its labels
are called in a prompt: that is for hedging and the lexicon.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from math import exp
from typing import Final, NamedTuple, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Picture, Pixels
from imagetoprompt.lexicon import table
from imagetoprompt.models import classify

# The label of a picture that shows none of what a head knows.
OTHER: Final = "other"


class LinearProbe(NamedTuple):
    """weights: numbers x labels. offsets: one per label. Both already calibrated."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]


def probe_features(picture: Picture, /) -> NDArray[np.float32]:
    """What every head reads, made once: roots of the classifier's features, then appearance.

    The features are sums of rare events, from 0 to 6; their roots are spread more evenly.
    """
    return picture.once(
        "heads.vector",
        lambda: np.concatenate([np.sqrt(classify(picture).features), image_stats(picture)]),
    )


def probe_probabilities(picture: Picture, name: str, /) -> Mapping[str, float]:
    """Of each label of the head, `other` included, the calibrated probability; made once."""
    return picture.once(("heads", name), lambda: _weighed(picture, load_probe(name)))


def _weighed(picture: Picture, head: LinearProbe) -> Mapping[str, float]:
    scores = probe_features(picture) @ head.weights + head.offsets
    powers = np.exp(scores - scores.max())
    shares = powers / powers.sum()
    return {label: float(share) for label, share in zip(head.labels, shares, strict=True)}


@cache
def load_probe(name: str) -> LinearProbe:
    """The head of that name, read once."""
    data = files("imagetoprompt").joinpath("weights", f"{name}.npz").read_bytes()
    with np.load(BytesIO(data)) as arrays:
        labels = tuple(str(label) for label in arrays["labels"])
        weights = arrays["weights"].astype(np.float32)
        return LinearProbe(labels, weights, arrays["offsets"].astype(np.float32))


def class_probabilities(model: str, features: Sequence[float]) -> dict[str, float]:
    """The probability of each class: softmax of weights times the standardised features."""
    numbers = table("linear_models", "imagetoprompt.analysis")[model]
    ready = [
        max(-4.0, min(4.0, (value - mean) / spread))
        for value, mean, spread in zip(features, numbers["mean"], numbers["spread"], strict=True)
    ]
    scores = {
        name: bias + sum(weight * value for weight, value in zip(weights, ready, strict=True))
        for name, (bias, *weights) in numbers["classes"].items()
    }
    top = max(scores.values())
    powers = {name: exp(score - top) for name, score in scores.items()}
    total = sum(powers.values())
    return {name: power / total for name, power in powers.items()}


Vector: TypeAlias = NDArray[np.float32]

# Everything is measured on the same small copy, so that a large and a small file of one picture
# give the same numbers; 192 is below the size of nearly every picture that anyone asks about.
STATS_SIDE: Final = 192

# Lightness, a and b of each cell of a 3 x 3 grid: where the picture is light, warm or blue.
COLOR_GRID: Final = 3

# OpenCV's 8-bit CIELAB, turned into lightness 0 to 1 and a, b divided by 100.
LAB_ZERO: Final = np.array((0, 128, 128), np.float32)
LAB_UNIT: Final = np.array((255, 100, 100), np.float32)

# Shades of 0-255 between neighbors below which an area counts as flat, above which as an edge.
MAX_FLAT_GRADIENT: Final = 2.0
MIN_EDGE_GRADIENT: Final = 24.0


def image_stats(picture: Picture, /) -> Vector:
    """The numbers of a picture, each about 0 to 1, as float32 of fixed length; made once."""
    return picture.once("image_stats", lambda: measure_image_stats(picture.at(STATS_SIDE)))


def measure_image_stats(pixels: Pixels, /) -> Vector:
    """The numbers of upright sRGB pixels (height x width x 3, uint8)."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scaled = (lab.astype(np.float32) - LAB_ZERO) / LAB_UNIT
    chroma, hue = cv2.cartToPolar(scaled[..., 1], scaled[..., 2])
    parts = (
        _lightness(lab[..., 0], scaled[..., 0]),
        _color(chroma, hue),
        _sky(scaled, chroma),
        _grid(scaled),
        _texture(gray),
        _drawing(pixels, gray),
    )
    return np.concatenate([np.asarray(part, np.float32) for part in parts])


def _marks(values: Pixels, shares: Sequence[float]) -> NDArray[np.float32]:
    """The values (0 to 255) below which these shares of all values lie."""
    below = np.cumsum(np.bincount(values.ravel(), minlength=256)) / values.size
    return np.searchsorted(below, shares).astype(np.float32)


def _lightness(levels: Pixels, light: Vector) -> list[float]:
    """Percentiles, spread, the shares of near black and near white."""
    marks = _marks(levels, (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)) / 255
    return [*marks, light.std(), (levels < 20).mean(), (levels > 235).mean()]


def _color(chroma: Vector, hue: Vector) -> list[float]:
    """How much color, how strong, and how the hues spread over six sectors."""
    sector = (hue * np.float32(3 / np.pi)).astype(np.int32) % 6
    strong = np.where(chroma > 0.1, chroma, 0)
    shares = np.bincount(sector.ravel(), strong.ravel(), minlength=6) / (strong.sum() + 1)
    strongest = _marks(cv2.convertScaleAbs(chroma, alpha=200), (0.95,)) / 200
    return [chroma.mean(), chroma.std(), *strongest, (chroma < 0.04).mean(), *shares]


def _sky(lab: Vector, chroma: Vector) -> list[float]:
    """What the upper third shows against the lower: blue, white, glowing, green, rust."""
    third = max(1, len(lab) // 3)
    light, red, yellow = lab[..., 0], lab[..., 1], lab[..., 2]
    blue = (yellow < -0.08) & (light > 0.35)
    white = (light > 0.75) & (chroma < 0.08)
    glow = (yellow > 0.2) & (red > 0.05) & (light > 0.4)
    green = (red < -0.06) & (yellow > 0.06)
    rust = (red > 0.1) & (yellow > 0.2) & (light < 0.75)
    masks = (blue, white, glow, green, rust)
    return [share for mask in masks for share in (mask[:third].mean(), mask[-third:].mean())]


def _grid(lab: Vector) -> Vector:
    return cast(
        Vector, cv2.resize(lab, (COLOR_GRID, COLOR_GRID), interpolation=cv2.INTER_AREA)
    ).ravel()


def _texture(gray: Pixels) -> list[float]:
    """Gradients: their strength, direction, the shares of flat areas and edges, upper and lower."""
    across = np.abs(cv2.Sobel(gray, cv2.CV_32F, 1, 0, scale=1 / 8))
    down = np.abs(cv2.Sobel(gray, cv2.CV_32F, 0, 1, scale=1 / 8))
    force = cv2.magnitude(across, down)
    middle = max(1, len(gray) // 2)
    halves = slice(None, middle), slice(max(0, middle - 1), None)
    upright = across.sum() / (across.sum() + down.sum() + 1)
    slanted = np.minimum(across, down).sum() / (force.sum() + 1)
    shares = [
        mask[half].mean()
        for mask in (force < MAX_FLAT_GRADIENT, force > MIN_EDGE_GRADIENT)
        for half in halves
    ]
    return [force.mean() / 64, force.std() / 64, upright, slanted, *shares]


def _drawing(pixels: Pixels, gray: Pixels) -> list[float]:
    """What tells a drawing: few colors, paper, hard edges on flat ground, grain, a plain rim."""
    red, green, blue = (pixels[..., band].astype(np.int32) >> 4 for band in range(3))
    counts = np.bincount(((red << 8) | (green << 4) | blue).ravel())
    shares = np.sort(counts[counts > 0])[::-1] / gray.size
    grain = cv2.absdiff(gray, cv2.medianBlur(gray, 3))
    middle, high = _marks(cv2.convertScaleAbs(cv2.Laplacian(gray, cv2.CV_16S)), (0.5, 0.9))
    rim = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    entropy = -(shares * np.log2(shares)).sum() / 12
    commonest = [shares[:count].sum() for count in (1, 4, 16)]
    noise = [grain.mean() / 16, (grain > 8).mean(), middle / 16, high / 64]
    return [*commonest, entropy, *noise, rim.mean() / 255, rim.std() / 128]
