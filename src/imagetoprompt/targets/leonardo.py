"""Leonardo AI: prose for Phoenix, Lucid and partner models, phrases for those built on SDXL."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.core.plan import (
    WHOLE_PICTURE_TASKS,
    Attachment,
    Control,
    Plan,
    Reference,
    Request,
    Task,
)
from imagetoprompt.core.prompt import Citation, Limit, Parameter, Profile, Prompt, SizeRule
from imagetoprompt.core.scene import Scene
from imagetoprompt.targets.requests import api_call
from imagetoprompt.targets.requests.api_call import chosen_provider, request_profile
from imagetoprompt.targets.requests.strength_parameters import strength_parameter
from imagetoprompt.targets.writing.compose import (
    chosen_profile,
    compose,
    exclusion_ending,
    size_parameters,
)

_ERRORS: Final = Citation("LEO-ERR", "2026-01-28")
_SDK: Final = Citation("LEO-SDK", "2025-02-11")

# Image to image, and the references of controlnets (LEO-SDK, LEO-IG).
_TASKS: Final[tuple[Task, ...]] = (*WHOLE_PICTURE_TASKS, "style-from-image", "blend")
# The canvas paints regions and beyond edges with XL models (LEO-SDK).
_XL_TASKS: Final[tuple[Task, ...]] = (
    *WHOLE_PICTURE_TASKS,
    "inpaint",
    "outpaint",
    "style-from-image",
    "blend",
)
# Ids of the vendor's preprocessors (LEO-IG). The one for edges reads every kind of line drawing.
_CONTROL_PREPROCESSORS: Final = {
    "canny": 19,
    "softedge": 19,
    "lineart": 19,
    "scribble": 19,
    "depth": 20,
    "normal": 20,
    "pose": 21,
}

_PHOENIX: Final = Profile(
    target="leonardo",
    variant="phoenix",
    title="Leonardo Phoenix",
    manner="prose",
    limit=Limit(1500, "characters", hard=True, source=_ERRORS),
    sentences=(
        ("subject", "action", "setting", "action+", "time", "weather", "season"),
        ("text",),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
        ("light", "palette", "mood"),
    ),
    negatives="field",
    verbs=True,
    shape=SizeRule(
        "size", _SDK, multiple=8, min_side=32, max_side=1536, narrowest=0.45, widest=2.2
    ),
    tasks=_TASKS,
    sources=(_ERRORS, _SDK),
)

TITLE: Final = "Leonardo"
VARIANTS: Final[Mapping[str, Profile]] = {
    "phoenix": _PHOENIX,
    "xl": replace(
        _PHOENIX,
        variant="xl",
        title="Leonardo's XL models",
        manner="phrases",
        tasks=_XL_TASKS,
        controls=tuple(_CONTROL_PREPROCESSORS),
        verbs=False,
        sentences=(
            ("medium", "subject", "action", "setting", "action+", "time", "weather", "season"),
            ("style",),
            ("light",),
            ("palette",),
            ("mood",),
            ("composition",),
            ("camera",),
            ("focus",),
            ("medium+",),
        ),
        untold={"text": "Models built on SDXL do not render words reliably."},
    ),
}
"""The kinds of model, the default one first."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt, the negative prompt, and a width and height of about one megapixel."""
    profile = chosen_profile(VARIANTS, variant)
    return compose(
        scene, profile, emphasis, exclusion_ending(scene, profile, size_parameters(scene, profile))
    )


PROVIDERS: Final = ("v1",)
"""The vendor's API, in the version that takes strengths and controls."""

_URL: Final = "https://cloud.leonardo.ai/api/rest/v1/generations"
_FORM: Final = "PNG, JPEG or WebP, uploaded through /init-image, which answers with its id"
_MAX_SEED: Final = 2**31 - 1
# Ids of the vendor's preprocessors for references, by model and role (LEO-IG).
_REFERENCE_PREPROCESSORS: Final = {
    "xl": {"style": 67, "palette": 67, "subject": 133, "structure": 100},
    "phoenix": {"style": 166, "palette": 166, "subject": 397, "structure": 364},
}


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """The JSON body: image to image, or the canvas for a mask or margins."""
    profile = request_profile(prompt, plan, VARIANTS)
    chosen_provider(via, PROVIDERS, profile.target)
    parameter = strength_parameter("leonardo.init", plan.strength)
    size = profile.shape.nearest(plan.size)
    controlnets, files, limitations = _controlnets(plan, profile)
    seed, unseeded = api_call.seed_parameters(plan, _MAX_SEED)
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="json",
        body={
            "modelId": f"<the id of a model of {profile.title}>",
            "prompt": prompt.text,
            **({"negative_prompt": prompt.negative} if prompt.negative else {}),
            "width": size[0],
            "height": size[1],
            "num_images": 1,
            "guidance_scale": 7,
            "public": False,
            **_picture_fields(plan),
            parameter.name: parameter.value,
            **({"controlnets": controlnets} if controlnets else {}),
            **seed,
        },
        prompt=prompt,
        plan=plan,
        url=_URL,
        attachments=(*_attachments(plan), *files),
        knob=parameter.words,
        losses=(
            *filter(None, (parameter.limitation,)),
            *limitations,
            *api_call.crop_limitation(plan, size),
            *api_call.size_limitation(plan, size),
            *api_call.unused_strength(plan),
            *unseeded,
        ),
        headers={"Authorization": "Bearer $LEONARDO_API_KEY"},
    )


def _on_canvas(plan: Plan) -> bool:
    return plan.task in ("inpaint", "outpaint")


def _picture_fields(plan: Plan) -> dict[str, Parameter]:
    """The picture as the start of image to image, or as what lies on the canvas."""
    if not _on_canvas(plan):
        return {"init_image_id": api_call.PICTURE}
    return {
        "canvasRequest": True,
        "canvasRequestType": plan.task.upper(),
        "canvasInitId": api_call.CANVAS if plan.margins else api_call.PICTURE,
        "canvasMaskId": api_call.MASK,
    }


def _attachments(plan: Plan) -> tuple[Attachment, ...]:
    if not _on_canvas(plan):
        return (api_call.picture_attachment("init_image_id", _FORM),)
    name = "canvasInitId"
    picture = (
        api_call.canvas_attachment(name, plan, _FORM)
        if plan.margins
        else api_call.picture_attachment(name, _FORM)
    )
    return (picture, api_call.mask_attachment("canvasMaskId", plan, "white"))


def _controlnets(
    plan: Plan, profile: Profile
) -> tuple[list[Parameter], tuple[Attachment, ...], tuple[str, ...]]:
    """At most one control map, which is all that XL models take, and the references."""
    maps = (
        [control for control in plan.controls if control.kind in _CONTROL_PREPROCESSORS]
        if profile.variant == "xl"
        else []
    )
    used = maps[:1]
    controlnets: list[Parameter] = [_control_row(control) for control in used]
    controlnets += [
        _reference_row(reference, number, profile)
        for number, reference in enumerate(plan.references, 1)
    ]
    files = [api_call.control_map("controlnets[0].initImageId", control) for control in used]
    files += [
        api_call.reference_attachment(
            f"controlnets[{len(used) + number - 1}].initImageId", reference, number, _FORM
        )
        for number, reference in enumerate(plan.references, 1)
    ]
    limitations = tuple(
        f"Beside a start picture one map is taken: {control.kind} is left out."
        for control in maps[1:]
    )
    return controlnets, tuple(files), (*limitations, *api_call.dropped_controls(plan, profile))


def _control_row(control: Control) -> dict[str, Parameter]:
    strength = strength_parameter("leonardo.control", control.weight).value
    return _row(api_call.map_placeholder(control), _CONTROL_PREPROCESSORS[control.kind], strength)


def _reference_row(reference: Reference, number: int, profile: Profile) -> dict[str, Parameter]:
    is_style = reference.role in ("style", "palette")
    kind = "leonardo.style" if is_style else "leonardo.control"
    strength = strength_parameter(kind, reference.weight).value
    preprocessor = _REFERENCE_PREPROCESSORS[profile.variant][reference.role]
    return _row(api_call.placeholder(number), preprocessor, strength)


def _row(image: str, preprocessor: int, strength: Parameter) -> dict[str, Parameter]:
    return {
        "initImageId": image,
        "initImageType": "UPLOADED",
        "preprocessorId": preprocessor,
        "strengthType": strength,
    }
