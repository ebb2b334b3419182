"""Ask: what is asked of one endpoint, before it is a Request.

It does not know services.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from imagetoprompt.core.plan import Attachment, Plan
from imagetoprompt.core.prompt import Parameter, Profile, Prompt
from imagetoprompt.errors import PlanError, UnknownNameError
from imagetoprompt.planning.capabilities import check


@dataclass(frozen=True)
class Ask:
    """A path and its body; the files that go with it, the strength in its terms, what is lost."""

    path: str
    body: Mapping[str, Parameter] = field(hash=False)
    files: tuple[Attachment, ...]
    knob: str
    losses: tuple[str, ...] = ()


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
