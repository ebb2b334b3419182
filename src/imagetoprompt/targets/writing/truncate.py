"""What is left out when a limit leaves no room for everything: the least worth first.

It does not know how a text is written: it is given a function that writes one.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from imagetoprompt.core.prompt import Dropped, Limit
from imagetoprompt.targets.writing.clauses import Clause, Telling, Told
from imagetoprompt.targets.writing.sentence_order import Draft
from imagetoprompt.targets.writing.token_count import count

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
    whole = write(telling.told())
    length = count(whole.text + ending, limit.unit)
    if length <= limit.count:
        return Fitted(whole, length, ())
    order = _order(telling, limit)

    def without(number: int) -> Draft:
        return write(telling.told(set(order[:number])))

    def fits(number: int) -> bool:
        return count(without(number).text + ending, limit.unit) <= limit.count

    gone = bisect_left(range(len(order)), True, key=fits)
    draft = without(gone)
    reason = f"No room for it within {limit.count} {limit.unit}."
    return Fitted(
        draft,
        count(draft.text + ending, limit.unit),
        tuple(telling.lost(set(order[:gone]), reason)),
    )


def _order(telling: Telling, limit: Limit) -> list[Clause]:
    """All clauses in the order in which they would go."""
    return sorted(
        telling.clauses,
        key=lambda clause: (
            count(clause.words, limit.unit) <= limit.count * _LARGE,
            clause.worth,
        ),
    )
