"""tint(picture, box) -> the plain color of the thing in the box, or none when it is not clear.

It does not know what the thing is, nor colors without a hue: black, gray and white are mostly glass
and shadow.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Box
from imagetoprompt.images import color
from imagetoprompt.images.picture import Picture, Pixels
from imagetoprompt.lexicon import table

# Pixels along a side: enough for shares, and single pixels do not count.
SAMPLE_SIZE: Final = 32
# The middle of a box, where the thing is and what is behind it is not.
CENTER_SHARE: Final = 0.7
# OKLab chroma from which a color is one, under any usual light.
MIN_CHROMA: Final = 0.09
# OKLab lightness below which orange and yellow are brown.
BROWN: Final = 0.55
# The share of the middle that has the color, and by how much that exceeds the share in the whole
# picture: in a red room every chair is red.
MIN_HUE_SHARE: Final = 0.42
EXCESS: Final = 0.3


def object_color(picture: Picture, box: Box, /) -> str:
    """The word, such as "red"; empty when the thing has none that is plain to see."""
    pixels = picture.at(256)
    inside, whole = _shares(_middle(pixels, box)), _shares(pixels)
    share, word = max((share, word) for word, share in inside.items())
    return word if share >= MIN_HUE_SHARE and share - whole[word] >= EXCESS else ""


def _middle(pixels: Pixels, box: Box) -> Pixels:
    height, width = pixels.shape[:2]
    edge = (1 - CENTER_SHARE) / 2
    left, top = int((box[0] + edge * box[2]) * width), int((box[1] + edge * box[3]) * height)
    wide, high = (
        max(1, int(CENTER_SHARE * box[2] * width)),
        max(1, int(CENTER_SHARE * box[3] * height)),
    )
    return pixels[min(top, height - 1) : top + high, min(left, width - 1) : left + wide]


def _shares(pixels: Pixels) -> dict[str, float]:
    """The share of the pixels that has each color."""
    small = cv2.resize(
        np.ascontiguousarray(pixels), (SAMPLE_SIZE, SAMPLE_SIZE), interpolation=cv2.INTER_AREA
    )
    lab = color.oklab(color.to_linear(np.asarray(small, np.uint8)))
    hues, vivid = np.rad2deg(np.arctan2(lab[..., 2], lab[..., 1])) % 360, _vivid(lab)
    rows = table("objects")["tints"]["hues"]
    ends = [row["from"] for row in rows[1:]] + [360]
    shares: dict[str, float] = {}
    for row, end in zip(rows, ends, strict=True):
        here = vivid & (hues >= row["from"]) & (hues < end)
        shares[row["name"]] = shares.get(row["name"], 0.0) + float(here.mean())
    return shares


def _vivid(lab: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where a color is plain: chroma enough, and not the brown of wood, leather and skin."""
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    hue = np.rad2deg(np.arctan2(lab[..., 2], lab[..., 1])) % 360
    brown = (hue > 40) & (hue < 100) & ((lab[..., 0] < BROWN) | (chroma < 1.4 * MIN_CHROMA))
    plain: NDArray[np.bool_] = (chroma >= MIN_CHROMA) & ~brown
    return plain
