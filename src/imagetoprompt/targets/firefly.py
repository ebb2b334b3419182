"""Adobe Firefly: descriptive prose about the subject, then its look, then the style."""

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
"""Adobe's API."""

_URL: Final = "https://firefly-api.adobe.io"
_FORM: Final = "PNG, JPEG or WebP, uploaded to /v2/storage/image, which answers with its id"
_MAX_SEED: Final = 2**31 - 1
_STYLE_ROLES: Final = ("style", "palette")
# Pixels; of an expanded picture (FF).
_MAX_SIDE: Final = 3999


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """The JSON body: generate with a structure reference, fill, expand, or edit by Image 5."""
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
        return _edit_call(prompt, plan, profile)
    if plan.task == "inpaint":
        return _fill_call(prompt, plan)
    return (
        _expand_call(prompt, plan)
        if plan.task == "outpaint"
        else _generate_call(prompt, plan, profile)
    )


def _uploaded(placeholder: str) -> dict[str, Parameter]:
    return {"source": {"uploadId": placeholder}}


def _fill_call(prompt: Prompt, plan: Plan) -> ApiCall:
    body: dict[str, Parameter] = {
        "prompt": prompt.text,
        **_negative(prompt),
        "image": _uploaded(api_call.PICTURE),
        "mask": {**_uploaded(api_call.MASK), "invert": False},
    }
    files = (
        api_call.picture_attachment("image", _FORM),
        api_call.mask_attachment("mask", plan, "white"),
    )
    return ApiCall(
        "/v3/images/fill-async",
        body,
        files,
        "the mask: what is white is painted anew",
        api_call.unused_references(plan),
    )


def _expand_call(prompt: Prompt, plan: Plan) -> ApiCall:
    pixels, _ = api_call.margin_pixels(plan)
    size, limitations = _limited_size(plan)
    inset: dict[str, Parameter] = {
        side: round(room * size[0] / plan.size[0]) for side, room in pixels.items()
    }
    body: dict[str, Parameter] = {
        "prompt": prompt.text,
        "image": _uploaded(api_call.PICTURE),
        "size": {"width": size[0], "height": size[1]},
        "placement": {"inset": inset},
    }
    files = (api_call.picture_attachment("image", _FORM),)
    return ApiCall(
        "/v3/images/expand-async",
        body,
        files,
        "the room around the picture",
        (*limitations, *api_call.unused_references(plan)),
    )


def _limited_size(plan: Plan) -> tuple[tuple[int, int], tuple[str, ...]]:
    """The plan's size, or the largest accepted size of its shape, with a sentence about it."""
    longest = max(plan.size)
    if longest <= _MAX_SIDE:
        return plan.size, ()
    width, height = (max(1, round(side * _MAX_SIDE / longest)) for side in plan.size)
    return (width, height), api_call.size_limitation(plan, (width, height))


def _generate_call(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    parameter = strength_parameter("firefly.structure", plan.strength)
    width, height = profile.shape.nearest(plan.size)
    style, files = _style(plan)
    structure: Parameter = {
        "strength": parameter.value,
        "imageReference": _uploaded(api_call.PICTURE),
    }
    content_class = {
        name: value for name, value in prompt.parameters.items() if name == "contentClass"
    }
    body: dict[str, Parameter] = {
        "prompt": prompt.text,
        **_negative(prompt),
        **content_class,
        "size": {"width": width, "height": height},
        "structure": structure,
        **({"style": style} if style else {}),
    }
    limitations = (
        "A structure reference keeps the layout; people and things are drawn anew.",
        *((parameter.limitation,) if parameter.limitation else ()),
        *api_call.crop_limitation(plan, (width, height)),
        *_unused_references(plan),
    )
    picture = api_call.picture_attachment("structure.imageReference", _FORM)
    return ApiCall(
        "/v3/images/generate-async", body, (picture, *files), parameter.words, limitations
    )


def _negative(prompt: Prompt) -> dict[str, Parameter]:
    return {"negativePrompt": prompt.negative} if prompt.negative else {}


def _style(plan: Plan) -> tuple[dict[str, Parameter], tuple[Attachment, ...]]:
    """A style reference by its weight, or the vendor's preset for a medium by the strength."""
    references = [
        (number, reference)
        for number, reference in enumerate(plan.references, 1)
        if reference.role in _STYLE_ROLES
    ]
    presets = [
        table("firefly", __package__)["presets"].get(change.after) for change in plan.changes
    ]
    known: list[Parameter] = [preset for preset in presets if preset]
    if not references and not known:
        return {}, ()
    weight = references[0][1].weight if references else plan.strength
    style: dict[str, Parameter] = {"strength": strength_parameter("firefly.style", weight).value}
    style |= {"presets": known} if known else {}
    if not references:
        return style, ()
    number, first = references[0]
    style["imageReference"] = _uploaded(api_call.placeholder(number))
    return style, (api_call.reference_attachment("style.imageReference", first, number, _FORM),)


def _unused_references(plan: Plan) -> tuple[str, ...]:
    styles = [reference for reference in plan.references if reference.role in _STYLE_ROLES]
    rest = (
        *styles[1:],
        *(reference for reference in plan.references if reference.role not in _STYLE_ROLES),
    )
    return tuple(
        Unsupported(
            f"Firefly takes one style reference and no other: {reference.source} is left out."
        )
        for reference in rest
    )


def _edit_call(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    body: dict[str, Parameter] = {
        "prompt": edit_instruction(prompt, plan, profile),
        "referenceBlobs": [{**_uploaded(api_call.PICTURE), "usage": "general"}],
        "aspectRatio": "auto",
    }
    files = (api_call.picture_attachment("referenceBlobs[0]", _FORM),)
    return ApiCall(
        "/v4/images/generate-async",
        body,
        files,
        strength_in_words(plan),
        api_call.unused_references(plan),
    )
