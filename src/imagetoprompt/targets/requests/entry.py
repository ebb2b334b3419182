"""The door of every request: may this variant do it, and by which of its ways.

It does not know what a request holds.
"""

from collections.abc import Mapping, Sequence

from imagetoprompt.core.plan import Plan
from imagetoprompt.core.prompt import Profile, Prompt
from imagetoprompt.errors import PlanError, UnknownNameError
from imagetoprompt.planning.capabilities import check


def entered(prompt: Prompt, plan: Plan, variants: Mapping[str, Profile]) -> Profile:
    """The profile of the prompt's variant; PlanError when it cannot do it or has no words."""
    profile = variants[prompt.variant]
    check(profile.target, profile.variant, plan)
    if not prompt.text and plan.task != "upscale":
        raise PlanError("The prompt is empty: add a fact first, such as subject=a lighthouse.")
    return profile


def way(via: str, ways: Sequence[str], target: str) -> str:
    """The way by that name, the first one for no name; UnknownNameError for another."""
    if via and via not in ways:
        raise UnknownNameError(f"way to {target}", via, ways)
    return via or ways[0]
