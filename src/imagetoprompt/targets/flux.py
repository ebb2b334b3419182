"""FLUX of Black Forest Labs: prose, the subject first, without negatives or weights.

FLUX.2 and Kontext take a strength as words of an edit. It does not send anything.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.core.plan import Plan, Request
from imagetoprompt.core.prompt import Limit, Parameter, Profile, Prompt, Shape, Source
from imagetoprompt.core.scene import Scene
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

_SKILLS: Final = Source("BFL-S", "2026-02-03")
_KONTEXT: Final = Source("BFL-K", "undated")
_API: Final = Source("BFL-O", "2026-10-04")

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
    shape=Shape("size", Source("COMFY", "2025-10-12"), multiple=32, least=256, most=1440),
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
        shape=Shape("size", _API, multiple=16, most=2048),
        texts=5,
        hexes=True,
        sources=(_SKILLS, _API),
    ),
    "1": _FLUX1,
    "kontext": replace(
        _FLUX1,
        variant="kontext",
        title="FLUX.1 Kontext",
        shape=Shape("ratio", _API, narrowest=9 / 21, widest=21 / 9),
    ),
}
"""The generations, the current one first."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt, exclusions turned into what is there instead, and the size or ratio."""
    profile = chosen(VARIANTS, variant)
    shape = sized if profile.shape.asks == "size" else proportioned
    return compose(scene, profile, emphasis, told_ending(scene, profile, shape(scene, profile)))


WAYS: Final = ("bfl",)
"""The vendor's own service."""

_URL: Final = "https://api.bfl.ai/v1"
_FORM: Final = "base64 or a link; PNG, JPEG or WebP, RGB"
_LARGEST_SEED: Final = 2**32 - 1
# What Kontext and FLUX.2 take: 2 to 4 experimental, and 2 to 8 (BFL-O, BFL-S).
_REFERENCES: Final = {"kontext": 3, "2": 7}
_EDITS: Final = {"kontext": "flux-kontext-pro", "2": "flux-2-pro"}
# Fill and Expand: their own defaults, said openly (COMFY, BFL-F).
_PAINTED: Final[Mapping[str, Parameter]] = {
    "steps": 50,
    "guidance": 60,
    "prompt_upsampling": False,
}
_ALWAYS: Final[Mapping[str, Parameter]] = {"safety_tolerance": 2, "output_format": "png"}
_WIDEST: Final = 2048
_ULTRA: Final = Shape("ratio", _API, narrowest=9 / 21, widest=21 / 9)


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """The JSON body for one of the vendor's endpoints.

    Fill for a mask, Expand for margins, else FLUX.2 or Kontext by words, or 1.1 Ultra with an image
    prompt.
    """
    profile = entered(prompt, plan, VARIANTS)
    way(via, WAYS, profile.target)
    ask = _asked(prompt, plan, profile)
    seed, unseeded = limitations.overseeded(plan, _LARGEST_SEED)
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="json",
        body={**ask.body, **seed, **_ALWAYS},
        prompt=prompt,
        plan=plan,
        url=f"{_URL}/{ask.path}",
        attachments=ask.files,
        knob=ask.knob,
        losses=(
            *ask.losses,
            *limitations.unheld(plan, profile),
            *limitations.idle(plan),
            *unseeded,
        ),
        headers={"x-key": "$BFL_API_KEY"},
    )


def _asked(prompt: Prompt, plan: Plan, profile: Profile) -> Ask:
    if plan.task == "inpaint":
        return _filled(prompt, plan)
    if plan.task == "outpaint":
        return _expanded(prompt, plan)
    return _ultra(prompt, plan) if profile.variant == "1" else _edited(prompt, plan, profile)


def _filled(prompt: Prompt, plan: Plan) -> Ask:
    body = {
        "prompt": prompt.text,
        "image": attachments.PICTURE,
        "mask": attachments.MASK,
        **_PAINTED,
    }
    attached = (attachments.picture("image", _FORM), attachments.mask("mask", plan, "white"))
    return Ask(
        "flux-pro-1.0-fill",
        body,
        attached,
        "the mask: what is white is painted anew",
        limitations.alone(plan),
    )


def _expanded(prompt: Prompt, plan: Plan) -> Ask:
    pixels, lost = request_sizes.margins(plan, _WIDEST)
    body = {"prompt": prompt.text, "image": attachments.PICTURE, **pixels, **_PAINTED}
    attached = (attachments.picture("image", _FORM),)
    return Ask(
        "flux-pro-1.0-expand",
        body,
        attached,
        "the pixels added on each side",
        (*lost, *limitations.alone(plan)),
    )


def _ultra(prompt: Prompt, plan: Plan) -> Ask:
    dial = turned("flux.ultra", plan.strength)
    body: dict[str, Parameter] = {
        "prompt": prompt.text,
        "image_prompt": attachments.PICTURE,
        dial.knob: dial.value,
        "aspect_ratio": request_sizes.proportion(plan, _ULTRA),
        "raw": False,
    }
    lost = "An image prompt never gives the picture back as it was, however much it keeps."
    return Ask(
        "flux-pro-1.1-ultra",
        body,
        (attachments.picture("image_prompt", _FORM),),
        dial.words,
        (lost, *limitations.alone(plan)),
    )


def _edited(prompt: Prompt, plan: Plan, profile: Profile) -> Ask:
    """By words; the references are further images, numbered from 2."""
    given = plan.references[: _REFERENCES[profile.variant]]
    named = {f"input_image_{n}": attachments.placeholder(n - 1) for n, _ in enumerate(given, 2)}
    body: dict[str, Parameter] = {
        "prompt": instruction(prompt, plan, profile),
        "input_image": attachments.PICTURE,
        **named,
        **_framed(plan, profile),
    }
    attached = tuple(
        attachments.reference(f"input_image_{n + 1}", each, n, _FORM)
        for n, each in enumerate(given, 1)
    )
    lost = tuple(
        f"{profile.title} takes no more pictures: {each.source} is left out."
        for each in plan.references[len(given) :]
    )
    endpoint = _EDITS[profile.variant]
    return Ask(
        endpoint,
        body,
        (attachments.picture("input_image", _FORM), *attached),
        told_as(plan),
        lost,
    )


def _framed(plan: Plan, profile: Profile) -> dict[str, Parameter]:
    if profile.variant == "kontext":
        return {
            "aspect_ratio": request_sizes.proportion(plan, profile.shape),
            "prompt_upsampling": False,
        }
    width, height = request_sizes.framed(plan, profile.shape)
    return {"width": width, "height": height}
