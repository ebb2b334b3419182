"""The form for Stability's hosted Stable Diffusion 3.5, which repaints a whole picture.

Fields and ranges are those of its REST reference (STAB). It does not send anything.
"""

from typing import Final

from imagetoprompt.core.plan import Plan, Request
from imagetoprompt.core.prompt import Parameter, Profile, Prompt
from imagetoprompt.targets.requests import api_call
from imagetoprompt.targets.requests.strength_parameters import strength_parameter

URL: Final = "https://api.stability.ai/v2beta/stable-image/generate/sd3"
_FORM: Final = "JPEG, PNG or WebP under 10 MiB, sides of 64 pixels or more"
_LARGEST_SEED: Final = 4_294_967_294
# 3.5 repaints best near 4 (STAB: 4 for large and medium).
_GUIDANCE: Final = 4


def request(prompt: Prompt, plan: Plan, profile: Profile, /) -> Request:
    """The form for image-to-image: the result has the picture's own shape."""
    dial = strength_parameter("stable_diffusion.stability", plan.strength)
    seed, unseeded = api_call.seed_parameters(plan, _LARGEST_SEED)
    body: dict[str, Parameter] = {
        "mode": "image-to-image",
        "model": "sd3.5-large",
        "image": api_call.PICTURE,
        "prompt": prompt.text,
        **({"negative_prompt": prompt.negative} if prompt.negative else {}),
        "strength": dial.value,
        "cfg_scale": _GUIDANCE,
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
        url=URL,
        attachments=(api_call.picture_attachment("image", _FORM),),
        knob=dial.words,
        losses=(
            *api_call.dropped_controls(plan, profile),
            *api_call.unused_references(plan),
            *api_call.unused_strength(plan),
            *unseeded,
        ),
        headers={"Authorization": "Bearer $STABILITY_API_KEY", "Accept": "application/json"},
    )
