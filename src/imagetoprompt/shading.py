"""shading(pixels) -> what shade, shadows and highlights say of the light's direction and hardness.

A small network of our own, trained on scenes that we render with known light (training/light.py);
it runs in numpy. It does not know what is in the picture, and tells one key light, not several.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt import colour

Floats: TypeAlias = NDArray[np.float32]

SIZE: Final = 80
"""The longer side that the network looks at, in pixels."""
DIRECTIONS: Final = 24
"""Azimuths are told in steps of 15 degrees, clockwise from above."""
FACINGS: Final = (-0.85, -0.4, 0.0, 0.4, 0.85)
"""What `frontal` is in the middle of each of the five classes from behind to the camera's side."""
_STRIDES: Final = (2, 2, 1, 2, 1, 2)
# Early layers see how sharp an edge of shade is, the last one what shape it has.
_POOLED: Final = (0, 2, 5)
# Puts the chroma of common colours on the scale of the normalised lightness.
_CHROMA_GAIN: Final = 6.0


@dataclass(frozen=True)
class Shading:
    """Probabilities, each tuple summing to 1.

    directions: of azimuth 0, 15, … 345 degrees. facings: of the light being behind the subject,
    rather behind, beside, rather in front, in front. hardness: hard, softened, without shadows.
    """

    directions: tuple[float, ...]
    facings: tuple[float, ...]
    hardness: tuple[float, float, float]

    @property
    def azimuth(self) -> float:
        """The mean direction in degrees, 0 to 360."""
        return float(np.degrees(np.angle(self._resultant)) % 360)

    @property
    def agreement(self) -> float:
        """0 when every direction is as likely, 1 when only one is."""
        return float(abs(self._resultant))

    @property
    def frontal(self) -> float:
        """The expected value of `frontal`, -1 to 1."""
        return float(np.dot(self.facings, FACINGS))

    @property
    def _resultant(self) -> complex:
        angles = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)
        return complex(np.dot(self.directions, np.exp(1j * angles)))


def shading(pixels: NDArray[np.uint8]) -> Shading:
    """What the network says of the picture and of its mirror image, which must agree."""
    seen = prepared(pixels)
    straight, mirrored = _answers(seen), _answers(seen[:, ::-1])
    back = mirrored[0][(-np.arange(DIRECTIONS)) % DIRECTIONS]
    directions, facings, hardness = (
        tuple(((one + other) / 2).round(5).tolist())
        for one, other in zip(straight, (back, *mirrored[1:]), strict=True)
    )
    return Shading(directions, facings, cast(tuple[float, float, float], hardness))


def prepared(pixels: NDArray[np.uint8]) -> Floats:
    """SIZE x SIZE x 4: lightness normalised to the picture, two axes of chroma, and a mask."""
    height, width = pixels.shape[:2]
    scale = SIZE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    lab = colour.oklab(colour.linear(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)))
    top, left = (SIZE - size[1]) // 2, (SIZE - size[0]) // 2
    seen = np.zeros((SIZE, SIZE, 4), np.float32)
    inside = seen[top : top + size[1], left : left + size[0]]
    # 0.05 keeps the noise of a flat picture from being blown up into shading.
    inside[..., 0] = (lab[..., 0] - lab[..., 0].mean()) / (lab[..., 0].std() + 0.05)
    inside[..., 1:3] = lab[..., 1:] * _CHROMA_GAIN
    inside[..., 3] = 1
    return seen


def _answers(seen: Floats) -> tuple[Floats, Floats, Floats]:
    weights = _weights()
    pools: list[Floats] = []
    for layer, stride in enumerate(_STRIDES):
        seen = _convolved(seen, weights[2 * layer], weights[2 * layer + 1], stride)
        if layer in _POOLED:
            pools += [seen.mean(axis=(0, 1)), seen.max(axis=(0, 1))]
    pooled = np.concatenate(pools)
    hidden = np.maximum(pooled @ weights[12] + weights[13], 0)
    found = hidden @ weights[14] + weights[15]
    edge = DIRECTIONS + len(FACINGS)
    return _likely(found[:DIRECTIONS]), _likely(found[DIRECTIONS:edge]), _likely(found[edge:])


def _convolved(seen: Floats, kernel: Floats, bias: Floats, stride: int) -> Floats:
    """A rectified convolution; the picture is padded so that its size is divided by the stride."""
    side = kernel.shape[0]
    padding = side - stride
    around = (padding // 2, padding - padding // 2)
    wide = np.pad(seen, (around, around, (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, (side, side), axis=(0, 1))
    windows = windows[::stride, ::stride].transpose(0, 1, 3, 4, 2)
    flat = windows.reshape(-1, kernel[..., 0].size)
    summed = flat @ kernel.reshape(-1, kernel.shape[-1]) + bias
    return cast(Floats, np.maximum(summed, 0).reshape(*windows.shape[:2], -1))


def _likely(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max())
    return cast(Floats, powers / powers.sum())


@cache
def _weights() -> list[Floats]:
    with files(__package__).joinpath("weights", "shading.npz").open("rb") as file:
        arrays: Any = np.load(file)
        return [arrays[f"arr_{i}"].astype(np.float32) for i in range(len(arrays.files))]
