"""The files that go with a request: what each shows, and the form it must have.

Placeholders stand for them in the body: '<picture>', '<mask>', '<reference 1>', '<lineart map>'.
It does not make any file.
"""

from typing import Final, Literal

from imagetoprompt.core.plan import Attachment, Control, Plan, Reference

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


def picture(name: str, form: str) -> Attachment:
    """The picture itself."""
    return Attachment(name, "the picture, upright", form, PICTURE)


def canvas(name: str, plan: Plan, form: str) -> Attachment:
    """The picture on its larger canvas."""
    return Attachment(name, f"the picture on a canvas of {_size(plan)}", form, CANVAS)


def mask(name: str, plan: Plan, polarity: Polarity) -> Attachment:
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


def reference(name: str, given: Reference, number: int, form: str) -> Attachment:
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
