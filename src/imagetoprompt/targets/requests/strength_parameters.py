"""turned(name, strength) -> Dial: the universal strength on one generator's own knob.

The knobs are rows of lexicon/dials.toml. It does not know requests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from imagetoprompt.lexicon import table


@dataclass(frozen=True)
class Dial:
    """A knob and where it stands; `words` say so, `loss` what the knob cannot reach ("" if all)."""

    knob: str
    value: int | float | str
    words: str
    loss: str = ""


def turned(name: str, strength: float) -> Dial:
    """The knob of that name for a strength, or for a style's weight, from 0 to 1."""
    row: Mapping[str, Any] = table("dials")[name]
    if "bands" in row:
        value = next((word for end, word in row["bands"] if strength < end), row["bands"][-1][1])
        return Dial(row["knob"], value, f"{row['knob']} {value}")
    wanted = _along(row["points"], strength ** row.get("power", 1))
    number = _rounded(min(max(wanted, row["least"]), row["most"]), row["digits"])
    loss = "" if row["least"] <= round(wanted, 9) <= row["most"] else _lost(row, number, strength)
    return Dial(row["knob"], number, f"{row['knob']} {number:g}{_direction(row)}", loss)


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
