"""classify(picture) -> Classes, by EfficientNet-Lite3 (280 x 280, int8, ImageNet).

It does not know the names of the classes: they stand in lexicon/hierarchy.toml, in order.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture, Pixels
from imagetoprompt.models.interpreter import network

SIDE: Final = 280
# Tensors of the packaged file: average-pooled features, and the last layer before its softmax,
# which keeps what the 8-bit softmax rounds away.
FEATURES: Final = 241
LOGITS: Final = 242
WHOLE: Final[Box] = (0.0, 0.0, 1.0, 1.0)
# Around a box, as a share of its longer side: a thing is known by some of what is around it.
MARGIN: Final = 0.08


@dataclass(frozen=True, eq=False)
class Classes:
    """probabilities: 1000 of ImageNet, in its order. features: 1280, pooled, 0 to 6."""

    probabilities: NDArray[np.float32]
    features: NDArray[np.float32]


def classify(picture: Picture, box: Box = WHOLE, /) -> Classes:
    """The classes and features of the picture, or of what is in and around the box; run once."""
    return picture.once(("networks.classify", box), lambda: _run(picture, box))


def _run(picture: Picture, box: Box) -> Classes:
    part = _cut(picture.at(640), box)
    square = cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    features, logits = network("classifier", inner=True).run(square, FEATURES, LOGITS)
    powers = np.exp(logits - logits.max())
    return Classes(powers / powers.sum(), features)


def _cut(pixels: Pixels, box: Box) -> Pixels:
    """The pixels in the box and a margin around it; never less than one pixel."""
    height, width = pixels.shape[:2]
    x, y = box[0] * width, box[1] * height
    wide, high = box[2] * width, box[3] * height
    margin = MARGIN * max(wide, high)
    top, left = max(0, int(y - margin)), max(0, int(x - margin))
    bottom, right = int(y + high + margin) + 1, int(x + wide + margin) + 1
    return pixels[min(top, height - 1) : bottom, min(left, width - 1) : right]
