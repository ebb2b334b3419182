"""Which controls of a plan a model follows: all that were wished for, and what it can of others.

A plan brings controls that nobody asked for; those that no network is here for are replaced by a
similar kind, or left out, since a network takes gigabytes. It draws no maps.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from imagetoprompt.core.plan import Control, Plan
from imagetoprompt.engines.diffusers.model_families import Family

# The key of a plan's reasons for a control that it chose by itself.
CHOSEN: Final = "control {}"


@dataclass(frozen=True)
class Kept:
    """The controls to follow, and of the plan's own those that are not, each with what is done."""

    controls: tuple[Control, ...]
    changed: tuple[str, ...] = ()


def kept(plan: Plan, family: Family, here: Collection[str]) -> Kept:
    """What the family follows. here: kinds whose network is on this machine.

    What the user wished for is never changed here: the studio fetches its network, or refuses it.
    """
    followed, changed = list[Control](), list[str]()
    able = set(here) if "control" in family.classes else set()
    wished = sum(CHOSEN.format(each.kind) not in plan.reasons for each in plan.controls)
    room = max(family.together, wished)
    for control in plan.controls:
        if CHOSEN.format(control.kind) not in plan.reasons:
            followed.append(control)
            continue
        kind = control.kind if control.kind in able else family.instead.get(control.kind, "")
        full = len(followed) >= room
        if kind not in able or full or kind in {each.kind for each in followed}:
            changed.append(f"{control.kind} left out")
            continue
        if kind != control.kind:
            changed.append(f"{kind} for {control.kind}")
        followed.append(replace(control, kind=kind))
    return Kept(tuple(followed), tuple(changed))
