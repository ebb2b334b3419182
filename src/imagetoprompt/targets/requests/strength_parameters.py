"""turned(name, strength) -> Dial: the universal strength on one generator's own knob.

The knobs are rows of dials.toml beside this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from imagetoprompt.core.plan import Plan
from imagetoprompt.lexicon import table
from imagetoprompt.planning.task_and_strength import STRENGTH_TIERS


@dataclass(frozen=True)
class StrengthParameter:
    """A knob and where it stands; `words` say so, `loss` what the knob cannot reach ("" if all)."""

    knob: str
    value: int | float | str
    words: str
    loss: str = ""


def strength_parameter(name: str, strength: float) -> StrengthParameter:
    """The knob of that name for a strength, or for a style's weight, from 0 to 1."""
    row: Mapping[str, Any] = table("dials", __package__)[name]
    if "bands" in row:
        value = next((word for end, word in row["bands"] if strength < end), row["bands"][-1][1])
        return StrengthParameter(row["knob"], value, f"{row['knob']} {value}")
    wanted = _along(row["points"], strength ** row.get("power", 1))
    number = _rounded(min(max(wanted, row["least"]), row["most"]), row["digits"])
    loss = "" if row["least"] <= round(wanted, 9) <= row["most"] else _lost(row, number, strength)
    return StrengthParameter(
        row["knob"], number, f"{row['knob']} {number:g}{_direction(row)}", loss
    )


def _direction(row: Mapping[str, Any]) -> str:
    more = "more of the reference" if row.get("axis") == "style" else "freer"
    ends = "keeps more" if row.get("keeps") else more
    return f" ({row['least']:g} to {row['most']:g}, higher {_verb(ends)})"


def _verb(words: str) -> str:
    return words if words.startswith("keeps") else f"is {words}"


def _lost(row: Mapping[str, Any], number: float, strength: float) -> str:
    knob = row["knob"]
    return f"{knob} ends at {number:g}: strength {strength:g} is carried out as near as that comes."


def _along(points: Sequence[Sequence[float]], at: float) -> float:
    """The height of the line through the points, straight between them."""
    for (left, low), (right, high) in pairwise(points):
        if at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return points[-1][1]


def _rounded(value: float, digits: int) -> int | float:
    return round(value, digits) if digits else round(value)


PRESERVE, LIGHT, REDRAW, REINTERPRET = 1, 2, 3, 4
_NAMES: Final = ("change only this", "change this, keep the rest", "redraw", "reinterpret")
# Changes that a generator which takes instructions makes in place, however new what they bring.
_IN_PLACE: Final = frozenset({"subject", "action", "text"})


def strength_tier(plan: Plan) -> int:
    """The tier of the plan's strength, 1 (preserve) to 4 (reinterpret).

    A default strength speaks for generators that paint over: told in words, a thing is added or the
    framing changed without starting anew, so the tier is no higher than that takes.
    """
    found = PRESERVE + sum(plan.strength >= start for start, _ in STRENGTH_TIERS[:-1])
    changed = {change.facet for change in plan.changes if change.after or change.facet in _IN_PLACE}
    if "strength" not in plan.reasons or not changed:
        return found
    return min(found, LIGHT if changed <= _IN_PLACE else REDRAW)


def strength_in_words(plan: Plan) -> str:
    """The tier in a few words, for `Request.knob`."""
    number = strength_tier(plan)
    return f"wording, tier {number} of {len(_NAMES)}: {_NAMES[number - 1]}"
