"""shading(pixels) -> what shade, shadows and highlights say of the light's direction and hardness.

A small network of our own, trained on scenes rendered with known light (docs/light.md). It does not
know what is in the picture, and tells one key light, not several.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images import color
from imagetoprompt.models.runtime import own_session

Floats: TypeAlias = NDArray[np.float32]

DIRECTIONS: Final = 24
"""Azimuths are told in steps of 15 degrees, clockwise from above."""
FRONTAL_BINS: Final = (-0.85, -0.4, 0.0, 0.4, 0.85)
"""What `frontal` is in the middle of each of the five classes from behind to the camera's side."""
# Puts the chroma of common colors on the scale of the normalized lightness.
_CHROMA_GAIN: Final = 6.0


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
        """The mean direction in degrees, 0 to 360."""
        return float(np.degrees(np.angle(self._resultant)) % 360)

    @property
    def agreement(self) -> float:
        """0 when every direction is as likely, 1 when only one is."""
        return float(abs(self._resultant))

    @property
    def frontal(self) -> float:
        """The expected value of `frontal`, -1 to 1."""
        return float(np.dot(self.facings, FRONTAL_BINS))

    @property
    def _resultant(self) -> complex:
        angles = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)
        return complex(np.dot(self.directions, np.exp(1j * angles)))


def light_direction(pixels: NDArray[np.uint8]) -> LightDirection:
    """What the network says of the picture and of its mirror image, which must agree."""
    network = own_session("shading.onnx")
    seen = light_network_input(pixels, int(str(network.shape[1])))
    straight, mirrored = network.run(np.stack([seen, seen[:, ::-1]]))
    edge = DIRECTIONS + len(FRONTAL_BINS)
    # What comes after these three is the cast, which illumination tells as well without a network.
    end = edge + 3
    back = mirrored[(-np.arange(DIRECTIONS)) % DIRECTIONS]
    directions, facings, hardness = (
        tuple(((most_likely(one) + most_likely(other)) / 2).round(5).tolist())
        for one, other in (
            (straight[:DIRECTIONS], back),
            (straight[DIRECTIONS:edge], mirrored[DIRECTIONS:edge]),
            (straight[edge:end], mirrored[edge:end]),
        )
    )
    return LightDirection(directions, facings, cast(tuple[float, float, float], hardness))


def light_network_input(pixels: NDArray[np.uint8], side: int) -> Floats:
    """Side x side x 4: lightness normalized to the picture, two axes of chroma, and a mask."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    lab = color.oklab(color.to_linear(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)))
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    seen = np.zeros((side, side, 4), np.float32)
    inside = seen[top : top + size[1], left : left + size[0]]
    # 0.05 keeps the noise of a flat picture from being blown up into shading.
    inside[..., 0] = (lab[..., 0] - lab[..., 0].mean()) / (lab[..., 0].std() + 0.05)
    inside[..., 1:3] = lab[..., 1:] * _CHROMA_GAIN
    inside[..., 3] = 1
    return seen


def most_likely(logits: Floats) -> Floats:
    """The probabilities that these logits mean."""
    powers = np.exp(logits - logits.max())
    return cast(Floats, powers / powers.sum())


NETWORK_SIDE: Final = 160
"""Pixels of the square that the network looks at."""
NETWORK_CELL: Final = 8
"""Pixels of the parts in which it looks for borders."""


class LightHardness(NamedTuple):
    """Probabilities, 0 to 1, which sum to 1.

    hard: borders of shadows are narrow. soft: they are wide. shadowless: there are none.
    """

    hard: float
    soft: float
    shadowless: float


def light_hardness(pixels: NDArray[np.uint8]) -> LightHardness:
    """What the network says of the picture and of its mirror image, on average."""
    seen = light_network_input(pixels, NETWORK_SIDE)
    views = np.stack([seen, seen[:, ::-1]])
    told = np.mean([most_likely(each) for each in own_session("penumbra.onnx").run(views)], axis=0)
    return LightHardness(*(round(float(each), 5) for each in told))
