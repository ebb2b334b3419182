"""Canvas: what a step of the draft engine works on. It does not know the steps."""

from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Picture, Pixels

Floats: TypeAlias = NDArray[Any]
Options: TypeAlias = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Canvas:
    """`pixels` is the picture so far, of the same size as `original`, from which masks are made."""

    pixels: Pixels
    original: Picture
    seed: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    @property
    def longest(self) -> int:
        """The longer side in pixels."""
        return max(self.size)

    def noise(self, size: tuple[int, int]) -> Floats:
        """Normal noise of that width and height, the same for the same seed."""
        chance = np.random.default_rng(self.seed)
        return chance.standard_normal((size[1], size[0]), np.float32)


def picture_of(pixels: Pixels) -> Picture:
    """The pixels as a Picture."""
    import hashlib  # noqa: PLC0415

    made = np.ascontiguousarray(pixels)
    made.setflags(write=False)
    size = made.shape[1], made.shape[0]
    return Picture(made, size, hashlib.sha256(f"{size}".encode() + made.tobytes()).hexdigest())


def mixed(one: Pixels, other: Pixels, share: "Floats | float") -> Pixels:
    """`one` where the share is 0, `other` where it is 1."""
    if isinstance(share, float | int):
        return cast(Pixels, cv2.addWeighted(one, 1 - share, other, share, 0))
    kept = np.clip(share, 0, 1).astype(np.float32)
    return cast(Pixels, cv2.blendLinear(one, other, 1 - kept, kept))


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """The pixels at that width and height: by area when smaller, by Lanczos when larger."""
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    smaller = size[0] * size[1] < pixels.shape[0] * pixels.shape[1]
    method = cv2.INTER_AREA if smaller else cv2.INTER_LANCZOS4
    return cast(Pixels, cv2.resize(pixels, size, interpolation=method))


def spread(values: Floats, size: tuple[int, int]) -> Floats:
    """A smooth map at that width and height."""
    return cast(Floats, cv2.resize(values, size, interpolation=cv2.INTER_CUBIC))


def bytes_of(values: NDArray[Any]) -> Pixels:
    """Floats from 0 to 1 as pixels."""
    return cast(Pixels, (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8))
