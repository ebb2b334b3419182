"""Settings for AUTOMATIC1111 and Forge, with every field whose default does not fit.

By default they ignore the picture's size, run 50 steps of Euler, paint masked regions at 512 x 512
and leave ControlNet units switched off (FORGE, CNET).
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
# The picture's own shape at the area that each family was trained on.
_SIZE_RULES: Final = {
    "xl": SizeRule("size", _SOURCE, area=1024 * 1024, multiple=8, min_side=512, max_side=2048),
    "1.5": SizeRule("size", _SOURCE, area=640 * 640, multiple=8, min_side=384, max_side=1024),
}
_GUIDANCE: Final = {"xl": 5.0, "1.5": 7.0}
_FAMILY_NAMES: Final = {"xl": "SDXL", "1.5": "SD 1.5"}
# Blur of the mask's edge as a share of the result's longer side; 4 pixels at 512 are usual.
_MASK_BLUR_SHARE: Final = 1 / 128
# Roles of references that an IP-Adapter can carry out.
_STYLE_ROLES: Final = ("style", "palette")
_UPSCALER: Final = "R-ESRGAN 4x+"


def request(prompt: Prompt, plan: Plan, profile: Profile, front_end: str, /) -> Request:
    """The settings for img2img, or for the Extras tab when enlarging.

    front_end: "a1111" or "forge", which differ in the names of preprocessors.
    """
    if plan.task == "upscale":
        return _upscale_request(prompt, plan, profile)
    parameter = strength_parameter("stable_diffusion.a1111", plan.strength)
    size = _SIZE_RULES[profile.variant].nearest(plan.size)
    seed, unseeded = api_call.seed_parameters(plan, _MAX_SEED)
    units, maps = _units(plan, profile, front_end)
    body: dict[str, Parameter] = {
        "init_images": [api_call.CANVAS if plan.margins else api_call.PICTURE],
        "prompt": prompt.text,
        "negative_prompt": prompt.negative,
        "denoising_strength": parameter.value,
        **_sampling(profile, size),
        "seed": seed.get("seed", -1),
        **_mask_fields(plan, size),
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
        attachments=(*_attachments(plan), *maps),
        knob=f"{parameter.words}; all {_STEPS} steps are run",
        losses=(*_limitations(plan, size), *api_call.unused_strength(plan), *unseeded),
    )


def _sampling(profile: Profile, size: tuple[int, int]) -> dict[str, Parameter]:
    """Size, steps and sampler. img2img_fix_steps runs every step, however low the strength."""
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


def _mask_fields(plan: Plan, size: tuple[int, int]) -> dict[str, Parameter]:
    """White is painted anew. Where something is only removed, its surroundings fill in (fill 0)."""
    if plan.task not in ("inpaint", "outpaint"):
        return {}
    outpaints = plan.task == "outpaint"
    return {
        "mask": api_call.MASK,
        "mask_blur": max(4, round(max(size) * _MASK_BLUR_SHARE)),
        "mask_round": False,
        "inpainting_mask_invert": 0,
        "inpainting_fill": 0 if outpaints or plan.removes else 1,
        "inpaint_full_res": not outpaints,
        "inpaint_full_res_padding": 0 if outpaints else 64,
    }


def _units(
    plan: Plan, profile: Profile, front_end: str
) -> tuple[list[Parameter], tuple[Attachment, ...]]:
    """ControlNet units for controls and references; both front-ends want them switched on."""
    styles = [reference for reference in plan.references if reference.role in _STYLE_ROLES]
    units: list[Parameter] = [
        _control_unit(control, profile, front_end) for control in plan.controls
    ]
    units += [
        _style_unit(reference, number, profile, front_end)
        for number, reference in enumerate(styles, 1)
    ]
    files = [
        api_call.control_map(_field(index), control) for index, control in enumerate(plan.controls)
    ]
    files += [
        api_call.reference_attachment(
            _field(len(plan.controls) + number - 1), reference, number, _FORM
        )
        for number, reference in enumerate(styles, 1)
    ]
    return units, tuple(files)


def _field(index: int) -> str:
    return f"alwayson_scripts.controlnet.args[{index}].image"


def _control_unit(control: Control, profile: Profile, front_end: str) -> dict[str, Parameter]:
    model = f"<a {control.kind} ControlNet for {_FAMILY_NAMES[profile.variant]}>"
    module = "None" if front_end == "forge" else "none"
    return _enabled_unit(module, model, control.weight, api_call.map_placeholder(control))


def _style_unit(
    reference: Reference, number: int, profile: Profile, front_end: str
) -> dict[str, Parameter]:
    model = f"<an IP-Adapter for {_FAMILY_NAMES[profile.variant]}>"
    module = "CLIP-ViT-H (IPAdapter)" if front_end == "forge" else "ip-adapter-auto"
    return _enabled_unit(module, model, reference.weight, api_call.placeholder(number))


def _enabled_unit(module: str, model: str, weight: float, image: str) -> dict[str, Parameter]:
    """A unit with every field whose default differs between the front-ends."""
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


def _attachments(plan: Plan) -> tuple[Attachment, ...]:
    if plan.margins:
        canvas = api_call.canvas_attachment(
            "init_images[0]", plan, f"{_FORM}; its edges drawn out over the room"
        )
        return (canvas, api_call.mask_attachment("mask", plan, "white"))
    picture = api_call.picture_attachment("init_images[0]", _FORM)
    return (
        (picture, api_call.mask_attachment("mask", plan, "white"))
        if plan.task == "inpaint"
        else (picture,)
    )


def _limitations(plan: Plan, size: tuple[int, int]) -> tuple[str, ...]:
    return (
        *api_call.unused_references(plan, _STYLE_ROLES),
        *api_call.size_limitation(plan, size),
        *api_call.crop_limitation(plan, size),
    )


def _upscale_request(prompt: Prompt, plan: Plan, profile: Profile) -> Request:
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
