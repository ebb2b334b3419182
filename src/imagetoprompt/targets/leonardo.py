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
# The ids of the vendor's preprocessors (LEO-IG). Edges serve whatever is drawn in lines.
_MAPS: Final = {
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
        controls=tuple(_MAPS),
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
"""The vendor's own service, in the version that takes strengths and controls."""

_URL: Final = "https://cloud.leonardo.ai/api/rest/v1/generations"
_FORM: Final = "PNG, JPEG or WebP, uploaded through /init-image, which answers with its id"
_MAX_SEED: Final = 2**31 - 1
_ROLES: Final = {
    "xl": {"style": 67, "palette": 67, "subject": 133, "structure": 100},
    "phoenix": {"style": 166, "palette": 166, "subject": 397, "structure": 364},
}


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """The JSON body: image to image, or the canvas for a mask or margins."""
    profile = request_profile(prompt, plan, VARIANTS)
    chosen_provider(via, PROVIDERS, profile.target)
    parameter = strength_parameter("leonardo.init", plan.strength)
    size = profile.shape.nearest(plan.size)
    guides, guided, unguided = _guides(plan, profile)
    seed, unseeded = api_call.seed_parameters(plan, _MAX_SEED)
    shape = (*api_call.crop_limitation(plan, size), *api_call.size_limitation(plan, size))
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
            **_started(plan),
            parameter.name: parameter.value,
            **({"controlnets": guides} if guides else {}),
            **seed,
        },
        prompt=prompt,
        plan=plan,
        url=_URL,
        attachments=(*_attachments(plan), *guided),
        knob=parameter.words,
        losses=(
            *filter(None, (parameter.limitation,)),
            *unguided,
            *shape,
            *api_call.unused_strength(plan),
            *unseeded,
        ),
        headers={"Authorization": "Bearer $LEONARDO_API_KEY"},
    )


def _on_canvas(plan: Plan) -> bool:
    return plan.task in ("inpaint", "outpaint")


def _started(plan: Plan) -> dict[str, Parameter]:
    """What the picture is to it: the start, or what lies on the canvas."""
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
    own = (
        api_call.canvas_attachment(name, plan, _FORM)
        if plan.margins
        else api_call.picture_attachment(name, _FORM)
    )
    return (own, api_call.mask_attachment("canvasMaskId", plan, "white"))


def _guides(
    plan: Plan, profile: Profile
) -> tuple[list[Parameter], tuple[Attachment, ...], tuple[str, ...]]:
    """One map at most beside a start picture, which is all that XL models take, and references."""
    maps = (
        [control for control in plan.controls if control.kind in _MAPS]
        if profile.variant == "xl"
        else []
    )
    guides: list[Parameter] = [_map(each) for each in maps[:1]]
    guides += [_guide(each, n, profile) for n, each in enumerate(plan.references, 1)]
    attached = [api_call.control_map("controlnets[0].initImageId", each) for each in maps[:1]]
    attached += [
        api_call.reference_attachment(
            f"controlnets[{len(maps[:1]) + n - 1}].initImageId", each, n, _FORM
        )
        for n, each in enumerate(plan.references, 1)
    ]
    lost = tuple(
        f"Beside a start picture one map is taken: {each.kind} is left out." for each in maps[1:]
    )
    return guides, tuple(attached), (*lost, *api_call.dropped_controls(plan, profile))


def _map(control: Control) -> dict[str, Parameter]:
    strength = strength_parameter("leonardo.control", control.weight).value
    return _row(api_call.map_placeholder(control), _MAPS[control.kind], strength)


def _guide(given: Reference, number: int, profile: Profile) -> dict[str, Parameter]:
    dial = "leonardo.style" if given.role in ("style", "palette") else "leonardo.control"
    role = _ROLES[profile.variant][given.role]
    return _row(api_call.placeholder(number), role, strength_parameter(dial, given.weight).value)


def _row(image: str, preprocessor: int, strength: Parameter) -> dict[str, Parameter]:
    return {
        "initImageId": image,
        "initImageType": "UPLOADED",
        "preprocessorId": preprocessor,
        "strengthType": strength,
    }
