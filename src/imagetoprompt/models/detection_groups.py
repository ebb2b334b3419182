"""gather(picture) -> Groups: what the detector saw, by kind, with what stands in front apart.

It does not know how a group is worded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Final

from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture
from imagetoprompt.models.detector import Detection, detect

# A thing that is seen this surely makes a group, and each of its kind that is seen so surely is
# counted or in doubt: of tried values, these agree best with how many people captions tell of.
SURE: Final = 0.5
COUNTED: Final = 0.6
DOUBTED: Final = 0.3
# Two boxes that share this much of both are one thing, whatever the two are called.
SAME: Final = 0.6
# What is smaller than this share of the largest of its kind stands in the background.
FRONT: Final = 0.6


@dataclass(frozen=True)
class Group:
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


def gather(picture: Picture, /) -> tuple[Group, ...]:
    """The groups of the picture, the most prominent first."""
    return picture.once("networks.gather", lambda: _groups(distinct(detect(picture))))


def prominence(seen: Detection) -> float:
    """How much a thing draws the eye, 0 to 1: sure, large and central."""
    x, y, width, height = seen.box
    off = hypot(x + width / 2 - 0.5, y + height / 2 - 0.5) / sqrt(0.5)
    return seen.confidence * sqrt(width * height) * (1 - 0.5 * off)


def distinct(seen: Iterable[Detection]) -> tuple[Detection, ...]:
    """The surest name for each place; `seen` is the surest first."""
    kept: list[Detection] = []
    for each in seen:
        if not any(overlap(each.box, other.box) >= SAME for other in kept):
            kept.append(each)
    return tuple(kept)


def overlap(one: Box, other: Box) -> float:
    """The area that two boxes share, as a fraction of the area that they cover together."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / max(one[2] * one[3] + other[2] * other[3] - shared, 1e-9)


def _groups(seen: tuple[Detection, ...]) -> tuple[Group, ...]:
    labels = dict.fromkeys(each.label for each in seen if each.confidence >= SURE)
    found = [_group([each for each in seen if each.label == label]) for label in labels]
    return tuple(sorted(found, key=lambda group: -group.prominence))


def _group(same: list[Detection]) -> Group:
    ranked = sorted(same, key=lambda each: -prominence(each))
    first = next(each for each in ranked if each.confidence >= SURE)
    large = [each for each in ranked if _size(each) >= FRONT * _size(first)]
    front = tuple(each for each in large if each is first or each.confidence >= COUNTED)
    doubtful = [each for each in large if DOUBTED <= each.confidence < COUNTED]
    return Group(
        label=first.label,
        front=front,
        doubtful=sum(each is not first for each in doubtful),
        behind=len(ranked) - len(large),
        prominence=prominence(first),
    )


def _size(seen: Detection) -> float:
    """The longer side: a bent or cropped person is as large as one who stands."""
    return max(seen.box[2], seen.box[3])
