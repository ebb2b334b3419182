"""Ideogram: sentences with the visible words early for version 3; a JSON caption for version 4."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from imagetoprompt.core.measurements import Palette
from imagetoprompt.core.plan import WHOLE_PICTURE_TASKS, Attachment, Plan, Request, Task
from imagetoprompt.core.prompt import Citation, Limit, Parameter, Profile, Prompt, SizeRule
from imagetoprompt.core.scene import Scene
from imagetoprompt.lexicon import table
from imagetoprompt.targets import image_sizes
from imagetoprompt.targets.requests import api_call
from imagetoprompt.targets.requests.api_call import ApiCall, chosen_provider, request_profile
from imagetoprompt.targets.requests.edit_instructions import edit_instruction
from imagetoprompt.targets.requests.strength_parameters import strength_in_words, strength_parameter
from imagetoprompt.targets.writing.compose import (
    chosen_profile,
    compose,
    exclusion_ending,
    ratio_parameter,
)
from imagetoprompt.targets.writing.ideogram_captions import json_caption

_OPENAPI: Final = Citation("IDEO-OA", "2026-06-17")
_GUIDE: Final = Citation("IDEO-P2", "undated")
_CAPTIONS: Final = Citation("IDEO-P4J", "2026-11-23")

_RATIOS: Final = (
    (1, 1),
    (4, 5),
    (3, 4),
    (2, 3),
    (10, 16),
    (9, 16),
    (1, 2),
    (1, 3),
    (5, 4),
    (4, 3),
    (3, 2),
    (16, 10),
    (16, 9),
    (2, 1),
    (3, 1),
)

# Remix, inpaint and reframe (IDEO-OA).
_TASKS: Final[tuple[Task, ...]] = (*WHOLE_PICTURE_TASKS, "inpaint", "outpaint", "style-from-image")
# Version 4 edits precisely, by words and a mask (IDEO-DEV).
_JSON_TASKS: Final[tuple[Task, ...]] = (*WHOLE_PICTURE_TASKS, "inpaint")

_V3: Final = Profile(
    target="ideogram",
    variant="3",
    title="Ideogram 3",
    manner="prose",
    # "Approximately 150-160 words": what is longer may be ignored.
    limit=Limit(150, "words", hard=False, source=_GUIDE),
    sentences=(
        ("text",),
        ("subject", "action", "setting", "action+", "time", "weather", "season"),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
        ("light", "palette", "mood"),
    ),
    negatives="field",
    shape=SizeRule("ratio", _OPENAPI, allowed=_RATIOS, separator="x"),
    tasks=_TASKS,
    texts=5,
    verbs=True,
    defaults={"magic_prompt": "OFF"},
    sources=(_OPENAPI, _GUIDE, Citation("IDEO-P4", "undated")),
)

TITLE: Final = "Ideogram"
VARIANTS: Final[Mapping[str, Profile]] = {
    "3": _V3,
    "json": replace(
        _V3,
        variant="json",
        title="Ideogram 4 (JSON)",
        limit=Limit(10_000, "characters", hard=True, source=Citation("COMFY-D", "undated")),
        sentences=(
            ("subject", "action", "setting", "action+", "time", "weather", "season"),
            ("medium", "style", "camera", "composition", "composition+", "focus"),
            ("light", "palette", "mood"),
            ("text",),
        ),
        negatives="rewrite",
        tasks=_JSON_TASKS,
        texts=12,
        text_length=120,
        sources=(_CAPTIONS, Citation("IDEO-DEV", "2026-10-02")),
    ),
}
"""Version 3, and the JSON form that version 4 was trained on."""

# Weights run from 0.05 to 1 (IDEO-OA).
_LEAST_WEIGHT: Final = 0.05


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt; version 3 gets the palette as parameters, version 4 inside its JSON."""
    profile = chosen_profile(VARIANTS, variant)
    parameters = ratio_parameter(scene, profile)
    if profile.variant == "json":
        ending = exclusion_ending(scene, profile, parameters)
        how = partial(json_caption, profile=profile, emphasis=emphasis, instead=ending.text.strip())
        return compose(scene, profile, emphasis, replace(ending, text=""), how)
    parameters |= _color_palette(scene)
    return compose(scene, profile, emphasis, exclusion_ending(scene, profile, parameters))


def _color_palette(scene: Scene) -> dict[str, Parameter]:
    """The measured swatches as members: hex colors weighted by their share of the area."""
    numbers = [fact.measurement for fact in scene.said("palette")]
    swatches = [
        swatch for number in numbers if isinstance(number, Palette) for swatch in number.swatches
    ]
    members: list[Parameter] = [
        {"color_hex": each.hex, "color_weight": round(min(max(each.area, _LEAST_WEIGHT), 1), 2)}
        for each in swatches
    ]
    return {"color_palette": {"members": members}} if members else {}


PROVIDERS: Final = ("ideogram",)
"""The vendor's own service."""

_URL: Final = "https://api.ideogram.ai"
_FORM: Final = "PNG, JPEG or WebP under 10 MB"
_LARGEST_SEED: Final = 2**31 - 1
_STYLES: Final = ("style", "palette")


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """The form: remix, inpaint or reframe for version 3; remix or a precise edit for version 4."""
    profile = request_profile(prompt, plan, VARIANTS)
    chosen_provider(via, PROVIDERS, profile.target)
    ask = _asked(prompt, plan, profile)
    seed, unseeded = api_call.seed_parameters(plan, _LARGEST_SEED)
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="multipart",
        body={**ask.body, **seed, "num_images": 1},
        prompt=prompt,
        plan=plan,
        url=f"{_URL}{ask.path}",
        attachments=ask.files,
        knob=ask.knob,
        losses=(
            *ask.losses,
            *api_call.dropped_controls(plan, profile),
            *api_call.unused_strength(plan),
            *unseeded,
        ),
        headers={"Api-Key": "$IDEOGRAM_API_KEY"},
    )


def _asked(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    if profile.variant == "json":
        return _edited(prompt, plan, profile)
    if plan.task == "inpaint":
        return _inpainted(prompt, plan)
    return _reframed(plan) if plan.task == "outpaint" else _remixed(prompt, plan, profile)


def _remixed(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    dial = strength_parameter("ideogram.weight", plan.strength)
    styles, attached, lost = _styled(plan)
    body: dict[str, Parameter] = {
        "image": api_call.PICTURE,
        "prompt": prompt.text,
        dial.knob: dial.value,
        "aspect_ratio": image_sizes.plan_aspect_ratio(plan, profile.shape),
        **_told(prompt),
        **({"style_reference_images": styles} if styles else {}),
    }
    shape = image_sizes.crop_limitation(plan, image_sizes.plan_size(plan, profile.shape))
    own = api_call.picture_attachment("image", _FORM)
    every = (*filter(None, (dial.loss,)), *shape, *lost)
    return ApiCall("/v1/ideogram-v3/remix", body, (own, *attached), dial.words, every)


def _told(prompt: Prompt) -> dict[str, Parameter]:
    """What every endpoint with a prompt takes: no rewriting, exclusions, and the palette in hex."""
    palette = prompt.parameters.get("color_palette")
    negative: dict[str, Parameter] = {"negative_prompt": prompt.negative} if prompt.negative else {}
    named: dict[str, Parameter] = {"color_palette": palette} if palette else {}
    return {"rendering_speed": "DEFAULT", "magic_prompt": "OFF", **negative, **named}


def _styled(plan: Plan) -> tuple[list[Parameter], tuple[Attachment, ...], tuple[str, ...]]:
    given = [(n, each) for n, each in enumerate(plan.references, 1) if each.role in _STYLES]
    name = "style_reference_images"
    attached = tuple(
        api_call.reference_attachment(name, each, n, f"{_FORM} in all") for n, each in given
    )
    unweighed = ("A style reference has no weight here.",) if given else ()
    return (
        [api_call.placeholder(n) for n, _ in given],
        attached,
        (*unweighed, *api_call.unused_references(plan, _STYLES)),
    )


def _inpainted(prompt: Prompt, plan: Plan) -> ApiCall:
    told = {name: value for name, value in _told(prompt).items() if name != "negative_prompt"}
    body = {"image": api_call.PICTURE, "mask": api_call.MASK, "prompt": prompt.text, **told}
    attached = (
        api_call.picture_attachment("image", _FORM),
        api_call.mask_attachment("mask", plan, "black"),
    )
    return ApiCall(
        "/v1/ideogram-v3/inpaint", body, attached, _MASKED, api_call.unused_references(plan)
    )


_MASKED: Final = "the mask: what is black is painted anew"


def _reframed(plan: Plan) -> ApiCall:
    sizes = tuple((across, down) for across, down in table("ideogram", __package__)["resolutions"])
    shape = SizeRule("size", _OPENAPI, separator="x", allowed=sizes)
    pair = image_sizes.plan_size(plan, shape)
    body: dict[str, Parameter] = {
        "image": api_call.PICTURE,
        "resolution": image_sizes.plan_aspect_ratio(plan, shape),
        "rendering_speed": "DEFAULT",
    }
    lost = ("Reframe takes no prompt and puts the picture in the middle.",)
    every = (
        *lost,
        *image_sizes.crop_limitation(plan, pair),
        *image_sizes.shrunk_size(plan, pair),
        *api_call.unused_references(plan),
    )
    own = (api_call.picture_attachment("image", _FORM),)
    return ApiCall("/v1/ideogram-v3/reframe", body, own, "the resolution", every)


def _edited(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    """Version 4 reads the prompt of a remix as an instruction; version 4.5 edits under a mask."""
    own, told = api_call.picture_attachment("image", _FORM), edit_instruction(prompt, plan, profile)
    body: dict[str, Parameter] = {"prompt": told, "image": api_call.PICTURE}
    if plan.task == "inpaint":
        body |= {"mask": api_call.MASK, "quality": "medium"}
        mask = api_call.mask_attachment("mask", plan, "black")
        return ApiCall(
            "/v2/image/precise-edit/ideogram-4-5",
            body,
            (own, mask),
            _MASKED,
            api_call.unused_references(plan),
        )
    dial = strength_parameter("ideogram.weight", plan.strength)
    knob = f"{dial.words}; {strength_in_words(plan)}"
    every = (*filter(None, (dial.loss,)), *api_call.unused_references(plan))
    return ApiCall(
        "/v2/image/remix/ideogram-4", {**body, dial.knob: dial.value}, (own,), knob, every
    )
