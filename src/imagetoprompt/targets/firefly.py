"""Adobe Firefly: descriptive prose: the subject, its look, the style.

It does not strip artists' names: no fact of ours holds any.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.core.plan import Attachment, Plan, Request
from imagetoprompt.core.prompt import Limit, Parameter, Profile, Prompt, Shape, Source
from imagetoprompt.core.scene import Scene
from imagetoprompt.lexicon import table
from imagetoprompt.targets.requests import attachments, limitations, request_sizes
from imagetoprompt.targets.requests.edit_instructions import instruction
from imagetoprompt.targets.requests.endpoint import Ask
from imagetoprompt.targets.requests.entry import entered, way
from imagetoprompt.targets.requests.strength_parameters import turned
from imagetoprompt.targets.requests.tiers import told_as
from imagetoprompt.targets.writing.compose import (
    chosen,
    compose,
    proportioned,
    sized,
    told_ending,
)
from imagetoprompt.targets.writing.media import is_photographic

_SPEC: Final = Source("FF", "2026-05-27")

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
    shape=Shape(
        "size",
        _SPEC,
        allowed=((2048, 2048), (2304, 1792), (1792, 2304), (2688, 1536), (1440, 2560)),
    ),
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
        shape=Shape("ratio", _SPEC, allowed=((1, 1), (4, 3), (3, 4), (16, 9), (9, 16))),
    ),
}
"""The model versions."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt, the size or ratio, and the content class of image4."""
    profile = chosen(VARIANTS, variant)
    if profile.shape.asks == "ratio":
        parameters = proportioned(scene, profile, "aspectRatio")
    else:
        parameters = {"size": sized(scene, profile), **_content_class(scene)}
    return compose(scene, profile, emphasis, told_ending(scene, profile, parameters))


def _content_class(scene: Scene) -> dict[str, Parameter]:
    """'photo' or 'art' when the medium is known (FF, contentClass)."""
    media = scene.said("medium")
    if not media:
        return {}
    return {"contentClass": "photo" if is_photographic(media[0].value) else "art"}


WAYS: Final = ("firefly-services",)
"""Adobe's service for programs."""

_URL: Final = "https://firefly-api.adobe.io"
_FORM: Final = "PNG, JPEG or WebP, uploaded to /v2/storage/image, which answers with its id"
_LARGEST_SEED: Final = 2**31 - 1
# Of an expanded picture (FF).
_LARGEST_SIDE: Final = 3999


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """The JSON body: generate with a structure reference, fill, expand, or Image 5 by words."""
    profile = entered(prompt, plan, VARIANTS)
    way(via, WAYS, profile.target)
    ask = _asked(prompt, plan, profile)
    seed, unseeded = limitations.overseeded(plan, _LARGEST_SEED)
    model = "image5" if profile.variant == "image5" else "image4_standard"
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="json",
        body={**ask.body, "numVariations": 1, **({"seeds": [seed["seed"]]} if seed else {})},
        prompt=prompt,
        plan=plan,
        url=f"{_URL}{ask.path}",
        attachments=ask.files,
        knob=ask.knob,
        losses=(
            *ask.losses,
            *limitations.unheld(plan, profile),
            *limitations.idle(plan),
            *unseeded,
        ),
        headers={
            "Authorization": "Bearer $FIREFLY_ACCESS_TOKEN",
            "x-api-key": "$FIREFLY_CLIENT_ID",
            "x-model-version": model,
        },
    )


def _asked(prompt: Prompt, plan: Plan, profile: Profile) -> Ask:
    if profile.variant == "image5":
        return _edited(prompt, plan, profile)
    if plan.task == "inpaint":
        return _filled(prompt, plan)
    return _expanded(prompt, plan) if plan.task == "outpaint" else _generated(prompt, plan, profile)


def _uploaded(placeholder: str) -> dict[str, Parameter]:
    return {"source": {"uploadId": placeholder}}


def _filled(prompt: Prompt, plan: Plan) -> Ask:
    body: dict[str, Parameter] = {
        "prompt": prompt.text,
        **_negative(prompt),
        "image": _uploaded(attachments.PICTURE),
        "mask": {**_uploaded(attachments.MASK), "invert": False},
    }
    attached = (attachments.picture("image", _FORM), attachments.mask("mask", plan, "white"))
    return Ask(
        "/v3/images/fill-async",
        body,
        attached,
        "the mask: what is white is painted anew",
        limitations.alone(plan),
    )


def _expanded(prompt: Prompt, plan: Plan) -> Ask:
    pixels, _ = request_sizes.margins(plan)
    size, lost = _within(plan)
    inset: dict[str, Parameter] = {
        side: round(room * size[0] / plan.size[0]) for side, room in pixels.items()
    }
    body: dict[str, Parameter] = {
        "prompt": prompt.text,
        "image": _uploaded(attachments.PICTURE),
        "size": {"width": size[0], "height": size[1]},
        "placement": {"inset": inset},
    }
    attached = (attachments.picture("image", _FORM),)
    return Ask(
        "/v3/images/expand-async",
        body,
        attached,
        "the room around the picture",
        (*lost, *limitations.alone(plan)),
    )


def _within(plan: Plan) -> tuple[tuple[int, int], tuple[str, ...]]:
    """The plan's size, or the largest of its shape that is taken."""
    longest = max(plan.size)
    if longest <= _LARGEST_SIDE:
        return plan.size, ()
    width, height = (max(1, round(side * _LARGEST_SIDE / longest)) for side in plan.size)
    return (width, height), request_sizes.smaller(plan, (width, height))


def _generated(prompt: Prompt, plan: Plan, profile: Profile) -> Ask:
    dial = turned("firefly.structure", plan.strength)
    width, height = request_sizes.framed(plan, profile.shape)
    style, attached = _style(plan)
    structure: Parameter = {
        "strength": dial.value,
        "imageReference": _uploaded(attachments.PICTURE),
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
        *((dial.loss,) if dial.loss else ()),
        *request_sizes.cropped(plan, (width, height)),
        *_unused(plan),
    )
    own = attachments.picture("structure.imageReference", _FORM)
    return Ask("/v3/images/generate-async", body, (own, *attached), dial.words, lost)


def _negative(prompt: Prompt) -> dict[str, Parameter]:
    return {"negativePrompt": prompt.negative} if prompt.negative else {}


def _style(plan: Plan) -> tuple[dict[str, Parameter], tuple[Attachment, ...]]:
    """A style reference by its weight, or the vendor's preset for a medium by the strength."""
    given = [(n, each) for n, each in enumerate(plan.references, 1) if each.role in _STYLES]
    presets = [table("firefly")["presets"].get(each.after) for each in plan.changes]
    named: list[Parameter] = [each for each in presets if each]
    if not given and not named:
        return {}, ()
    weight = given[0][1].weight if given else plan.strength
    style: dict[str, Parameter] = {"strength": turned("firefly.style", weight).value}
    style |= {"presets": named} if named else {}
    if not given:
        return style, ()
    number, first = given[0]
    style["imageReference"] = _uploaded(attachments.placeholder(number))
    return style, (attachments.reference("style.imageReference", first, number, _FORM),)


_STYLES: Final = ("style", "palette")


def _unused(plan: Plan) -> tuple[str, ...]:
    styles = [each for each in plan.references if each.role in _STYLES]
    rest = (*styles[1:], *(each for each in plan.references if each.role not in _STYLES))
    return tuple(
        f"Firefly takes one style reference and no other: {each.source} is left out. "
        "Who can: flux:2, openai:gpt-image."
        for each in rest
    )


def _edited(prompt: Prompt, plan: Plan, profile: Profile) -> Ask:
    body: dict[str, Parameter] = {
        "prompt": instruction(prompt, plan, profile),
        "referenceBlobs": [{**_uploaded(attachments.PICTURE), "usage": "general"}],
        "aspectRatio": "auto",
    }
    attached = (attachments.picture("referenceBlobs[0]", _FORM),)
    return Ask("/v4/images/generate-async", body, attached, told_as(plan), limitations.alone(plan))
