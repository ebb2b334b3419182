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
# Tensors of the packaged file: average-pooled features, and the last layer before its softmax,
# which keeps what the 8-bit softmax rounds away.
FEATURES: Final = 241
LOGITS: Final = 242
WHOLE_PICTURE: Final[Box] = (0.0, 0.0, 1.0, 1.0)
# Around a box, as a share of its longer side: a thing is known by some of what is around it.
MARGIN: Final = 0.08


@dataclass(frozen=True, eq=False)
class ClassScores:
    """probabilities: 1000 of ImageNet, in its order. features: 1280, pooled, 0 to 6."""

    probabilities: NDArray[np.float32]
    features: NDArray[np.float32]


def classify(picture: Picture, box: Box = WHOLE_PICTURE, /) -> ClassScores:
    """The classes and features of the picture, or of what is in and around the box; run once."""
    return _classified(picture, box)


@cached_per_picture
def _classified(picture: Picture, box: Box) -> ClassScores:
    part = _cut(picture.at(640), box)
    square = cv2.resize(part, (INPUT_SIDE, INPUT_SIDE), interpolation=cv2.INTER_AREA)
    features, logits = litert_network("classifier", inner=True).run(square, FEATURES, LOGITS)
    return ClassScores(softmax(logits), features)


def _cut(pixels: Pixels, box: Box) -> Pixels:
    """The pixels in the box and a margin around it; never less than one pixel."""
    height, width = pixels.shape[:2]
    x, y = box[0] * width, box[1] * height
    wide, high = box[2] * width, box[3] * height
    margin = MARGIN * max(wide, high)
    top, left = max(0, int(y - margin)), max(0, int(x - margin))
    bottom, right = int(y + high + margin) + 1, int(x + wide + margin) + 1
    return pixels[min(top, height - 1) : bottom, min(left, width - 1) : right]


@dataclass(frozen=True)
class ClassName:
    """A name, the share of the probability that it has, and the kinds above it, nearest first."""

    name: str
    probability: float
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class _Node:
    """A name in the tree, the kinds above it, the classes below it, and whether it is ever said."""

    name: str
    kinds: tuple[str, ...]
    classes: tuple[int, ...]
    said: bool


def class_of(probabilities: NDArray[np.float32], sure: float, under: str = "") -> ClassName | None:
    """The most exact name whose share reaches `sure` (above 0.5); None when none is worth saying.

    With `under`, only what belongs to that kind is weighed, and shares are shares of it.
    """
    shares = _shares(probabilities)
    least = sure * (shares.get(under, 0.0) if under else 1.0)
    named = [
        ClassName(node.name, shares[node.name] * sure / max(least, 1e-9), node.kinds)
        for node in _tree()
        if node.said and shares[node.name] >= least and (not under or under in node.kinds)
    ]
    return max(named, key=lambda each: (len(each.kinds), each.probability), default=None)


def class_share(probabilities: NDArray[np.float32], kind: str) -> float:
    """The probability, 0 to 1, of everything that belongs to the kind or bears that name."""
    return _shares(probabilities).get(kind, 0.0)


def _shares(probabilities: NDArray[np.float32]) -> dict[str, float]:
    nodes, classes = _pairs()
    sums = np.bincount(nodes, probabilities[classes])
    return {node.name: float(total) for node, total in zip(_tree(), sums, strict=True)}


@cache
def _pairs() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of a node's place in the tree and the place in the network of a class below it."""
    pairs = [(place, each) for place, node in enumerate(_tree()) for each in node.classes]
    nodes, classes = np.array(pairs, np.intp).T
    return nodes, classes


@cache
def _tree() -> tuple[_Node, ...]:
    classes: dict[str, list[int]] = {}
    above: dict[str, tuple[str, ...]] = {}
    for kind, entry in table("hierarchy").items():
        line = tuple(_line(kind))
        for place, each in entry.get("classes", {}).items():
            path = line if each == kind else (each, *line)
            for depth, node in enumerate(path):
                classes.setdefault(node, []).append(int(place))
                above[node] = path[depth + 1 :]
    return tuple(
        _Node(each, above[each], tuple(classes[each]), _said(each, above[each])) for each in above
    )


def _line(kind: str) -> Iterator[str]:
    """The kind and all kinds above it."""
    while kind:
        yield kind
        kind = table("hierarchy")[kind].get("of", "")


def _said(each: str, above: tuple[str, ...]) -> bool:
    kinds = table("hierarchy")
    vague = kinds.get(each, {}).get("vague", False)
    return not vague and all(kinds[kind].get("say", True) for kind in above if kind in kinds)
