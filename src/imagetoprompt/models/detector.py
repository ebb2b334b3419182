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

_NETWORK_LOCK: Final = Lock()


@dataclass(frozen=True)
class Detection:
    """A detected object: its COCO name, the network's score (0 to 1), and its box."""

    label: str
    confidence: float
    box: Box


@cached_per_picture
def detect(picture: Picture, /) -> tuple[Detection, ...]:
    """The objects in the picture, highest score first; run once per picture."""
    square = cv2.resize(picture.at(640), (INPUT_SIDE, INPUT_SIDE), interpolation=cv2.INTER_AREA)
    with _NETWORK_LOCK:
        network = _network()
        network.setInput(cv2.dnn.blobFromImage(square))
        rows = network.forward()[0, 0]
    detections = [
        _detection(*(float(value) for value in row[1:])) for row in rows if row[2] >= MIN_SCORE
    ]
    return tuple(sorted(detections, key=lambda detection: -detection.confidence))


def _detection(class_number: float, confidence: float, *corners: float) -> Detection:
    left, top, right, bottom = (round(min(1.0, max(0.0, corner)), 4) for corner in corners)
    box = (left, top, round(right - left, 4), round(bottom - top, 4))
    return Detection(table("objects")["coco"][str(int(class_number))], round(confidence, 4), box)


@cache
def _network() -> cv2.dnn.Net:
    weights, graph = (
        np.frombuffer(WEIGHTS[part].read(), np.uint8) for part in ("detector", "detector graph")
    )
    return cv2.dnn.readNetFromTensorflow(weights, graph)


def calibrated_confidence(picture: Picture, seen: Detection, /) -> float:
    """The probability, 0 to 1, that the detection is right: a logistic model of its score.

    The classifier's opinion of the box counts where ImageNet has the class.
    """
    weights = table("objects")["calibration"]
    confidence = min(max(seen.confidence, 0.001), 0.999)
    features = {
        "bias": 1.0,
        "confidence": log(confidence / (1 - confidence)),
        "area": seen.box[2] * seen.box[3],
    }
    if seen.label == "person":
        features["animal"] = _animal(picture, seen)
        return _logistic(weights["person"], features)
    class_names = table("objects")["same"].get(seen.label)
    if class_names is None:
        return _logistic(weights["blind"], features)
    features["box"] = _log_probability(classify(picture, seen.box), class_names)
    features["whole"] = _log_probability(classify(picture), class_names)
    return _logistic(weights["seen"], features)


def _animal(picture: Picture, seen: Detection) -> float:
    """The evidence for an animal in the box; at most that of the whole picture."""
    whole = _log_probability(classify(picture), ["animal"])
    return (
        min(whole, _log_probability(classify(picture, seen.box), ["animal"]))
        if whole > 1
        else whole
    )


def _log_probability(classes: ClassScores, names: list[str]) -> float:
    """By how many powers of ten the probability of these names exceeds 0.001."""
    total = sum(class_share(classes.probabilities, name) for name in names)
    return log10(max(total, 0.001)) + 3


def _logistic(weights: dict[str, float], features: dict[str, float]) -> float:
    return 1 / (1 + exp(-sum(weight * features[name] for name, weight in weights.items())))


# Score from which an object makes a group, and scores from which others of its label are counted or
# are doubtful: of the values tried, these agree best with the number of people in captions.
MIN_GROUP_CONFIDENCE: Final = 0.5
MIN_COUNTED_CONFIDENCE: Final = 0.6
MIN_DOUBTFUL_CONFIDENCE: Final = 0.3
# Boxes that overlap by this much (IoU) are one object, whatever their labels are.
SAME_OBJECT_IOU: Final = 0.6
# Objects smaller than this share of the most prominent of their label are in the background.
FOREGROUND_SHARE: Final = 0.6


@dataclass(frozen=True)
class DetectionGroup:
    """Objects of one label: those in the foreground, the most prominent first, and how many more.

    doubtful: number of others that are as large but less certain. behind: number of smaller ones.
    prominence: of the first object, 0 to 1.
    """

    label: str
    front: tuple[Detection, ...]
    doubtful: int
    behind: int
    prominence: float

    @property
    def confidence(self) -> float:
        """The confidence of the most prominent object."""
        return self.front[0].confidence


@cached_per_picture
def group_detections(picture: Picture, /) -> tuple[DetectionGroup, ...]:
    """The groups of the picture, the most prominent first."""
    return _groups(without_duplicates(detect(picture)))


def prominence(seen: Detection) -> float:
    """How much an object draws the eye, 0 to 1: certain, large and central."""
    x, y, width, height = seen.box
    distance = hypot(x + width / 2 - 0.5, y + height / 2 - 0.5) / sqrt(0.5)
    return seen.confidence * sqrt(width * height) * (1 - 0.5 * distance)


def without_duplicates(seen: Iterable[Detection]) -> tuple[Detection, ...]:
    """The detection with the highest score of those that overlap; `seen` has the highest first."""
    kept: list[Detection] = []
    for detection in seen:
        if not any(box_iou(detection.box, better.box) >= SAME_OBJECT_IOU for better in kept):
            kept.append(detection)
    return tuple(kept)


def box_iou(first: Box, second: Box) -> float:
    """The intersection over union of two boxes, 0 to 1."""
    width = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    height = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / max(first[2] * first[3] + second[2] * second[3] - shared, 1e-9)


def _groups(seen: tuple[Detection, ...]) -> tuple[DetectionGroup, ...]:
    labels = dict.fromkeys(
        detection.label for detection in seen if detection.confidence >= MIN_GROUP_CONFIDENCE
    )
    groups = [
        _group([detection for detection in seen if detection.label == label]) for label in labels
    ]
    return tuple(sorted(groups, key=lambda group: -group.prominence))


def _group(same_label: list[Detection]) -> DetectionGroup:
    ranked = sorted(same_label, key=lambda thing: -prominence(thing))
    first = next(thing for thing in ranked if thing.confidence >= MIN_GROUP_CONFIDENCE)
    large = [thing for thing in ranked if _size(thing) >= FOREGROUND_SHARE * _size(first)]
    front = tuple(
        thing for thing in large if thing is first or thing.confidence >= MIN_COUNTED_CONFIDENCE
    )
    doubtful = [
        thing
        for thing in large
        if MIN_DOUBTFUL_CONFIDENCE <= thing.confidence < MIN_COUNTED_CONFIDENCE
    ]
    return DetectionGroup(
        label=first.label,
        front=front,
        doubtful=sum(thing is not first for thing in doubtful),
        behind=len(ranked) - len(large),
        prominence=prominence(first),
    )


def _size(seen: Detection) -> float:
    """The longer side: a bent or cropped person is as large as one who stands."""
    return max(seen.box[2], seen.box[3])
