"""Which controls of a plan a model follows: all that were wished for, and what it can of others.

A plan brings controls that nobody asked for; those that no network is here for are replaced by a
similar kind, or left out, since a network takes gigabytes. It draws no maps.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagetoprompt.core.plan import Control, Plan
from imagetoprompt.engines.diffusers.compositing import composite, match_colors
from imagetoprompt.engines.diffusers.diffusers_options import (
    ModelFrame,
    crop_from_frame,
    frame_for_picture,
    model_frame,
    pad_to_frame,
)
from imagetoprompt.engines.diffusers.generation_job import GenerationJob, Window, joined, window_of
from imagetoprompt.engines.diffusers.long_prompts import encode_prompt
from imagetoprompt.engines.diffusers.memory import MemoryPlan
from imagetoprompt.engines.diffusers.model_families import Family
from imagetoprompt.engines.diffusers.pipelines import PipelineCache
from imagetoprompt.engines.diffusers.previews import latent_preview, unpack_latents
from imagetoprompt.engines.diffusers.types import Pipe, Tensor
from imagetoprompt.engines.step_counts import StepPlan
from imagetoprompt.errors import RefusedError
from imagetoprompt.images.picture import Pixels

# The key of a plan's reasons for a control that it chose by itself.
CONTROL_REASON_KEY: Final = "control {}"


@dataclass(frozen=True)
class ControlInputs:
    """The controls to follow, and of the plan's own those that are not, each with what is done."""

    controls: tuple[Control, ...]
    changed: tuple[str, ...] = ()


def control_inputs(plan: Plan, family: Family, here: Collection[str]) -> ControlInputs:
    """What the family follows. here: kinds whose network is on this machine.

    What the user wished for is never changed here: the studio fetches its network, or refuses it.
    """
    followed, changed = list[Control](), list[str]()
    able = set(here) if "control" in family.classes else set()
    wished = sum(CONTROL_REASON_KEY.format(each.kind) not in plan.reasons for each in plan.controls)
    room = max(family.together, wished)
    for control in plan.controls:
        if CONTROL_REASON_KEY.format(control.kind) not in plan.reasons:
            followed.append(control)
            continue
        kind = control.kind if control.kind in able else family.instead.get(control.kind, "")
        full = len(followed) >= room
        if kind not in able or full or kind in {each.kind for each in followed}:
            changed.append(f"{control.kind} left out")
            continue
        if kind != control.kind:
            changed.append(f"{kind} for {control.kind}")
        followed.append(replace(control, kind=kind))
    return ControlInputs(tuple(followed), tuple(changed))


# (steps done, steps in all, what is seen so far or None); raises to stop the work.
StepCallback = Callable[[int, int, "Pixels | None"], None]


@dataclass(frozen=True)
class RunOptions:
    """How the job is painted: steps, guidance, the native side, and every how many steps one sees.

    every: 0 for no previews.
    """

    course: StepPlan
    guidance: float
    native: int
    every: int


@dataclass(frozen=True, eq=False)
class PipelineInputs:
    """What one call of the pipeline is given beside the window."""

    pipe: Pipe
    words: Mapping[str, Any]
    frame: ModelFrame
    seen: Callable[[int, Tensor], None]


def generate(
    studio: PipelineCache,
    job: GenerationJob,
    manner: RunOptions,
    rung: MemoryPlan,
    watch: StepCallback,
) -> Pixels:
    """The picture at the size of the job: outside its mask not one bit differs from its pixels."""
    pipe = studio.pipe(job.fittings, rung)
    places = window_of(job, round(manner.native * studio.family.enlarges * rung.shrink))
    words = _words(studio, pipe, job)
    pieces = []
    for i, place in enumerate(places):
        into = _frame(studio, manner, rung, job.pixels[place].shape[1::-1])
        seen = _watching(pipe, job.pixels[place], (i, len(places)), (manner, into, watch))
        strokes = PipelineInputs(pipe, words, into, seen)
        pieces.append(_window(studio, job, manner, place, strokes))
    whole = joined(pieces, places, job.pixels)
    return _finished(job, whole, places)


def _frame(
    studio: PipelineCache, manner: RunOptions, rung: MemoryPlan, size: tuple[int, int]
) -> ModelFrame:
    family, native = studio.family, round(manner.native * rung.shrink)
    if family.sizes:
        return frame_for_picture(size, family.sizes, family.multiple, native / family.native)
    if family.enlarges > 1:
        small = model_frame(_divided(size, family.enlarges), family.multiple, native)
        return ModelFrame(size, small.scaled, small.padded)
    return model_frame(size, family.multiple, native)


def _divided(size: tuple[int, int], by: int) -> tuple[int, int]:
    return max(1, size[0] // by), max(1, size[1] // by)


def _words(studio: PipelineCache, pipe: Pipe, job: GenerationJob) -> dict[str, Any]:
    """The prompt as the pipeline takes it, and the styles of other pictures."""
    if studio.family.chunked:
        found = encode_prompt(pipe, job.text, job.negative)
        words = {
            "prompt_embeds": found.words,
            "negative_prompt_embeds": found.without,
            "pooled_prompt_embeds": found.pooled,
            "negative_pooled_prompt_embeds": found.pooled_without,
        }
    else:
        most = {"max_sequence_length": studio.family.text}
        words = {"prompt": job.text, "negative_prompt": job.negative or None, **most}
    if not job.styles:
        return words
    return {**words, **_styled(studio, pipe, job)}


def _styled(studio: PipelineCache, pipe: Pipe, job: GenerationJob) -> dict[str, Any]:
    pictures = [Image.fromarray(style.pixels) for style in job.styles]
    if studio.family.style["kind"] == "ip-adapter":
        pipe.set_ip_adapter_scale(float(np.mean([style.weight for style in job.styles])))
        return {"ip_adapter_image": [pictures]}
    import torch  # noqa: PLC0415

    prior, device = studio.prior(), pipe._execution_device
    most = int(studio.family.text)
    with torch.no_grad():
        words, pooled, _ = pipe.encode_prompt(
            job.text, None, device=device, max_sequence_length=most
        )
        for style, shown in zip(job.styles, pictures, strict=True):
            tokens = prior.image_embedder(prior.encode_image(shown, device, 1)).image_embeds
            words = torch.cat([words, tokens.to(words.dtype) * style.weight], dim=1)
    return {"prompt": None, "prompt_embeds": words, "pooled_prompt_embeds": pooled}


def _window(
    studio: PipelineCache,
    job: GenerationJob,
    manner: RunOptions,
    place: Window,
    strokes: PipelineInputs,
) -> Pixels:
    """One window, at its own size."""
    given = {**_arguments(job, manner, place, strokes), **strokes.words}
    if job.maps:
        shown = [_image(pad_to_frame(each.pixels[place], strokes.frame)) for each in job.maps]
        weights = [each.weight for each in job.maps]
        one = len(shown) == 1
        given["control_image"] = shown[0] if one else shown
        given["controlnet_conditioning_scale"] = weights[0] if one else weights
    taken = signature(type(strokes.pipe).__call__).parameters
    made = strokes.pipe(**{name: value for name, value in given.items() if name in taken})
    if any(getattr(made, "nsfw_content_detected", None) or ()):
        raise RefusedError("The safety checker of the model withheld the picture.")
    values = np.asarray(made.images[0])
    if not np.isfinite(values).all():
        raise RefusedError(
            f"'{studio.model}' gave no numbers that are colors: its VAE overflows in 16 bits. "
            "Open the engine with dtype='float32'."
        )
    return crop_from_frame(
        np.asarray(np.rint(np.clip(values, 0, 1) * 255), np.uint8), strokes.frame
    )


def _arguments(
    job: GenerationJob, manner: RunOptions, place: Window, strokes: PipelineInputs
) -> dict[str, Any]:
    import torch  # noqa: PLC0415

    width, height = strokes.frame.padded
    mask = None
    if job.share is not None:
        # Pipelines cut masks at one half; what is only partly to change is painted whole, and
        # mixed afterwards.
        hard = (pad_to_frame(job.share[place], strokes.frame) > 0.01).astype(np.uint8) * 255
        mask = Image.fromarray(hard)
    return {
        "image": _image(pad_to_frame(job.pixels[place], strokes.frame)),
        "mask_image": mask,
        "width": width,
        "height": height,
        "max_area": width * height,
        "_auto_resize": False,
        "strength": manner.course.strength,
        "num_inference_steps": manner.course.asked,
        "guidance_scale": manner.guidance,
        # Noise from the processor is the same whatever the model runs on.
        "generator": torch.Generator("cpu").manual_seed(job.seed),
        "output_type": "np",
        "callback_on_step_end": lambda _, step, __, tensors: _told(strokes, step, tensors),
        "callback_on_step_end_tensor_inputs": ["latents"],
        "callback": lambda step, _, latents: strokes.seen(step, latents),
    }


def _told(strokes: PipelineInputs, step: int, tensors: dict[str, Any]) -> dict[str, Any]:
    strokes.seen(step, tensors["latents"])
    return tensors


def _image(pixels: NDArray[Any]) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(pixels))


def _watching(
    pipe: Pipe,
    pixels: Pixels,
    turn: tuple[int, int],
    told: tuple[RunOptions, ModelFrame, StepCallback],
) -> Callable[[int, Tensor], None]:
    """What is called with the step just done, from 0, and its latents. turn: which window."""
    manner, into, watch = told
    run, (index, count) = manner.course.run, turn
    fitted = latent_preview(pipe, pad_to_frame(pixels, into)) if manner.every else None

    def seen(step: int, latents: Tensor) -> None:
        view = None
        if fitted is not None and (step + 1) % manner.every == 0 and step + 1 < run:
            view = fitted.seen(unpack_latents(pipe, latents, into.padded))
        watch(index * run + step + 1, count * run, view)

    return seen


def _finished(job: GenerationJob, whole: Pixels, places: tuple[Window, ...]) -> Pixels:
    """Matched in color where that is wanted, and laid over the original."""
    if job.share is None:
        return match_colors(whole, job.pixels) if job.matched else whole
    if job.matched:
        place = places[0]
        known = job.share[place] == 0
        whole[place] = match_colors(whole[place], job.pixels[place], known)
    return composite(job.pixels, whole, job.share)
