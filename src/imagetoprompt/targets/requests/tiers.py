"""Four tiers of wording, from "change only this" to "a new picture after this one".

They stand in for a strength where a generator has no knob. It does not know any wording.
"""

from typing import Final

from imagetoprompt.core.plan import Plan

PRESERVE, LIGHT, REDRAW, REINTERPRET = 1, 2, 3, 4
# Where the second, third and fourth tier begin.
_STARTS: Final = (0.25, 0.5, 0.8)
_NAMES: Final = ("change only this", "change this, keep the rest", "redraw", "reinterpret")
# Changes that a generator which takes instructions makes in place, however new what they bring.
_IN_PLACE: Final = frozenset({"subject", "action", "text"})


def tier(plan: Plan) -> int:
    """The tier of the plan's strength, 1 (preserve) to 4 (reinterpret).

    A default strength speaks for generators that paint over: told in words, a thing is added or the
    framing changed without starting anew, so the tier is no higher than that takes.
    """
    found = PRESERVE + sum(plan.strength >= start for start in _STARTS)
    changed = {each.facet for each in plan.changes if each.after or each.facet in _IN_PLACE}
    if "strength" not in plan.reasons or not changed:
        return found
    return min(found, LIGHT if changed <= _IN_PLACE else REDRAW)


def told_as(plan: Plan) -> str:
    """The tier in a few words, for `Request.knob`."""
    number = tier(plan)
    return f"wording, tier {number} of {len(_NAMES)}: {_NAMES[number - 1]}"
