"""What a target cannot carry out of a plan, in sentences that name who can.

It does not know any one target.
"""

from typing import Final

from imagetoprompt.core.plan import Plan
from imagetoprompt.core.prompt import Profile
from imagetoprompt.planning.capabilities import takers, takes

_KEPT: Final = "Strength 0 keeps the picture as it is: there is nothing to send."


def unheld(plan: Plan, profile: Profile) -> tuple[str, ...]:
    """The controls that this variant takes in no form."""
    kinds = [each.kind for each in plan.controls]
    lost = [kind for kind in kinds if not takes(profile.target, profile.variant, kind)]
    who = ", ".join(dict.fromkeys(name for kind in lost for name in takers(kind)))
    return (f"{profile.title} takes no {' or '.join(lost)} map. Who can: {who}.",) if lost else ()


def alone(plan: Plan, taken: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The other pictures that are not taken: all but those of the roles that are."""
    sources = ", ".join(each.source for each in plan.references if each.role not in taken)
    who = "flux:2, openai:gpt-image"
    return (f"No place here for {sources}. Who can: {who}.",) if sources else ()


def idle(plan: Plan) -> tuple[str, ...]:
    """Strength 0, where the picture is already the result."""
    free = plan.task in ("outpaint", "upscale")
    return (_KEPT,) if plan.strength == 0 and not free else ()


def overseeded(plan: Plan, most: int) -> tuple[dict[str, int], tuple[str, ...]]:
    """The seed as a field, or a sentence when it is larger than the target's largest."""
    if plan.seed is None:
        return {}, ()
    if plan.seed > most:
        return {}, (f"Seeds end at {most} here: seed {plan.seed} is left out.",)
    return {"seed": plan.seed}, ()
