"""attention(picture): which part of the picture it is about.

A thing that the detector names wins over one that only stands out from the borders. It does not
say what the thing is.
"""

from dataclasses import dataclass
from typing import Final, Literal

from imagetoprompt.analysis.saliency import Standout, standout
from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import Detection, detect

# Below this the detector is wrong more often than the eye is drawn elsewhere.
NAMED: Final = 0.5
# A named thing is beside the point when something that stands out is three times as large.
DWARFED: Final = 0.35


@dataclass(frozen=True)
class Attention:
    """The subject: its box, how sure (0 to 1), what told it, and whether it is a person."""

    box: Box
    confidence: float
    told_by: Literal["detector", "saliency"]
    person: bool = False
    others: int = 0


def attention(picture: Picture) -> Attention | None:
    """The part that the picture is about; None when nothing stands out."""
    return picture.once("attention", lambda: _decided(picture))


def _decided(picture: Picture) -> Attention | None:
    named = [each for each in detect(picture) if each.confidence >= NAMED]
    part = standout(picture)
    if named:
        main = max(named, key=_weight)
        person = main.label == "person"
        if part is None or person or not _dwarfed(main, part):
            others = sum(each.label == main.label and each is not main for each in named)
            return Attention(main.box, main.confidence, "detector", person, others)
    return None if part is None else Attention(part.box, part.confidence, "saliency")


def _dwarfed(thing: Detection, part: Standout) -> bool:
    """Whether something without a name, clear of the borders, is far larger than the thing."""
    left, top, width, height = part.box
    clear = min(left, top, 1 - left - width, 1 - top - height) > 0.01
    return clear and thing.box[2] * thing.box[3] < DWARFED * width * height


def _weight(thing: Detection) -> float:
    """Large, central, sure things first; people before things."""
    left, top, width, height = thing.box
    off = abs(left + width / 2 - 0.5) + abs(top + height / 2 - 0.5)
    favor = 1.5 if thing.label == "person" else 1.0
    return favor * thing.confidence * float((width * height) ** 0.5) * (1 - 0.5 * off)
