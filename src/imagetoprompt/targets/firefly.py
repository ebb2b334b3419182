"""Adobe Firefly: descriptive prose: the subject, its look, the style.

It does not strip artists' names: no fact of ours holds any.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.core.plan import (
    WHOLE_PICTURE_TASKS,
    Attachment,
    Plan,
    Request,
    Task,
    Unsupported,
)
from imagetoprompt.core.prompt import Citation, Limit, Parameter, Profile, Prompt, SizeRule
from imagetoprompt.core.scene import Scene
from imagetoprompt.lexicon import table
from imagetoprompt.targets.requests import api_call
from imagetoprompt.targets.requests.api_call import ApiCall, chosen_provider, request_profile
from imagetoprompt.targets.requests.edit_instructions import edit_instruction
from imagetoprompt.targets.requests.strength_parameters import strength_in_words, strength_parameter
from imagetoprompt.targets.writing.compose import (
    chosen_profile,
    compose,
    exclusion_ending,
    ratio_parameter,
    size_parameters,
)
from imagetoprompt.targets.writing.prose import is_photographic

_SPEC: Final = Citation("FF", "2026-05-27")

# Structure and style references, fill and expand (FF).
_TASKS: Final[tuple[Task, ...]] = (*WHOLE_PICTURE_TASKS, "inpaint", "outpaint", "style-from-image")

_IMAGE4: Final = Profile(
    target="firefly",
    variant="image4",
    title="Firefly Image 4",
    manner="prose",
    limit=Limit(1024, "characters", hard=True, source=_SPEC),
    # Subject, description, style (Adobe's guide).
    sentences=(
        ("subject", "action", "setting", "action+", "time", "weather", "season"),
        ("light", "palette", "mood"),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
        ("text",),
    ),
    negatives="field",
    shape=SizeRule(
        "size",
        _SPEC,
        allowed=((2048, 2048), (2304, 1792), (1792, 2304), (2688, 1536), (1440, 2560)),
    ),
    tasks=_TASKS,
    texts=2,
    text_length=40,
    sources=(_SPEC,),
)

TITLE: Final = "Firefly"
VARIANTS: Final[Mapping[str, Profile]] = {
    "image4": _IMAGE4,
    "image5": replace(
        _IMAGE4,
        variant="image5",
        title="Firefly Image 5",
        limit=Limit(1500, "characters", hard=True, source=_SPEC),
        negatives="rewrite",
        shape=SizeRule("ratio", _SPEC, allowed=((1, 1), (4, 3), (3, 4), (16, 9), (9, 16))),
        # It edits by words.
        tasks=WHOLE_PICTURE_TASKS,
    ),
}
"""The model versions."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt, the size or ratio, and the content class of image4."""
    profile = chosen_profile(VARIANTS, variant)
    if profile.shape.asks == "ratio":
        parameters = ratio_parameter(scene, profile, "aspectRatio")
    else:
        parameters = {"size": size_parameters(scene, profile), **_content_class(scene)}
    return compose(scene, profile, emphasis, exclusion_ending(scene, profile, parameters))


def _content_class(scene: Scene) -> dict[str, Parameter]:
    """'photo' or 'art' when the medium is known (FF, contentClass)."""
    media = scene.said("medium")
    if not media:
        return {}
    return {"contentClass": "photo" if is_photographic(media[0].value) else "art"}


PROVIDERS: Final = ("firefly-services",)
"""Adobe's service for programs."""

_URL: Final = "https://firefly-api.adobe.io"
_FORM: Final = "PNG, JPEG or WebP, uploaded to /v2/storage/image, which answers with its id"
_MAX_SEED: Final = 2**31 - 1
# Of an expanded picture (FF).
_MAX_SIDE: Final = 3999


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """The JSON body: generate with a structure reference, fill, expand, or Image 5 by words."""
    profile = request_profile(prompt, plan, VARIANTS)
    chosen_provider(via, PROVIDERS, profile.target)
    call = _api_call(prompt, plan, profile)
    seed, unseeded = api_call.seed_parameters(plan, _MAX_SEED)
    model = "image5" if profile.variant == "image5" else "image4_standard"
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="json",
        body={**call.body, "numVariations": 1, **({"seeds": [seed["seed"]]} if seed else {})},
        prompt=prompt,
        plan=plan,
        url=f"{_URL}{call.path}",
        attachments=call.attachments,
        knob=call.strength,
        losses=(
            *call.limitations,
            *api_call.dropped_controls(plan, profile),
            *api_call.unused_strength(plan),
            *unseeded,
        ),
        headers={
            "Authorization": "Bearer $FIREFLY_ACCESS_TOKEN",
            "x-api-key": "$FIREFLY_CLIENT_ID",
            "x-model-version": model,
        },
    )


def _api_call(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    if profile.variant == "image5":
        return _edited(prompt, plan, profile)
    if plan.task == "inpaint":
        return _filled(prompt, plan)
    return _expanded(prompt, plan) if plan.task == "outpaint" else _generated(prompt, plan, profile)


def _uploaded(placeholder: str) -> dict[str, Parameter]:
    return {"source": {"uploadId": placeholder}}


def _filled(prompt: Prompt, plan: Plan) -> ApiCall:
    body: dict[str, Parameter] = {
        "prompt": prompt.text,
        **_negative(prompt),
        "image": _uploaded(api_call.PICTURE),
        "mask": {**_uploaded(api_call.MASK), "invert": False},
    }
    attached = (
        api_call.picture_attachment("image", _FORM),
        api_call.mask_attachment("mask", plan, "white"),
    )
    return ApiCall(
        "/v3/images/fill-async",
        body,
        attached,
        "the mask: what is white is painted anew",
        api_call.unused_references(plan),
    )


def _expanded(prompt: Prompt, plan: Plan) -> ApiCall:
    pixels, _ = api_call.margin_pixels(plan)
    size, lost = _within(plan)
    inset: dict[str, Parameter] = {
        side: round(room * size[0] / plan.size[0]) for side, room in pixels.items()
    }
    body: dict[str, Parameter] = {
        "prompt": prompt.text,
        "image": _uploaded(api_call.PICTURE),
        "size": {"width": size[0], "height": size[1]},
        "placement": {"inset": inset},
    }
    attached = (api_call.picture_attachment("image", _FORM),)
    return ApiCall(
        "/v3/images/expand-async",
        body,
        attached,
        "the room around the picture",
        (*lost, *api_call.unused_references(plan)),
    )


def _within(plan: Plan) -> tuple[tuple[int, int], tuple[str, ...]]:
    """The plan's size, or the largest of its shape that is taken."""
    longest = max(plan.size)
    if longest <= _MAX_SIDE:
        return plan.size, ()
    width, height = (max(1, round(side * _MAX_SIDE / longest)) for side in plan.size)
    return (width, height), api_call.size_limitation(plan, (width, height))


def _generated(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    parameter = strength_parameter("firefly.structure", plan.strength)
    width, height = profile.shape.nearest(plan.size)
    style, attached = _style(plan)
    structure: Parameter = {
        "strength": parameter.value,
        "imageReference": _uploaded(api_call.PICTURE),
    }
    kind = {name: value for name, value in prompt.parameters.items() if name == "contentClass"}
    body: dict[str, Parameter] = {
        "prompt": prompt.text,
        **_negative(prompt),
        **kind,
        "size": {"width": width, "height": height},
        "structure": structure,
        **({"style": style} if style else {}),
    }
    lost = (
        "A structure reference keeps the layout; people and things are drawn anew.",
        *((parameter.limitation,) if parameter.limitation else ()),
        *api_call.crop_limitation(plan, (width, height)),
        *_unused(plan),
    )
    own = api_call.picture_attachment("structure.imageReference", _FORM)
    return ApiCall("/v3/images/generate-async", body, (own, *attached), parameter.words, lost)


def _negative(prompt: Prompt) -> dict[str, Parameter]:
    return {"negativePrompt": prompt.negative} if prompt.negative else {}


def _style(plan: Plan) -> tuple[dict[str, Parameter], tuple[Attachment, ...]]:
    """A style reference by its weight, or the vendor's preset for a medium by the strength."""
    given = [(n, each) for n, each in enumerate(plan.references, 1) if each.role in _STYLES]
    presets = [
        table("firefly", __package__)["presets"].get(change.after) for change in plan.changes
    ]
    named: list[Parameter] = [preset for preset in presets if preset]
    if not given and not named:
        return {}, ()
    weight = given[0][1].weight if given else plan.strength
    style: dict[str, Parameter] = {"strength": strength_parameter("firefly.style", weight).value}
    style |= {"presets": named} if named else {}
    if not given:
        return style, ()
    number, first = given[0]
    style["imageReference"] = _uploaded(api_call.placeholder(number))
    return style, (api_call.reference_attachment("style.imageReference", first, number, _FORM),)


_STYLES: Final = ("style", "palette")


def _unused(plan: Plan) -> tuple[str, ...]:
    styles = [reference for reference in plan.references if reference.role in _STYLES]
    rest = (
        *styles[1:],
        *(reference for reference in plan.references if reference.role not in _STYLES),
    )
    return tuple(
        Unsupported(f"Firefly takes one style reference and no other: {each.source} is left out.")
        for each in rest
    )


def _edited(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    body: dict[str, Parameter] = {
        "prompt": edit_instruction(prompt, plan, profile),
        "referenceBlobs": [{**_uploaded(api_call.PICTURE), "usage": "general"}],
        "aspectRatio": "auto",
    }
    attached = (api_call.picture_attachment("referenceBlobs[0]", _FORM),)
    return ApiCall(
        "/v4/images/generate-async",
        body,
        attached,
        strength_in_words(plan),
        api_call.unused_references(plan),
    )
