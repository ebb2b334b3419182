"""Find the main subject: `main_subject(picture)`.

A thing that the object detector names wins over a region that only stands out from the borders.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture, Pixels
from imagetoprompt.models import Detection, detect

Map: TypeAlias = NDArray[np.float32]

# Below this the detector is wrong more often than the salient region is another thing.
MIN_DETECTION_CONFIDENCE: Final = 0.5
# A detected thing is not the subject when a salient region is about three times as large.
MAX_DWARFED_AREA_RATIO: Final = 0.35
PERSON_WEIGHT: Final = 1.5

SALIENCY_SIDE: Final = 96
# Colors that summarize the strip along one border.
COLORS_PER_BORDER: Final = 4
# Distance from the border colors (CIELAB, lightness halved) below which nothing stands out.
MIN_BORDER_CONTRAST: Final = 4.0


@dataclass(frozen=True)
class MainSubject:
    """The main subject.

    box: x, y, width, height as fractions. confidence: 0 to 1. others: how many more things of the
    same kind there are.
    """

    box: Box
    confidence: float
    source: Literal["detector", "saliency"]
    is_person: bool = False
    others: int = 0


@dataclass(frozen=True)
class SalientRegion:
    """The region that stands out most: its box, confidence (0 to 1), and share of the area."""

    box: Box
    confidence: float
    area: float


def main_subject(picture: Picture) -> MainSubject | None:
    """What the picture is about; None when nothing stands out."""
    pixels = picture.at(SALIENCY_SIDE)
    return picture.once("main subject", _main_subject, detect(picture), pixels)


def _main_subject(detections: tuple[Detection, ...], pixels: Pixels) -> MainSubject | None:
    named = [thing for thing in detections if thing.confidence >= MIN_DETECTION_CONFIDENCE]
    region = salient_region(pixels)
    if named:
        main = max(named, key=_prominence)
        is_person = main.label == "person"
        if region is None or is_person or not _is_dwarfed(main, region):
            others = sum(thing.label == main.label and thing is not main for thing in named)
            return MainSubject(main.box, main.confidence, "detector", is_person, others)
    return None if region is None else MainSubject(region.box, region.confidence, "saliency")


def _is_dwarfed(thing: Detection, region: SalientRegion) -> bool:
    """Whether a region clear of the borders is far larger than the detected thing."""
    left, top, width, height = region.box
    clear = min(left, top, 1 - left - width, 1 - top - height) > 0.01
    return clear and thing.box[2] * thing.box[3] < MAX_DWARFED_AREA_RATIO * width * height


def _prominence(thing: Detection) -> float:
    """Large, central and certain things first; people before things."""
    left, top, width, height = thing.box
    offset = abs(left + width / 2 - 0.5) + abs(top + height / 2 - 0.5)
    weight = PERSON_WEIGHT if thing.label == "person" else 1.0
    return weight * thing.confidence * float((width * height) ** 0.5) * (1 - 0.5 * offset)


def salient_region(pixels: Pixels) -> SalientRegion | None:
    """The region that differs most from the borders; None when none does.

    pixels: a copy of at most 96 pixels. Subjects seldom touch the edges of a picture, so what
    differs from the colors of every edge, and is connected, is taken for the subject.
    """
    return _largest_region(_border_contrast(_smooth_lab(pixels)))


def _smooth_lab(pixels: Pixels) -> Map:
    """CIELAB, a little smoothed; lightness halved, since shadows change it most."""
    small = pixels.astype(np.float32) / 255
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 1.0), cv2.COLOR_RGB2LAB)
    return cast(Map, lab * np.array([0.5, 1, 1], np.float32))


def _border_contrast(lab: Map) -> Map:
    """Distance of each pixel's color from the borders' colors, mostly from the second nearest.

    A subject may stand on one border; what is like two of them is ground, sky or wall.
    """
    depth = max(1, round(0.06 * min(lab.shape[:2])))
    strips = lab[:depth], lab[-depth:], lab[:, :depth], lab[:, -depth:]
    centers = np.concatenate([_main_colors(strip.reshape(-1, 3)) for strip in strips])
    squares = _squared_distances(lab.reshape(-1, 3), centers)
    nearest = squares.reshape(len(strips), COLORS_PER_BORDER, -1).min(axis=1)
    nearest.sort(axis=0)
    distances = 0.3 * np.sqrt(nearest[0]) + 0.7 * np.sqrt(nearest[1])
    return cast(Map, distances.reshape(lab.shape[:2]))


def _squared_distances(values: Map, centers: Map) -> Map:
    """Squared distances of each value to each center: centers x values."""
    norms = np.einsum("ij,ij->i", values, values)
    squares = (centers**2).sum(axis=1)[:, None] - 2 * (centers @ values.T) + norms
    return cast(Map, np.maximum(squares, 0))


def _main_colors(strip: Map) -> Map:
    """A few colors that summarize the strip: k-means from fixed starts."""
    order = strip[np.argsort(strip @ np.array([1, 0.5, 0.25], np.float32), kind="stable")]
    starts = np.linspace(0, len(order) - 1, COLORS_PER_BORDER + 2).astype(int)[1:-1]
    centers = order[starts]
    for _ in range(5):
        nearest = _squared_distances(strip, centers).argmin(axis=0)
        parts = [strip[nearest == index] for index in range(COLORS_PER_BORDER)]
        pairs = zip(parts, centers, strict=True)
        centers = np.array([part.mean(axis=0) if len(part) else old for part, old in pairs])
    return cast(Map, centers.astype(np.float32))


def _largest_region(contrast: Map) -> SalientRegion | None:
    """The connected region that holds the most contrast, those near the middle preferred."""
    height, width = contrast.shape
    smooth = cv2.GaussianBlur(contrast, (0, 0), max(height, width) / 48)
    top = float(np.quantile(smooth, 0.99))
    if top < MIN_BORDER_CONTRAST:
        return None
    limit = max(0.45 * top, float(smooth.mean()))
    count, labels, stats, _ = cv2.connectedComponentsWithStats((smooth > limit).astype(np.uint8))
    if count < 2:
        return None
    weighted = (smooth * _center_weights(height, width)).ravel()
    held = np.bincount(labels.ravel(), weighted, count)[1:]
    best = int(held.argmax()) + 1
    left, upper, across, down, pixels = (int(number) for number in stats[best])
    inside, outside = smooth[labels == best].mean(), smooth[labels != best].mean()
    confidence = (1 - outside / inside) * held[best - 1] / held.sum()
    box = left / width, upper / height, across / width, down / height
    return SalientRegion(box, round(float(confidence), 4), pixels / (height * width))


def _center_weights(height: int, width: int) -> Map:
    """1 in the middle, about a half at the corners."""
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return cast(Map, np.exp(-0.35 * (down**2 + across**2)).astype(np.float32))
