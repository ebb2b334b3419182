"""Settings for AUTOMATIC1111 and Forge, with every field that their defaults get wrong.

They ignore the picture's size, take 50 steps of Euler, paint masked regions at 512 x 512 and leave
ControlNet units off, unless told otherwise (FORGE, CNET).
"""

from typing import Final

from imagetoprompt.core.plan import Attachment, Control, Plan, Reference, Request
from imagetoprompt.core.prompt import Citation, Parameter, Profile, Prompt, SizeRule
from imagetoprompt.targets.requests import api_call
from imagetoprompt.targets.requests.strength_parameters import strength_parameter

_URL: Final = "http://127.0.0.1:7860/sdapi/v1"
_FORM: Final = "PNG as base64, RGB, upright"
_MAX_SEED: Final = 4_294_967_295
# DPM++ 2M with Karras' schedule has converged by then.
_STEPS: Final = 28
_SOURCE: Final = Citation("FORGE", "2025-06-26")
# The picture's own shape, at the area that each family was trained on, in sides that models take.
_SHAPES: Final = {
    "xl": SizeRule("size", _SOURCE, area=1024 * 1024, multiple=8, min_side=512, max_side=2048),
    "1.5": SizeRule("size", _SOURCE, area=640 * 640, multiple=8, min_side=384, max_side=1024),
}
_GUIDANCE: Final = {"xl": 5.0, "1.5": 7.0}
_FAMILY: Final = {"xl": "SDXL", "1.5": "SD 1.5"}
# A mask's edge is blurred by this share of the result's longer side, 4 pixels at 512 being usual.
_BLUR: Final = 1 / 128
# What an IP-Adapter brings.
_STYLES: Final = ("style", "palette")
_UPSCALER: Final = "R-ESRGAN 4x+"


def request(prompt: Prompt, plan: Plan, profile: Profile, path: str, /) -> Request:
    """The settings for `path` "a1111" or "forge", which differ in the names of preprocessors."""
    if plan.task == "upscale":
        return _enlarged(prompt, plan, profile)
    parameter = strength_parameter("stable_diffusion.a1111", plan.strength)
    size = _SHAPES[profile.variant].nearest(plan.size)
    seed, unseeded = api_call.seed_parameters(plan, _MAX_SEED)
    units, maps = _units(plan, profile, path)
    body: dict[str, Parameter] = {
        "init_images": [api_call.CANVAS if plan.margins else api_call.PICTURE],
        "prompt": prompt.text,
        "negative_prompt": prompt.negative,
        "denoising_strength": parameter.value,
        **_drawn(profile, size),
        "seed": seed.get("seed", -1),
        **_masked(plan, size),
        **({"alwayson_scripts": {"controlnet": {"args": units}}} if units else {}),
    }
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="settings",
        body=body,
        prompt=prompt,
        plan=plan,
        url=f"{_URL}/img2img",
        attachments=(*_pictures(plan), *maps),
        knob=f"{parameter.words}; all {_STEPS} steps are run",
        losses=(*_lost(plan, size), *api_call.unused_strength(plan), *unseeded),
    )


def _drawn(profile: Profile, size: tuple[int, int]) -> dict[str, Parameter]:
    """How it is sampled: img2img_fix_steps runs every step, however low the strength."""
    return {
        "width": size[0],
        "height": size[1],
        "steps": _STEPS,
        "sampler_name": "DPM++ 2M",
        "scheduler": "Karras",
        "cfg_scale": _GUIDANCE[profile.variant],
        "resize_mode": 1,
        "batch_size": 1,
        "n_iter": 1,
        "override_settings": {"img2img_fix_steps": True, "img2img_color_correction": False},
        "override_settings_restore_afterwards": True,
    }


def _masked(plan: Plan, size: tuple[int, int]) -> dict[str, Parameter]:
    """White is painted anew. What only goes away starts from its surroundings (fill 0)."""
    if plan.task not in ("inpaint", "outpaint"):
        return {}
    beyond = plan.task == "outpaint"
    return {
        "mask": api_call.MASK,
        "mask_blur": max(4, round(max(size) * _BLUR)),
        "mask_round": False,
        "inpainting_mask_invert": 0,
        "inpainting_fill": 0 if beyond or plan.removes else 1,
        "inpaint_full_res": not beyond,
        "inpaint_full_res_padding": 0 if beyond else 64,
    }


def _units(
    plan: Plan, profile: Profile, path: str
) -> tuple[list[Parameter], tuple[Attachment, ...]]:
    """ControlNet units for controls and references; both front-ends want them switched on."""
    styles = [reference for reference in plan.references if reference.role in _STYLES]
    held: list[Parameter] = [_unit(each, profile, path) for each in plan.controls]
    held += [_styled(each, n, profile, path) for n, each in enumerate(styles, 1)]
    start = len(plan.controls)
    maps = [
        api_call.control_map(_field(place), control) for place, control in enumerate(plan.controls)
    ]
    maps += [
        api_call.reference_attachment(_field(start + n - 1), each, n, _FORM)
        for n, each in enumerate(styles, 1)
    ]
    return held, tuple(maps)


def _field(place: int) -> str:
    return f"alwayson_scripts.controlnet.args[{place}].image"


def _unit(control: Control, profile: Profile, path: str) -> dict[str, Parameter]:
    model = f"<a {control.kind} ControlNet for {_FAMILY[profile.variant]}>"
    module = "None" if path == "forge" else "none"
    return _switched(module, model, control.weight, api_call.map_placeholder(control))


def _styled(given: Reference, number: int, profile: Profile, path: str) -> dict[str, Parameter]:
    model = f"<an IP-Adapter for {_FAMILY[profile.variant]}>"
    module = "CLIP-ViT-H (IPAdapter)" if path == "forge" else "ip-adapter-auto"
    return _switched(module, model, given.weight, api_call.placeholder(number))


def _switched(module: str, model: str, weight: float, image: str) -> dict[str, Parameter]:
    """A unit with every field that one of the front-ends would fill otherwise."""
    return {
        "enabled": True,
        "module": module,
        "model": model,
        "weight": weight,
        "image": image,
        "resize_mode": "Crop and Resize",
        "control_mode": "Balanced",
        "guidance_start": 0.0,
        "guidance_end": 1.0,
        "pixel_perfect": True,
    }


def _pictures(plan: Plan) -> tuple[Attachment, ...]:
    if plan.margins:
        canvas = api_call.canvas_attachment(
            "init_images[0]", plan, f"{_FORM}; its edges drawn out over the room"
        )
        return (canvas, api_call.mask_attachment("mask", plan, "white"))
    own = api_call.picture_attachment("init_images[0]", _FORM)
    return (
        (own, api_call.mask_attachment("mask", plan, "white")) if plan.task == "inpaint" else (own,)
    )


def _lost(plan: Plan, size: tuple[int, int]) -> tuple[str, ...]:
    return (
        *api_call.unused_references(plan, _STYLES),
        *api_call.size_limitation(plan, size),
        *api_call.crop_limitation(plan, size),
    )


def _enlarged(prompt: Prompt, plan: Plan, profile: Profile) -> Request:
    """The settings of the Extras tab, which enlarges without painting anew."""
    body: dict[str, Parameter] = {
        "image": api_call.PICTURE,
        "resize_mode": 0,
        "upscaling_resize": plan.scale,
        "upscaler_1": _UPSCALER,
    }
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="settings",
        body=body,
        prompt=prompt,
        plan=plan,
        url=f"{_URL}/extra-single-image",
        attachments=(api_call.picture_attachment("image", _FORM),),
        knob="no strength: nothing is painted anew",
    )
