"""classify(picture) -> Classes, by EfficientNet-Lite3 (280 x 280, int8, ImageNet).

It does not know the names of the classes: they stand in lexicon/hierarchy.toml, in order.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.networks.interpreter import network
from imagetoprompt.picture import Picture

SIDE: Final = 280
# Tensors of the packaged file: average-pooled features, and the last layer before its softmax,
# which keeps what the 8-bit softmax rounds away.
FEATURES: Final = 241
LOGITS: Final = 242


@dataclass(frozen=True, eq=False)
class Classes:
    """probabilities: 1000 of ImageNet, in its order. features: 1280, pooled, 0 to 6."""

    probabilities: NDArray[np.float32]
    features: NDArray[np.float32]


def classify(picture: Picture, /) -> Classes:
    """The classes and features of the whole picture, run once."""
    return picture.once("networks.classify", lambda: _run(picture))


def _run(picture: Picture) -> Classes:
    square = cv2.resize(picture.at(640), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    features, logits = network("classifier").run(square, FEATURES, LOGITS)
    powers = np.exp(logits - logits.max())
    return Classes(powers / powers.sum(), features)
