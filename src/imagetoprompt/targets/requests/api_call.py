"""Ask: what is asked of one endpoint, before it is a Request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from imagetoprompt.core.plan import (
    TASK_TITLES,
    Attachment,
    Control,
    Plan,
    Reference,
    Unsupported,
)
from imagetoprompt.core.prompt import Parameter, Profile, Prompt
from imagetoprompt.errors import PlanError, UnknownNameError, UnsupportedTaskError


@dataclass(frozen=True)
class ApiCall:
    """A path and its body; the files that go with it, the strength in its terms, what is lost."""

    path: str
    body: Mapping[str, Parameter] = field(hash=False)
    files: tuple[Attachment, ...]
    knob: str
    losses: tuple[str, ...] = ()


def request_profile(prompt: Prompt, plan: Plan, variants: Mapping[str, Profile]) -> Profile:
    """The profile of the prompt's variant.

    UnsupportedTaskError when it cannot do the plan's task, PlanError when the prompt has no words.
    """
    profile = variants[prompt.variant]
    if plan.task not in profile.tasks:
        name = f"{profile.target}:{profile.variant}"
        raise UnsupportedTaskError(name, plan.task, TASK_TITLES[plan.task])
    if not prompt.text and plan.task != "upscale":
        raise PlanError("The prompt is empty: add a fact first, such as subject=a lighthouse.")
    return profile


def chosen_provider(via: str, ways: Sequence[str], target: str) -> str:
    """The way by that name, the first one for no name; UnknownNameError for another."""
    if via and via not in ways:
        raise UnknownNameError(f"way to {target}", via, ways)
    return via or ways[0]


PICTURE: Final = "<picture>"
CANVAS: Final = "<canvas>"
MASK: Final = "<mask>"

Polarity = Literal["white", "black", "clear"]
# What is painted anew, and what is kept (targets' own conventions; ours is white).
_POLARITIES: Final[dict[Polarity, str]] = {
    "white": "black and white PNG: white is painted anew, black is kept",
    "black": "pure black and white PNG, inverted: black is painted anew, white is kept",
    "clear": "RGBA PNG under 4 MB: transparent is painted anew, opaque is kept",
}


def picture_attachment(name: str, form: str) -> Attachment:
    """The picture itself."""
    return Attachment(name, "the picture, upright", form, PICTURE)


def canvas_attachment(name: str, plan: Plan, form: str) -> Attachment:
    """The picture on its larger canvas."""
    return Attachment(name, f"the picture on a canvas of {_size(plan)}", form, CANVAS)


def mask_attachment(name: str, plan: Plan, polarity: Polarity) -> Attachment:
    """The mask in the target's own polarity, as large as the picture or its canvas."""
    whole = "canvas" if plan.margins else "picture"
    form = f"{_POLARITIES[polarity]}; as large as the {whole}"
    return Attachment(name, _where(plan), form, MASK)


def _where(plan: Plan) -> str:
    if plan.margins is not None:
        return "the room around the picture"
    if plan.mask is None or plan.mask.source:
        return f"the region to paint anew{_named(plan)}"
    boxes = "; ".join(
        f"{x:.0%} from the left, {y:.0%} from the top, {w:.0%} wide, {h:.0%} high"
        for x, y, w, h in plan.mask.boxes
    )
    return f"the region to paint anew: {boxes}"


def _named(plan: Plan) -> str:
    return f", from {plan.mask.source}" if plan.mask and plan.mask.source else ""


def reference_attachment(name: str, given: Reference, number: int, form: str) -> Attachment:
    """Another picture, by its number from 1."""
    return Attachment(name, f"{given.source}, for its {given.role}", form, placeholder(number))


def placeholder(number: int) -> str:
    """What stands for the reference of that number, from 1."""
    return f"<reference {number}>"


def map_placeholder(control: Control) -> str:
    """What stands for the map of a control."""
    return f"<{control.kind} map>"


def control_map(name: str, control: Control) -> Attachment:
    """The map of a control, drawn by `imagetoprompt control`."""
    drawn = f"PNG as 'imagetoprompt control PICTURE --kind {control.kind}' draws it"
    return Attachment(
        name, f"what keeps the structure: {control.kind}", drawn, map_placeholder(control)
    )


def _size(plan: Plan) -> str:
    return f"{plan.size[0]} x {plan.size[1]}"


_KEPT: Final = "Strength 0 keeps the picture as it is: there is nothing to send."


def dropped_controls(plan: Plan, profile: Profile) -> tuple[str, ...]:
    """The controls that this variant takes in no form."""
    lost = tuple(control.kind for control in plan.controls if control.kind not in profile.controls)
    sentence = f"{profile.title} takes no {' or '.join(lost)} map."
    return (Unsupported(sentence, lost),) if lost else ()


def unused_references(plan: Plan, taken: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The other pictures that are not taken: all but those of the roles that are."""
    sources = ", ".join(
        reference.source for reference in plan.references if reference.role not in taken
    )
    return (Unsupported(f"No place here for {sources}."),) if sources else ()


def unused_strength(plan: Plan) -> tuple[str, ...]:
    """Strength 0, where the picture is already the result."""
    free = plan.task in ("outpaint", "upscale")
    return (_KEPT,) if plan.strength == 0 and not free else ()


def seed_parameters(plan: Plan, most: int) -> tuple[dict[str, int], tuple[str, ...]]:
    """The seed as a field, or a sentence when it is larger than the target's largest."""
    if plan.seed is None:
        return {}, ()
    if plan.seed > most:
        return {}, (f"Seeds end at {most} here: seed {plan.seed} is left out.",)
    return {"seed": plan.seed}, ()
