"""strength(shown) -> how much is to change: in plain words, and on the chosen generator's own knob.

It does not know how any generator is asked, nor how a slider looks.
"""

from dataclasses import dataclass, replace
from typing import Final

from imagetoprompt.core.plan import Plan
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.errors import PlanError
from imagetoprompt.pipeline import EditedScene, resolve
from imagetoprompt.planning import plan
from imagetoprompt.reports.description import profile_heading
from imagetoprompt.web.pages.urls import Pairs, address, pairs
from imagetoprompt.web.pages.visit import Shown

NOTCHES: Final = 20
"""Steps of the slider: of 0.05 each."""
# Where each tier of words begins; the middle ones as the plan's own reasons have them.
TIERS: Final = (0.0, 0.01, 0.25, 0.5, 0.8, 1.0)
# Tasks whose strength speaks of a part of the result only.
PARTIAL: Final = ("inpaint", "outpaint")


@dataclass(frozen=True)
class Strength:
    """The slider. tier: which words say what it means; tiers, knobs: the same for each notch.

    usual, reason: the plan's own choice, and why. chosen: whether the visitor chose another.
    default: the address that goes back to it. title: of the generator whose knob it is. partial:
    whether it speaks of a part of the picture only.
    """

    value: float
    tier: int
    knob: str
    tiers: tuple[int, ...]
    knobs: tuple[str, ...]
    usual: float
    reason: str
    chosen: bool
    default: str
    title: str
    partial: bool


def strength(shown: Shown) -> Strength | None:
    """The slider for what is asked; None when that cannot be met."""
    if shown.answer is None or not shown.answer.asked:
        return None
    prompt, edited = shown.answer.asked[0].after, shown.answer.edited
    free = _free(edited, shown)
    notches = tuple(round(step / NOTCHES, 2) for step in range(NOTCHES + 1))
    now = edited.plan.strength
    return Strength(
        value=now,
        tier=tier(now),
        knob=knob(prompt, edited.plan),
        tiers=tuple(tier(each) for each in notches),
        knobs=tuple(knob(prompt, replace(edited.plan, strength=each)) for each in notches),
        usual=free.strength,
        reason=free.reasons.get("strength", ""),
        chosen=shown.ask.wishes.strength is not None,
        default=address(shown.picture, without_names(pairs(shown.ask), ("strength",))),
        title=profile_heading(prompt).title,
        partial=edited.plan.task in PARTIAL,
    )


def _free(edited: EditedScene, shown: Shown) -> Plan:
    """The plan as it is when the strength is left to it."""
    return plan(edited.before, edited.after, replace(shown.ask.wishes, strength=None))


def tier(value: float) -> int:
    """Which words say what a strength means: the last tier that begins at or below it."""
    return max(number for number, start in enumerate(TIERS) if value >= start)


def knob(prompt: Prompt, wanted: Plan) -> str:
    """The plan's strength as the prompt's generator has it; "" when it cannot do the plan."""
    try:
        return resolve(prompt.target)[0].request(prompt, wanted).knob
    except PlanError:
        return ""


def without_names(fields: Pairs, names: tuple[str, ...]) -> Pairs:
    """The fields but for all of some names."""
    return tuple(each for each in fields if each[0] not in names)
