"""How much of the subject is in the picture, in the words of film: close-up to extreme wide.

A person is measured by the joints that are seen, anything else by its box. It does not know faces.
"""

from dataclasses import dataclass
from typing import Final

from imagetoprompt.analysis.subject_detection import Attention
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import pose

# Pairs of COCO key points: a joint counts as seen when either side is.
SHOULDERS: Final = (5, 6)
HIPS: Final = (11, 12)
KNEES: Final = (13, 14)
ANKLES: Final = (15, 16)
SEEN: Final = 0.35

# Height of a whole person in the picture at which "wide" becomes "full", and "extreme wide" "wide".
FULL: Final = 0.62
WIDE: Final = 0.18
# Longer side of the box of a thing, and the word from there up.
THINGS: Final = ((0.85, "close-up"), (0.5, "medium"), (0.15, "wide"), (0.0, "extreme wide"))

# A thing that three edges of the picture cut is a close-up for certain: the whole of it is larger.
CUTS: Final = 3
NEAR_EDGE: Final = 0.03


@dataclass(frozen=True)
class Shot:
    """The size of a shot, and how sure it is (0 to 1).

    name: "extreme close-up", "close-up", "medium close-up", "medium", "full", "wide" or "extreme
    wide".
    """

    name: str
    confidence: float


def shot(picture: Picture, main: Attention | None) -> Shot:
    """The size of shot of the subject; without one, a wide shot that nothing is sure of."""
    if main is None:
        return Shot("wide", 0.0)
    if main.person:
        return _of_person(picture, main)
    size = max(main.box[2], main.box[3])
    name = next(word for limit, word in THINGS if size >= limit)
    if main.told_by == "detector" and name == "close-up" and _cuts(main) >= CUTS:
        return Shot(name, 0.9 * main.confidence)
    return Shot(name, 0.7 * main.confidence if main.told_by == "detector" else 0.3)


def _cuts(main: Attention) -> int:
    """How many edges of the picture the box touches."""
    x, y, width, height = main.box
    return sum(gap <= NEAR_EDGE for gap in (x, y, 1 - x - width, 1 - y - height))


def _of_person(picture: Picture, main: Attention) -> Shot:
    points = pose(picture, main.box)
    seen = {joint: _visible(points, joint) for joint in (SHOULDERS, HIPS, KNEES, ANKLES)}
    tall = main.box[3]
    cut = main.box[1] + tall > 0.97
    if (seen[ANKLES] and not cut) or (tall < 0.45 and not cut):
        name = "full" if tall >= FULL else "wide" if tall >= WIDE else "extreme wide"
        return Shot(name, 0.85 * main.confidence + 0.1)
    if seen[KNEES] or seen[HIPS]:
        return Shot("medium", 0.8 * main.confidence)
    if seen[SHOULDERS]:
        return Shot("medium close-up" if tall < 0.8 else "close-up", 0.7 * main.confidence)
    return Shot("close-up", 0.5 * main.confidence)


def _visible(points: tuple[tuple[float, float, float], ...], joint: tuple[int, int]) -> bool:
    return any(points[each][2] >= SEEN and points[each][1] < 0.98 for each in joint)
