"""FLUX by Black Forest Labs: prose, the subject first, without negative prompts or weights.

FLUX.2 and Kontext have no strength parameter: the words of the edit express it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.core.plan import WHOLE_PICTURE_TASKS, Plan, Request, Task
from imagetoprompt.core.prompt import Citation, Limit, Parameter, Profile, Prompt, SizeRule
from imagetoprompt.core.scene import Scene
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

_SKILLS: Final = Citation("BFL-S", "2026-02-03")
_KONTEXT: Final = Citation("BFL-K", "undated")
_API: Final = Citation("BFL-O", "2026-10-04")

# Ultra takes an image prompt; Fill and Expand paint regions and beyond edges (BFL-F, COMFY).
_TASKS: Final[tuple[Task, ...]] = (*WHOLE_PICTURE_TASKS, "inpaint", "outpaint")
# FLUX.2 and Kontext edit by words, and take further pictures (BFL-O, BFL-S).
_EDITING_TASKS: Final[tuple[Task, ...]] = (
    *WHOLE_PICTURE_TASKS,
    "inpaint",
    "outpaint",
    "style-from-image",
    "blend",
)

_FLUX1: Final = Profile(
    target="flux",
    variant="1",
    title="FLUX.1",
    manner="prose",
    limit=Limit(512, "T5 tokens", hard=True, source=_KONTEXT),
    # Subject, action, style, context, lighting, technical (BFL-S, core principles); words early.
    sentences=(
        ("subject", "action", "setting", "action+", "time", "weather", "season"),
        ("text",),
        ("light", "palette", "mood"),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
    ),
    negatives="rewrite",
    shape=SizeRule(
        "size", Citation("COMFY", "2025-10-12"), multiple=32, min_side=256, max_side=1440
    ),
    tasks=_TASKS,
    sources=(_SKILLS, _KONTEXT),
)

TITLE: Final = "FLUX"
VARIANTS: Final[Mapping[str, Profile]] = {
    "2": replace(
        _FLUX1,
        variant="2",
        title="FLUX.2",
        # 32 000 tokens; characters never come out lower than tokens do.
        limit=Limit(32_000, "characters", hard=True, source=_SKILLS),
        shape=SizeRule("size", _API, multiple=16, max_side=2048),
        tasks=_EDITING_TASKS,
        mixes_pictures=True,
        texts=5,
        hexes=True,
        sources=(_SKILLS, _API),
    ),
    "1": _FLUX1,
    "kontext": replace(
        _FLUX1,
        variant="kontext",
        title="FLUX.1 Kontext",
        shape=SizeRule("ratio", _API, narrowest=9 / 21, widest=21 / 9),
        tasks=_EDITING_TASKS,
    ),
}
"""The generations, the current one first."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt, with exclusions as their positive opposites, and the size or ratio."""
    profile = chosen_profile(VARIANTS, variant)
    shape = size_parameters if profile.shape.asks == "size" else ratio_parameter
    return compose(
        scene, profile, emphasis, exclusion_ending(scene, profile, shape(scene, profile))
    )


PROVIDERS: Final = ("bfl",)
"""The vendor's API."""

_URL: Final = "https://api.bfl.ai/v1"
_FORM: Final = "base64 or a link; PNG, JPEG or WebP, RGB"
_MAX_SEED: Final = 2**32 - 1
# References besides the edited picture: Kontext takes 2 to 4 pictures, experimentally, and FLUX.2
# 2 to 8 (BFL-O, BFL-S).
_MAX_REFERENCES: Final = {"kontext": 3, "2": 7}
_EDIT_ENDPOINTS: Final = {"kontext": "flux-kontext-pro", "2": "flux-2-pro"}
# The defaults of Fill and Expand, written out (COMFY, BFL-F).
_FILL_DEFAULTS: Final[Mapping[str, Parameter]] = {
    "steps": 50,
    "guidance": 60,
    "prompt_upsampling": False,
}
_COMMON_FIELDS: Final[Mapping[str, Parameter]] = {"safety_tolerance": 2, "output_format": "png"}
_MAX_MARGIN_PIXELS: Final = 2048
_ULTRA_RATIOS: Final = SizeRule("ratio", _API, narrowest=9 / 21, widest=21 / 9)


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """The JSON body for one of the vendor's endpoints.

    Fill for a mask, Expand for margins, else an edit by FLUX.2 or Kontext, or 1.1 Ultra with an
    image prompt.
    """
    profile = request_profile(prompt, plan, VARIANTS)
    chosen_provider(via, PROVIDERS, profile.target)
    call = _api_call(prompt, plan, profile)
    seed, unseeded = api_call.seed_parameters(plan, _MAX_SEED)
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="json",
        body={**call.body, **seed, **_COMMON_FIELDS},
        prompt=prompt,
        plan=plan,
        url=f"{_URL}/{call.path}",
        attachments=call.attachments,
        knob=call.strength,
        losses=(
            *call.limitations,
            *api_call.dropped_controls(plan, profile),
            *api_call.unused_strength(plan),
            *unseeded,
        ),
        headers={"x-key": "$BFL_API_KEY"},
    )


def _api_call(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    if plan.task == "inpaint":
        return _fill_call(prompt, plan)
    if plan.task == "outpaint":
        return _expand_call(prompt, plan)
    return (
        _ultra_call(prompt, plan) if profile.variant == "1" else _edit_call(prompt, plan, profile)
    )


def _fill_call(prompt: Prompt, plan: Plan) -> ApiCall:
    body = {
        "prompt": prompt.text,
        "image": api_call.PICTURE,
        "mask": api_call.MASK,
        **_FILL_DEFAULTS,
    }
    files = (
        api_call.picture_attachment("image", _FORM),
        api_call.mask_attachment("mask", plan, "white"),
    )
    return ApiCall(
        "flux-pro-1.0-fill",
        body,
        files,
        "the mask: what is white is painted anew",
        api_call.unused_references(plan),
    )


def _expand_call(prompt: Prompt, plan: Plan) -> ApiCall:
    pixels, limitations = api_call.margin_pixels(plan, _MAX_MARGIN_PIXELS)
    body = {"prompt": prompt.text, "image": api_call.PICTURE, **pixels, **_FILL_DEFAULTS}
    files = (api_call.picture_attachment("image", _FORM),)
    return ApiCall(
        "flux-pro-1.0-expand",
        body,
        files,
        "the pixels added on each side",
        (*limitations, *api_call.unused_references(plan)),
    )


def _ultra_call(prompt: Prompt, plan: Plan) -> ApiCall:
    parameter = strength_parameter("flux.ultra", plan.strength)
    body: dict[str, Parameter] = {
        "prompt": prompt.text,
        "image_prompt": api_call.PICTURE,
        parameter.name: parameter.value,
        "aspect_ratio": _ULTRA_RATIOS.nearest_text(plan.size),
        "raw": False,
    }
    limitation = "An image prompt never gives the picture back as it was, however much it keeps."
    return ApiCall(
        "flux-pro-1.1-ultra",
        body,
        (api_call.picture_attachment("image_prompt", _FORM),),
        parameter.words,
        (limitation, *api_call.unused_references(plan)),
    )


def _edit_call(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    """An edit by words; the references are further images, numbered from 2."""
    references = plan.references[: _MAX_REFERENCES[profile.variant]]
    further = {
        f"input_image_{number + 1}": api_call.placeholder(number)
        for number, _ in enumerate(references, 1)
    }
    body: dict[str, Parameter] = {
        "prompt": edit_instruction(prompt, plan, profile),
        "input_image": api_call.PICTURE,
        **further,
        **_output_shape(plan, profile),
    }
    files = tuple(
        api_call.reference_attachment(f"input_image_{number + 1}", reference, number, _FORM)
        for number, reference in enumerate(references, 1)
    )
    limitations = tuple(
        f"{profile.title} takes no more pictures: {reference.source} is left out."
        for reference in plan.references[len(references) :]
    )
    endpoint = _EDIT_ENDPOINTS[profile.variant]
    return ApiCall(
        endpoint,
        body,
        (api_call.picture_attachment("input_image", _FORM), *files),
        strength_in_words(plan),
        limitations,
    )


def _output_shape(plan: Plan, profile: Profile) -> dict[str, Parameter]:
    if profile.variant == "kontext":
        return {
            "aspect_ratio": profile.shape.nearest_text(plan.size),
            "prompt_upsampling": False,
        }
    width, height = profile.shape.nearest(plan.size)
    return {"width": width, "height": height}
