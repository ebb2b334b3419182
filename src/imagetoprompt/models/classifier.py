"""classify(picture) -> ClassScores, by EfficientNet-Lite3 (280 x 280, int8, ImageNet)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture, Pixels, cached_per_picture
from imagetoprompt.lexicon import table
from imagetoprompt.models.runtime import litert_network, softmax

INPUT_SIDE: Final = 280
# Indices of tensors in the packaged file: average-pooled features, and the logits, which keep what
# the 8-bit softmax rounds away.
FEATURES_TENSOR: Final = 241
LOGITS_TENSOR: Final = 242
WHOLE_PICTURE: Final[Box] = (0.0, 0.0, 1.0, 1.0)
# Context around a box, as a share of its longer side: it helps to recognize the object.
BOX_MARGIN: Final = 0.08


@dataclass(frozen=True, eq=False)
class ClassScores:
    """probabilities: of the 1000 ImageNet classes, in order. features: 1280, pooled, 0 to 6."""

    probabilities: NDArray[np.float32]
    features: NDArray[np.float32]


def classify(picture: Picture, box: Box = WHOLE_PICTURE, /) -> ClassScores:
    """Classify the picture, or the box with some context; run once per picture and box."""
    return _classified(picture, box)


@cached_per_picture
def _classified(picture: Picture, box: Box) -> ClassScores:
    pixels = _crop(picture.at(640), box)
    square = cv2.resize(pixels, (INPUT_SIDE, INPUT_SIDE), interpolation=cv2.INTER_AREA)
    features, logits = litert_network("classifier", inner=True).run(
        square, FEATURES_TENSOR, LOGITS_TENSOR
    )
    return ClassScores(softmax(logits), features)


def _crop(pixels: Pixels, box: Box) -> Pixels:
    """The pixels in the box and a margin around it; at least one pixel."""
    height, width = pixels.shape[:2]
    x, y = box[0] * width, box[1] * height
    wide, high = box[2] * width, box[3] * height
    margin = BOX_MARGIN * max(wide, high)
    top, left = max(0, int(y - margin)), max(0, int(x - margin))
    bottom, right = int(y + high + margin) + 1, int(x + wide + margin) + 1
    return pixels[min(top, height - 1) : bottom, min(left, width - 1) : right]


@dataclass(frozen=True)
class ClassName:
    """A name in the class tree, its probability (0 to 1), and the kinds above it, nearest first."""

    name: str
    probability: float
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class _Node:
    """A name in the tree, the kinds above it, the ImageNet classes below it, and if it is said."""

    name: str
    kinds: tuple[str, ...]
    classes: tuple[int, ...]
    said: bool


def class_of(
    probabilities: NDArray[np.float32], min_probability: float, under: str = ""
) -> ClassName | None:
    """The most specific name with at least `min_probability` (above 0.5); None when there is none.

    With `under`, only names of that kind count, with their probability given that kind.
    """
    shares = _shares(probabilities)
    required = min_probability * (shares.get(under, 0.0) if under else 1.0)
    named = [
        ClassName(node.name, shares[node.name] * min_probability / max(required, 1e-9), node.kinds)
        for node in _tree()
        if node.said and shares[node.name] >= required and (not under or under in node.kinds)
    ]
    return max(named, key=lambda name: (len(name.kinds), name.probability), default=None)


def class_share(probabilities: NDArray[np.float32], kind: str) -> float:
    """The probability, 0 to 1, of a kind, or of everything with that name."""
    return _shares(probabilities).get(kind, 0.0)


def _shares(probabilities: NDArray[np.float32]) -> dict[str, float]:
    """The probability of each name in the tree: the sum over the classes below it."""
    nodes, classes = _pairs()
    sums = np.bincount(nodes, probabilities[classes])
    return {node.name: float(total) for node, total in zip(_tree(), sums, strict=True)}


@cache
def _pairs() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Index of a node in the tree, and of an ImageNet class below it, for all such pairs."""
    pairs = [(index, number) for index, node in enumerate(_tree()) for number in node.classes]
    nodes, classes = np.array(pairs, np.intp).T
    return nodes, classes


@cache
def _tree() -> tuple[_Node, ...]:
    classes: dict[str, list[int]] = {}
    above: dict[str, tuple[str, ...]] = {}
    for kind, entry in table("imagenet_hierarchy", __package__).items():
        ancestors = tuple(_ancestors(kind))
        for number, name in entry.get("classes", {}).items():
            path = ancestors if name == kind else (name, *ancestors)
            for depth, node in enumerate(path):
                classes.setdefault(node, []).append(int(number))
                above[node] = path[depth + 1 :]
    return tuple(
        _Node(name, above[name], tuple(classes[name]), _is_said(name, above[name]))
        for name in above
    )


def _ancestors(kind: str) -> Iterator[str]:
    """The kind and all kinds above it."""
    while kind:
        yield kind
        kind = table("imagenet_hierarchy", __package__)[kind].get("of", "")


def _is_said(name: str, above: tuple[str, ...]) -> bool:
    kinds = table("imagenet_hierarchy", __package__)
    vague = kinds.get(name, {}).get("vague", False)
    return not vague and all(kinds[kind].get("say", True) for kind in above if kind in kinds)
