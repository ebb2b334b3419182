"""Where a picture stands out from its borders, when nothing in it has a name.

What a picture is about seldom touches its edges, so what differs from the colors of every edge,
and hangs together, is taken for the subject. It does not know what the subject is.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import Detection, detect

Map: TypeAlias = NDArray[np.float32]

SALIENCY_SIDE: Final = 96
# Colors that the strip along one border is summed up by.
COLORS_PER_BORDER: Final = 4
# Below this distance from the borders (CIELAB, lightness halved) nothing stands out.
MIN_BORDER_CONTRAST: Final = 4.0


@dataclass(frozen=True)
class SalientRegion:
    """The part that stands out: its box, how sure (0 to 1), and its share of the area."""

    box: Box
    confidence: float
    area: float


def salient_region(picture: Picture) -> SalientRegion | None:
    """The part of the picture that stands out most; None when nothing does."""
    return picture.once("salient_region", lambda: _largest(_contrast(_lab(picture))))


def _lab(picture: Picture) -> Map:
    """CIELAB at 96 pixels, a little smoothed: lightness halved, since shadows change it most."""
    small = picture.at(SALIENCY_SIDE).astype(np.float32) / 255
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 1.0), cv2.COLOR_RGB2LAB)
    return cast(Map, lab * np.array([0.5, 1, 1], np.float32))


def _contrast(lab: Map) -> Map:
    """How far the color of each pixel is from that of the borders, the nearest one left out.

    A subject may stand on one border; what is like two of them is ground, sky or wall.
    """
    depth = max(1, round(0.06 * min(lab.shape[:2])))
    strips = lab[:depth], lab[-depth:], lab[:, :depth], lab[:, -depth:]
    centers = np.concatenate([_colors(strip.reshape(-1, 3)) for strip in strips])
    gaps = (
        _squares(lab.reshape(-1, 3), centers)
        .reshape(len(strips), COLORS_PER_BORDER, -1)
        .min(axis=1)
    )
    gaps.sort(axis=0)
    distances = 0.3 * np.sqrt(gaps[0]) + 0.7 * np.sqrt(gaps[1])
    return cast(Map, distances.reshape(lab.shape[:2]))


def _squares(values: Map, centers: Map) -> Map:
    """Squared distances of each value to each center: centers x values."""
    own = np.einsum("ij,ij->i", values, values)
    gaps = (centers**2).sum(axis=1)[:, None] - 2 * (centers @ values.T) + own
    return cast(Map, np.maximum(gaps, 0))


def _colors(strip: Map) -> Map:
    """A few colors that sum up the strip, by k-means from fixed starts."""
    order = strip[np.argsort(strip @ np.array([1, 0.5, 0.25], np.float32), kind="stable")]
    centers = order[np.linspace(0, len(order) - 1, COLORS_PER_BORDER + 2).astype(int)[1:-1]]
    for _ in range(5):
        nearest = _squares(strip, centers).argmin(axis=0)
        parts = [strip[nearest == index] for index in range(COLORS_PER_BORDER)]
        pairs = zip(parts, centers, strict=True)
        centers = np.array([part.mean(axis=0) if len(part) else old for part, old in pairs])
    return cast(Map, centers.astype(np.float32))


def _largest(contrast: Map) -> SalientRegion | None:
    """The part that holds the most contrast, those near the middle preferred."""
    height, width = contrast.shape
    smooth = cv2.GaussianBlur(contrast, (0, 0), max(height, width) / 48)
    top = float(np.quantile(smooth, 0.99))
    if top < MIN_BORDER_CONTRAST:
        return None
    limit = max(0.45 * top, float(smooth.mean()))
    count, labels, stats, _ = cv2.connectedComponentsWithStats((smooth > limit).astype(np.uint8))
    if count < 2:
        return None
    held = np.bincount(labels.ravel(), (smooth * _centerd(height, width)).ravel(), count)[1:]
    best = int(held.argmax()) + 1
    left, upper, across, down, pixels = (int(each) for each in stats[best])
    inside, outside = smooth[labels == best].mean(), smooth[labels != best].mean()
    certain = (1 - outside / inside) * held[best - 1] / held.sum()
    box = left / width, upper / height, across / width, down / height
    return SalientRegion(box, round(float(certain), 4), pixels / (height * width))


def _centerd(height: int, width: int) -> Map:
    """1 in the middle, about a half at the corners."""
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return cast(Map, np.exp(-0.35 * (down**2 + across**2)).astype(np.float32))


# Below this the detector is wrong more often than the eye is drawn elsewhere.
MIN_DETECTION_CONFIDENCE: Final = 0.5
# A named thing is beside the point when something that stands out is three times as large.
MAX_DWARFED_AREA_RATIO: Final = 0.35


@dataclass(frozen=True)
class MainSubject:
    """The subject: its box, how sure (0 to 1), what told it, and whether it is a person."""

    box: Box
    confidence: float
    told_by: Literal["detector", "saliency"]
    person: bool = False
    others: int = 0


def main_subject(picture: Picture) -> MainSubject | None:
    """The part that the picture is about; None when nothing stands out."""
    return picture.once("main_subject", lambda: _decided(picture))


def _decided(picture: Picture) -> MainSubject | None:
    named = [each for each in detect(picture) if each.confidence >= MIN_DETECTION_CONFIDENCE]
    part = salient_region(picture)
    if named:
        main = max(named, key=_weight)
        person = main.label == "person"
        if part is None or person or not _dwarfed(main, part):
            others = sum(each.label == main.label and each is not main for each in named)
            return MainSubject(main.box, main.confidence, "detector", person, others)
    return None if part is None else MainSubject(part.box, part.confidence, "saliency")


def _dwarfed(thing: Detection, part: SalientRegion) -> bool:
    """Whether something without a name, clear of the borders, is far larger than the thing."""
    left, top, width, height = part.box
    clear = min(left, top, 1 - left - width, 1 - top - height) > 0.01
    return clear and thing.box[2] * thing.box[3] < MAX_DWARFED_AREA_RATIO * width * height


def _weight(thing: Detection) -> float:
    """Large, central, sure things first; people before things."""
    left, top, width, height = thing.box
    off = abs(left + width / 2 - 0.5) + abs(top + height / 2 - 0.5)
    favor = 1.5 if thing.label == "person" else 1.0
    return favor * thing.confidence * float((width * height) ** 0.5) * (1 - 0.5 * off)
