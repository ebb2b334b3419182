"""Object detection, calibrated confidence and grouping, by SSD MobileNet v2 (300 x 300, COCO)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import exp, hypot, log, log10, sqrt
from threading import Lock
from typing import Final

import cv2
import numpy as np

from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture, cached_per_picture
from imagetoprompt.lexicon import table
from imagetoprompt.models.classifier import ClassScores, class_share, classify
from imagetoprompt.models.runtime import WEIGHTS

INPUT_SIDE: Final = 300
# Below this score the network is wrong more often than right for every class.
MIN_SCORE: Final = 0.2

_RUNNING: Final = Lock()


@dataclass(frozen=True)
class Detection:
    """A thing seen: its COCO name, how sure the network is (0 to 1), and its box."""

    label: str
    confidence: float
    box: Box


@cached_per_picture
def detect(picture: Picture, /) -> tuple[Detection, ...]:
    """The things in the picture, the surest first; run once."""
    square = cv2.resize(picture.at(640), (INPUT_SIDE, INPUT_SIDE), interpolation=cv2.INTER_AREA)
    with _RUNNING:
        network = _network()
        network.setInput(cv2.dnn.blobFromImage(square))
        rows = network.forward()[0, 0]
    found = [
        _detection(*(float(value) for value in row[1:])) for row in rows if row[2] >= MIN_SCORE
    ]
    return tuple(sorted(found, key=lambda thing: -thing.confidence))


def _detection(kind: float, confidence: float, *corners: float) -> Detection:
    left, top, right, bottom = (round(min(1.0, max(0.0, corner)), 4) for corner in corners)
    box = (left, top, round(right - left, 4), round(bottom - top, 4))
    return Detection(table("objects")["coco"][str(int(kind))], round(confidence, 4), box)


@cache
def _network() -> cv2.dnn.Net:
    weights, graph = (
        np.frombuffer(WEIGHTS[part].read(), np.uint8) for part in ("detector", "detector graph")
    )
    return cv2.dnn.readNetFromTensorflow(weights, graph)


def calibrated_confidence(picture: Picture, seen: Detection, /) -> float:
    """The calibrated probability, 0 to 1."""
    rules = table("objects")["belief"]
    confidence = min(max(seen.confidence, 0.001), 0.999)
    facts = {
        "bias": 1.0,
        "confidence": log(confidence / (1 - confidence)),
        "area": seen.box[2] * seen.box[3],
    }
    if seen.label == "person":
        facts["animal"] = _animal(picture, seen)
        return _logistic(rules["person"], facts)
    same = table("objects")["same"].get(seen.label)
    if same is None:
        return _logistic(rules["blind"], facts)
    facts["box"] = _decades(classify(picture, seen.box), same)
    facts["whole"] = _decades(classify(picture), same)
    return _logistic(rules["seen"], facts)


def _animal(picture: Picture, seen: Detection) -> float:
    """The decades of an animal in the box; where the whole picture has none, there is none."""
    whole = _decades(classify(picture), ["animal"])
    return min(whole, _decades(classify(picture, seen.box), ["animal"])) if whole > 1 else whole


def _decades(classes: ClassScores, names: list[str]) -> float:
    """By how many powers of ten the classifier's share of these names exceeds 0.001."""
    total = sum(class_share(classes.probabilities, name) for name in names)
    return log10(max(total, 0.001)) + 3


def _logistic(weights: dict[str, float], facts: dict[str, float]) -> float:
    return 1 / (1 + exp(-sum(weight * facts[name] for name, weight in weights.items())))


# A thing that is seen this surely makes a group, and each of its kind that is seen so surely is
# counted or in doubt: of tried values, these agree best with how many people captions tell of.
MIN_CONFIDENCE: Final = 0.5
MIN_COUNTED: Final = 0.6
MIN_DOUBTED: Final = 0.3
# Two boxes that share this much of both are one thing, whatever the two are called.
SAME_OBJECT_OVERLAP: Final = 0.6
# What is smaller than this share of the largest of its kind stands in the background.
FOREGROUND_SHARE: Final = 0.6


@dataclass(frozen=True)
class DetectionGroup:
    """Things of one kind: those in front, the most prominent first, and what else there may be.

    doubtful: how many more the detector half sees, as large as those in front. behind: how many
    smaller ones. prominence: of the first one, 0 to 1.
    """

    label: str
    front: tuple[Detection, ...]
    doubtful: int
    behind: int
    prominence: float

    @property
    def confidence(self) -> float:
        """That of the most prominent one."""
        return self.front[0].confidence


@cached_per_picture
def group_detections(picture: Picture, /) -> tuple[DetectionGroup, ...]:
    """The groups of the picture, the most prominent first."""
    return _groups(without_duplicates(detect(picture)))


def prominence(seen: Detection) -> float:
    """How much a thing draws the eye, 0 to 1: sure, large and central."""
    x, y, width, height = seen.box
    off = hypot(x + width / 2 - 0.5, y + height / 2 - 0.5) / sqrt(0.5)
    return seen.confidence * sqrt(width * height) * (1 - 0.5 * off)


def without_duplicates(seen: Iterable[Detection]) -> tuple[Detection, ...]:
    """The surest name for each place; `seen` is the surest first."""
    kept: list[Detection] = []
    for each in seen:
        if not any(box_overlap(each.box, other.box) >= SAME_OBJECT_OVERLAP for other in kept):
            kept.append(each)
    return tuple(kept)


def box_overlap(one: Box, other: Box) -> float:
    """The area that two boxes share, as a fraction of the area that they cover together."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / max(one[2] * one[3] + other[2] * other[3] - shared, 1e-9)


def _groups(seen: tuple[Detection, ...]) -> tuple[DetectionGroup, ...]:
    labels = dict.fromkeys(each.label for each in seen if each.confidence >= MIN_CONFIDENCE)
    found = [_group([each for each in seen if each.label == label]) for label in labels]
    return tuple(sorted(found, key=lambda group: -group.prominence))


def _group(same: list[Detection]) -> DetectionGroup:
    ranked = sorted(same, key=lambda each: -prominence(each))
    first = next(each for each in ranked if each.confidence >= MIN_CONFIDENCE)
    large = [each for each in ranked if _size(each) >= FOREGROUND_SHARE * _size(first)]
    front = tuple(each for each in large if each is first or each.confidence >= MIN_COUNTED)
    doubtful = [each for each in large if MIN_DOUBTED <= each.confidence < MIN_COUNTED]
    return DetectionGroup(
        label=first.label,
        front=front,
        doubtful=sum(each is not first for each in doubtful),
        behind=len(ranked) - len(large),
        prominence=prominence(first),
    )


def _size(seen: Detection) -> float:
    """The longer side: a bent or cropped person is as large as one who stands."""
    return max(seen.box[2], seen.box[3])
