"""The universal strength in a target's own terms: as a parameter, or as a tier in words.

The parameters are rows of strength_parameters.toml.
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
    """A parameter of a generator and its value.

    words: name, value, range and direction, for people. limitation: a sentence if the strength is
    outside the range of the parameter, else "".
    """

    name: str
    value: int | float | str
    words: str
    limitation: str = ""


def strength_parameter(row: str, strength: float) -> StrengthParameter:
    """The parameter of a row of the table for a strength, or a reference's weight, from 0 to 1."""
    rules: Mapping[str, Any] = table("strength_parameters", __package__)[row]
    name = rules["name"]
    if "bands" in rules:
        bands = rules["bands"]
        word = next((word for end, word in bands if strength < end), bands[-1][1])
        return StrengthParameter(name, word, f"{name} {word}")
    exact = _interpolated(rules["points"], strength ** rules.get("power", 1))
    value = _rounded(min(max(exact, rules["least"]), rules["most"]), rules["digits"])
    limitation = ""
    if not rules["least"] <= round(exact, 9) <= rules["most"]:
        nearest = f"strength {strength:g} is carried out as near as that comes."
        limitation = f"{name} ends at {value:g}: {nearest}"
    return StrengthParameter(name, value, f"{name} {value:g}{_range(rules)}", limitation)


def _range(rules: Mapping[str, Any]) -> str:
    if rules.get("keeps"):
        higher = "keeps more"
    else:
        higher = "is more of the reference" if rules.get("axis") == "style" else "is freer"
    return f" ({rules['least']:g} to {rules['most']:g}, higher {higher})"


def _interpolated(points: Sequence[Sequence[float]], x: float) -> float:
    """The value at x of the straight lines between the points; beyond the last, its value."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def _rounded(value: float, digits: int) -> int | float:
    return round(value, digits) if digits else round(value)


PRESERVE, LIGHT, REDRAW, REINTERPRET = 1, 2, 3, 4
_TIER_NAMES: Final = ("change only this", "change this, keep the rest", "redraw", "reinterpret")
# Generators that take instructions change these in place, however new the result is.
_IN_PLACE_FACETS: Final = frozenset({"subject", "action", "text"})


def strength_tier(plan: Plan) -> int:
    """The tier of the plan's strength, 1 (preserve) to 4 (reinterpret).

    A default strength is meant for generators that paint over the picture. By words, a thing is
    added or the framing changed without starting anew, so the tier is limited to what that takes.
    """
    tier = PRESERVE + sum(plan.strength >= start for start, _ in STRENGTH_TIERS[:-1])
    changed = {
        change.facet for change in plan.changes if change.after or change.facet in _IN_PLACE_FACETS
    }
    is_default = "strength" in plan.reasons
    if not is_default or not changed:
        return tier
    return min(tier, LIGHT if changed <= _IN_PLACE_FACETS else REDRAW)


def strength_in_words(plan: Plan) -> str:
    """The tier in a few words, for `Request.knob`."""
    tier = strength_tier(plan)
    return f"wording, tier {tier} of {len(_TIER_NAMES)}: {_TIER_NAMES[tier - 1]}"
