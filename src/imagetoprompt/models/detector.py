"""detect(picture) -> Detections, by SSD MobileNet v2 (300 x 300, COCO).

It does not know which of them matter.
"""

from dataclasses import dataclass
from functools import cache
from math import exp, log, log10
from threading import Lock
from typing import Final

import cv2
import numpy as np

from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table
from imagetoprompt.models import classifier
from imagetoprompt.models.classifier import Classes, classify
from imagetoprompt.models.runtime import WEIGHTS

SIDE: Final = 300
# Under this the network is wrong more often than right, whatever the kind of thing.
LEAST: Final = 0.2

_RUNNING: Final = Lock()


@dataclass(frozen=True)
class Detection:
    """A thing seen: its COCO name, how sure the network is (0 to 1), and its box."""

    label: str
    confidence: float
    box: Box


def detect(picture: Picture, /) -> tuple[Detection, ...]:
    """The things in the picture, the surest first; run once."""
    return picture.once("networks.detect", lambda: tuple(_run(picture)))


def _run(picture: Picture) -> list[Detection]:
    square = cv2.resize(picture.at(640), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    with _RUNNING:
        network = _network()
        network.setInput(cv2.dnn.blobFromImage(square))
        rows = network.forward()[0, 0]
    found = [_detection(*(float(value) for value in row[1:])) for row in rows if row[2] >= LEAST]
    return sorted(found, key=lambda each: -each.confidence)


def _detection(kind: float, confidence: float, *corners: float) -> Detection:
    left, top, right, bottom = (round(min(1.0, max(0.0, each)), 4) for each in corners)
    box = (left, top, round(right - left, 4), round(bottom - top, 4))
    return Detection(table("objects")["coco"][str(int(kind))], round(confidence, 4), box)


@cache
def _network() -> cv2.dnn.Net:
    weights, graph = (
        np.frombuffer(WEIGHTS[part].read(), np.uint8) for part in ("detector", "detector graph")
    )
    return cv2.dnn.readNetFromTensorflow(weights, graph)


def believe(picture: Picture, seen: Detection, /) -> float:
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


def _decades(classes: Classes, names: list[str]) -> float:
    """By how many powers of ten the classifier's share of these names exceeds 0.001."""
    total = sum(classifier.share(classes.probabilities, each) for each in names)
    return log10(max(total, 0.001)) + 3


def _logistic(weights: dict[str, float], facts: dict[str, float]) -> float:
    return 1 / (1 + exp(-sum(weight * facts[name] for name, weight in weights.items())))
