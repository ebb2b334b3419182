"""ApiCall: what is sent to one endpoint; the attachments and limitations of requests.

A limitation is a sentence about something in the plan that the target cannot do.
"""

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
    """A path and its body.

    attachments: the files that go with it. strength: in words, for `Request.knob`. limitations: for
    `Request.losses`.
    """

    path: str
    body: Mapping[str, Parameter] = field(hash=False)
    attachments: tuple[Attachment, ...]
    strength: str
    limitations: tuple[str, ...] = ()


def request_profile(prompt: Prompt, plan: Plan, variants: Mapping[str, Profile]) -> Profile:
    """The profile of the prompt's variant.

    UnsupportedTaskError if it cannot do the plan's task, PlanError if the prompt is empty.
    """
    profile = variants[prompt.variant]
    if plan.task not in profile.tasks:
        name = f"{profile.target}:{profile.variant}"
        raise UnsupportedTaskError(name, plan.task, TASK_TITLES[plan.task])
    if not prompt.text and plan.task != "upscale":
        raise PlanError("The prompt is empty: add a fact first, such as subject=a lighthouse.")
    return profile


def chosen_provider(name: str, providers: Sequence[str], target: str) -> str:
    """The provider of that name, the first one for ""; UnknownNameError if there is none."""
    if name and name not in providers:
        raise UnknownNameError(f"way to {target}", name, providers)
    return name or providers[0]


PICTURE: Final = "<picture>"
CANVAS: Final = "<canvas>"
MASK: Final = "<mask>"

Polarity = Literal["white", "black", "clear"]
# Each target has its own convention for the mask; in a Plan white is painted anew.
_POLARITIES: Final[dict[Polarity, str]] = {
    "white": "black and white PNG: white is painted anew, black is kept",
    "black": "pure black and white PNG, inverted: black is painted anew, white is kept",
    "clear": "RGBA PNG under 4 MB: transparent is painted anew, opaque is kept",
}


def picture_attachment(name: str, form: str) -> Attachment:
    """The picture itself. name: of the field; form: the file format that is accepted."""
    return Attachment(name, "the picture, upright", form, PICTURE)


def canvas_attachment(name: str, plan: Plan, form: str) -> Attachment:
    """The picture on the larger canvas of an outpainting."""
    return Attachment(name, f"the picture on a canvas of {_size(plan)}", form, CANVAS)


def mask_attachment(name: str, plan: Plan, polarity: Polarity) -> Attachment:
    """The mask in the target's polarity, in the size of the picture or of its canvas."""
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


def reference_attachment(name: str, reference: Reference, number: int, form: str) -> Attachment:
    """Another picture. number: its place in the plan's references, from 1."""
    shows = f"{reference.source}, for its {reference.role}"
    return Attachment(name, shows, form, placeholder(number))


def placeholder(number: int) -> str:
    """Stands in a body for the reference of that number, from 1."""
    return f"<reference {number}>"


def map_placeholder(control: Control) -> str:
    """Stands in a body for the map of a control."""
    return f"<{control.kind} map>"


def control_map(name: str, control: Control) -> Attachment:
    """The map of a control, which `imagetoprompt control` draws."""
    form = f"PNG as 'imagetoprompt control PICTURE --kind {control.kind}' draws it"
    return Attachment(
        name, f"what keeps the structure: {control.kind}", form, map_placeholder(control)
    )


def _size(plan: Plan) -> str:
    return f"{plan.size[0]} x {plan.size[1]}"


_NOTHING_TO_SEND: Final = "Strength 0 keeps the picture as it is: there is nothing to send."


def dropped_controls(plan: Plan, profile: Profile) -> tuple[str, ...]:
    """A sentence if the variant does not accept some of the plan's control maps."""
    kinds = tuple(control.kind for control in plan.controls if control.kind not in profile.controls)
    sentence = f"{profile.title} takes no {' or '.join(kinds)} map."
    return (Unsupported(sentence, kinds),) if kinds else ()


def unused_references(plan: Plan, used_roles: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A sentence if there are references of roles that are not used."""
    sources = ", ".join(
        reference.source for reference in plan.references if reference.role not in used_roles
    )
    return (Unsupported(f"No place here for {sources}."),) if sources else ()


def unused_strength(plan: Plan) -> tuple[str, ...]:
    """A sentence for strength 0, where the picture already is the result."""
    ignores_strength = plan.task in ("outpaint", "upscale")
    return (_NOTHING_TO_SEND,) if plan.strength == 0 and not ignores_strength else ()


def seed_parameters(plan: Plan, max_seed: int) -> tuple[dict[str, int], tuple[str, ...]]:
    """The seed as a field, or a sentence if it is larger than `max_seed`."""
    if plan.seed is None:
        return {}, ()
    if plan.seed > max_seed:
        return {}, (f"Seeds end at {max_seed} here: seed {plan.seed} is left out.",)
    return {"seed": plan.seed}, ()


# A crop of this share is not worth a sentence: it is a rim that nobody misses.
_MAX_SILENT_CROP: Final = 0.02


def crop_limitation(plan: Plan, pair: tuple[int, int]) -> tuple[str, ...]:
    """A sentence if a ratio or size has another shape than the plan's size."""
    wanted, actual = plan.size[0] / plan.size[1], pair[0] / pair[1]
    share = 1 - min(wanted, actual) / max(wanted, actual)
    if share <= _MAX_SILENT_CROP:
        return ()
    side = "width" if actual < wanted else "height"
    return (f"The nearest shape is {pair[0]}:{pair[1]}, so {share:.0%} of the {side} is lost.",)


def size_limitation(plan: Plan, size: tuple[int, int]) -> tuple[str, ...]:
    """A sentence if a size in pixels is smaller than the plan's."""
    if size[0] >= plan.size[0]:
        return ()
    return (
        f"The result is {size[0]} x {size[1]}, the picture {plan.size[0]} x {plan.size[1]}: "
        "enlarge it afterwards.",
    )


def margin_pixels(plan: Plan, max_pixels: int = 10**9) -> tuple[dict[str, int], tuple[str, ...]]:
    """Pixels to add on each side, each at most `max_pixels`, and a sentence for each cut one."""
    margins = plan.margins
    if margins is None:
        return {}, ()
    width = plan.size[0] / (1 + margins.left + margins.right)
    height = plan.size[1] / (1 + margins.top + margins.bottom)
    wanted = {
        "left": round(margins.left * width),
        "top": round(margins.top * height),
        "right": round(margins.right * width),
        "bottom": round(margins.bottom * height),
    }
    pixels = {side: min(room, max_pixels) for side, room in wanted.items()}
    cut = [side for side in wanted if wanted[side] > max_pixels]
    return pixels, tuple(f"At most {max_pixels} pixels are added at the {side}." for side in cut)
