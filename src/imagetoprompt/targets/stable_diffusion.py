"""Stable Diffusion: tags for 1.5, phrases for XL, sentences for 3.5, and a negative prompt.

The syntax is that of AUTOMATIC1111, Forge and ComfyUI.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.core.plan import WHOLE_PICTURE_TASKS, Plan, Request, Task
from imagetoprompt.core.prompt import Citation, Limit, Parameter, Profile, Prompt, SizeRule
from imagetoprompt.core.scene import Scene
from imagetoprompt.targets.requests import a1111, api_call
from imagetoprompt.targets.requests.api_call import chosen_provider, request_profile
from imagetoprompt.targets.requests.strength_parameters import strength_parameter
from imagetoprompt.targets.writing.compose import (
    chosen_profile,
    compose,
    exclusion_ending,
    size_parameters,
)

_DIFFUSERS: Final = Citation("DIFF", "2026-08-23")
_FORGE: Final = Citation("FORGE", "2025-06-26")
_STABILITY: Final = Citation("STAB", "undated")
# One block of CLIP tokens: front-ends continue in a second one, where words count for less, but
# diffusers cuts.
_CLIP_BLOCK: Final = Limit(75, "CLIP tokens", hard=True, source=_DIFFUSERS)

_BUCKETS: Final = (
    (1024, 1024),
    (1152, 896),
    (1216, 832),
    (1344, 768),
    (1536, 640),
    (896, 1152),
    (832, 1216),
    (768, 1344),
    (640, 1536),
)

# img2img, inpainting, ControlNet and the extras of front-ends (FORGE, CNET).
_TASKS: Final[tuple[Task, ...]] = (
    *WHOLE_PICTURE_TASKS,
    "inpaint",
    "outpaint",
    "upscale",
    "style-from-image",
)
_CONTROLS: Final = (
    "canny",
    "softedge",
    "lineart",
    "scribble",
    "depth",
    "normal",
    "pose",
    "segments",
    "tile",
    "recolor",
)

_XL: Final = Profile(
    target="stable_diffusion",
    variant="xl",
    title="Stable Diffusion XL",
    manner="phrases",
    limit=_CLIP_BLOCK,
    sentences=(
        ("medium", "subject", "action", "setting", "action+", "time", "weather", "season"),
        ("style",),
        ("light",),
        ("palette",),
        ("composition",),
        ("camera",),
        ("focus",),
        ("mood",),
        ("medium+",),
    ),
    negatives="field",
    shape=SizeRule("size", Citation("SDXL-B", "undated"), allowed=_BUCKETS),
    tasks=_TASKS,
    controls=_CONTROLS,
    untold={"text": "Stable Diffusion XL does not render words reliably."},
    syntax="weighted",
    weights=True,
    sources=(_DIFFUSERS, _FORGE),
)

_V15: Final = replace(
    _XL,
    variant="1.5",
    title="Stable Diffusion 1.5",
    manner="tags",
    sentences=(
        ("medium", "style"),
        ("subject", "action"),
        ("setting", "time", "weather", "season"),
        ("light", "palette"),
        ("composition", "camera", "focus"),
        ("mood",),
    ),
    # 512 x 512 is native; a longer side of half as much again still holds together.
    shape=SizeRule(
        "size",
        _DIFFUSERS,
        allowed=(
            (512, 512),
            (640, 512),
            (768, 512),
            (768, 448),
            (512, 640),
            (512, 768),
            (448, 768),
        ),
    ),
    untold={"text": "Stable Diffusion 1.5 does not render words."},
)

_V35: Final = replace(
    _XL,
    variant="3.5",
    title="Stable Diffusion 3.5",
    manner="prose",
    limit=Limit(256, "T5 tokens", hard=True, source=_DIFFUSERS),
    sentences=(
        ("subject", "action", "setting", "action+", "time", "weather", "season"),
        ("text",),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
        ("light", "palette", "mood"),
    ),
    shape=SizeRule("size", _STABILITY, allowed=_BUCKETS),
    # The hosted service has image-to-image only (STAB).
    tasks=WHOLE_PICTURE_TASKS,
    controls=(),
    untold={},
    syntax="bracketless",
    weights=False,
    verbs=True,
    sources=(_DIFFUSERS, _STABILITY, Citation("NEG", "2026-04-21")),
)

TITLE: Final = "Stable Diffusion"
ALIASES: Final = ("sd",)
VARIANTS: Final[Mapping[str, Profile]] = {"xl": _XL, "1.5": _V15, "3.5": _V35}
"""The model families; XL first, since most checkpoints in use are based on it."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt and the negative prompt, with the width and height that suit the model."""
    profile = chosen_profile(VARIANTS, variant)
    return compose(
        scene, profile, emphasis, exclusion_ending(scene, profile, size_parameters(scene, profile))
    )


PROVIDERS: Final = ("a1111", "forge", "stability")
"""AUTOMATIC1111 and Forge on your own machine; Stability's service for 3.5, which it hosts."""


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """Settings for AUTOMATIC1111 or Forge (1.5, XL), or the form for Stability's service (3.5)."""
    profile = request_profile(prompt, plan, VARIANTS)
    hosted = profile.variant == "3.5"
    path = chosen_provider(
        via, PROVIDERS[2:] if hosted else PROVIDERS[:2], f"{profile.target}:{profile.variant}"
    )
    if hosted:
        return stability_request(prompt, plan, profile)
    return a1111.request(prompt, plan, profile, path)


_STABILITY_URL: Final = "https://api.stability.ai/v2beta/stable-image/generate/sd3"
_STABILITY_FORM: Final = "JPEG, PNG or WebP under 10 MiB, sides of 64 pixels or more"
_MAX_STABILITY_SEED: Final = 4_294_967_294
# 3.5 repaints best near 4 (STAB: 4 for large and medium).
_STABILITY_GUIDANCE: Final = 4


def stability_request(prompt: Prompt, plan: Plan, profile: Profile, /) -> Request:
    """The form for Stability's image-to-image with Stable Diffusion 3.5 (STAB).

    The result has the picture's own shape.
    """
    parameter = strength_parameter("stable_diffusion.stability", plan.strength)
    seed, unseeded = api_call.seed_parameters(plan, _MAX_STABILITY_SEED)
    body: dict[str, Parameter] = {
        "mode": "image-to-image",
        "model": "sd3.5-large",
        "image": api_call.PICTURE,
        "prompt": prompt.text,
        **({"negative_prompt": prompt.negative} if prompt.negative else {}),
        "strength": parameter.value,
        "cfg_scale": _STABILITY_GUIDANCE,
        **seed,
        "output_format": "png",
    }
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="multipart",
        body=body,
        prompt=prompt,
        plan=plan,
        url=_STABILITY_URL,
        attachments=(api_call.picture_attachment("image", _STABILITY_FORM),),
        knob=parameter.words,
        losses=(
            *api_call.dropped_controls(plan, profile),
            *api_call.unused_references(plan),
            *api_call.unused_strength(plan),
            *unseeded,
        ),
        headers={"Authorization": "Bearer $STABILITY_API_KEY", "Accept": "application/json"},
    )
