"""What is left out when a limit leaves no room for everything: the least worth first.

It does not know how a text is written: it is given a function that writes one.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from imagetoprompt.prompt import Dropped, Limit
from imagetoprompt.targets.phrasing.counting import count
from imagetoprompt.targets.phrasing.layout import Draft
from imagetoprompt.targets.phrasing.telling import Telling, Told

Write = Callable[[Mapping[str, Told]], Draft]

# A share of the limit: one clause longer than this would push out nearly everything else.
_LARGE: Final = 0.6


@dataclass(frozen=True)
class Fitted:
    """A text within its limit, its length, and what had to go."""

    draft: Draft
    length: int
    dropped: tuple[Dropped, ...]


def fitted(telling: Telling, write: Write, limit: Limit, ending: str = "") -> Fitted:
    """As much as fits with the ending: clauses go by confidence x importance, the lowest first.

    A clause that would fill most of the limit by itself goes before all others.
    """
    large = [c for c in telling.clauses if count(c.words, limit.unit) > limit.count * _LARGE]
    small = sorted((c for c in telling.clauses if c not in large), key=lambda clause: clause.worth)
    order = [*large, *small]

    def length_without(number: int) -> int:
        return count(write(telling.told(order[:number])).text + ending, limit.unit)

    everything = range(len(order))
    gone = bisect_left(everything, True, key=lambda number: length_without(number) <= limit.count)
    reason = f"No room for it within {limit.count} {limit.unit}."
    return Fitted(
        write(telling.told(order[:gone])),
        length_without(gone),
        tuple(telling.lost(order[:gone], reason)),
    )
