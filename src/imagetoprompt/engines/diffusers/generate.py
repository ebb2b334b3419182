"""generate(): run a job through a pipeline, window by window, and join the results."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagetoprompt.engines.diffusers.compositing import composite, match_colors
from imagetoprompt.engines.diffusers.generation_job import (
    GenerationJob,
    Window,
    job_windows,
    join_windows,
)
from imagetoprompt.engines.diffusers.long_prompts import encode_prompt
from imagetoprompt.engines.diffusers.memory import MemoryPlan
from imagetoprompt.engines.diffusers.model_frames import (
    ModelFrame,
    crop_from_frame,
    frame_for_picture,
    model_frame,
    pad_to_frame,
)
from imagetoprompt.engines.diffusers.pipelines import PipelineCache
from imagetoprompt.engines.diffusers.previews import latent_preview, unpack_latents
from imagetoprompt.engines.step_counts import StepPlan
from imagetoprompt.errors import RefusedError
from imagetoprompt.images.picture import Pixels

# Called with (steps done, steps in total, preview or None); raises to stop the run.
StepCallback = Callable[[int, int, "Pixels | None"], None]


@dataclass(frozen=True)
class RunOptions:
    """Options of a run. native: side in pixels of the square that the model was trained on.

    preview_interval: steps between previews, 0 for none.
    """

    steps: StepPlan
    guidance: float
    native: int
    preview_interval: int


@dataclass(frozen=True, eq=False)
class PipelineInputs:
    """Inputs of the pipeline that do not depend on the pixels of a window."""

    pipe: Any
    words: Mapping[str, Any]
    frame: ModelFrame
    on_step: Callable[[int, Any], None]


def generate(
    pipelines: PipelineCache,
    job: GenerationJob,
    options: RunOptions,
    memory_plan: MemoryPlan,
    watch: StepCallback,
) -> Pixels:
    """The result at the size of the job; outside its mask every pixel is exactly the original's.

    watch: called after each step, with a preview now and then.
    """
    pipe = pipelines.pipe(job.required_parts, memory_plan)
    windows = job_windows(
        job, round(options.native * pipelines.family.enlarges * memory_plan.shrink)
    )
    words = _prompt_arguments(pipelines, pipe, job)
    pieces = []
    for i, window in enumerate(windows):
        frame = _frame(pipelines, options, memory_plan, job.pixels[window].shape[1::-1])
        on_step = _step_callback(
            pipe, job.pixels[window], (i, len(windows)), (options, frame, watch)
        )
        inputs = PipelineInputs(pipe, words, frame, on_step)
        pieces.append(_generate_window(pipelines, job, options, window, inputs))
    whole = join_windows(pieces, windows, job.pixels)
    return _composited(job, whole, windows)


def _frame(
    pipelines: PipelineCache, options: RunOptions, memory_plan: MemoryPlan, size: tuple[int, int]
) -> ModelFrame:
    family, native = pipelines.family, round(options.native * memory_plan.shrink)
    if family.sizes:
        return frame_for_picture(size, family.sizes, family.multiple, native / family.native)
    if family.enlarges > 1:
        small = model_frame(_divided(size, family.enlarges), family.multiple, native)
        return ModelFrame(size, small.scaled, small.padded)
    return model_frame(size, family.multiple, native)


def _divided(size: tuple[int, int], by: int) -> tuple[int, int]:
    return max(1, size[0] // by), max(1, size[1] // by)


def _prompt_arguments(pipelines: PipelineCache, pipe: Any, job: GenerationJob) -> dict[str, Any]:
    """The pipeline's arguments for the prompt and for the styles of other pictures."""
    if pipelines.family.uses_clip_chunks:
        embeddings = encode_prompt(pipe, job.text, job.negative)
        words = {
            "prompt_embeds": embeddings.words,
            "negative_prompt_embeds": embeddings.negative,
            "pooled_prompt_embeds": embeddings.pooled,
            "negative_pooled_prompt_embeds": embeddings.pooled_negative,
        }
    else:
        limit = {"max_sequence_length": pipelines.family.text}
        words = {"prompt": job.text, "negative_prompt": job.negative or None, **limit}
    if not job.styles:
        return words
    return {**words, **_style_arguments(pipelines, pipe, job)}


def _style_arguments(pipelines: PipelineCache, pipe: Any, job: GenerationJob) -> dict[str, Any]:
    pictures = [Image.fromarray(style.pixels) for style in job.styles]
    if pipelines.family.style["kind"] == "ip-adapter":
        pipe.set_ip_adapter_scale(float(np.mean([style.weight for style in job.styles])))
        return {"ip_adapter_image": [pictures]}
    import torch  # noqa: PLC0415

    prior, device = pipelines.prior(), pipe._execution_device
    max_tokens = int(pipelines.family.text)
    with torch.no_grad():
        words, pooled, _ = pipe.encode_prompt(
            job.text, None, device=device, max_sequence_length=max_tokens
        )
        for style, reference in zip(job.styles, pictures, strict=True):
            tokens = prior.image_embedder(prior.encode_image(reference, device, 1)).image_embeds
            words = torch.cat([words, tokens.to(words.dtype) * style.weight], dim=1)
    return {"prompt": None, "prompt_embeds": words, "pooled_prompt_embeds": pooled}


def _generate_window(
    pipelines: PipelineCache,
    job: GenerationJob,
    options: RunOptions,
    window: Window,
    inputs: PipelineInputs,
) -> Pixels:
    """Generate one window, at its own size."""
    arguments = {**_pipeline_arguments(job, options, window, inputs), **inputs.words}
    if job.controls:
        maps = [
            _image(pad_to_frame(control.pixels[window], inputs.frame)) for control in job.controls
        ]
        weights = [control.weight for control in job.controls]
        single = len(maps) == 1
        arguments["control_image"] = maps[0] if single else maps
        arguments["controlnet_conditioning_scale"] = weights[0] if single else weights
    accepted = signature(type(inputs.pipe).__call__).parameters
    output = inputs.pipe(**{name: value for name, value in arguments.items() if name in accepted})
    if any(getattr(output, "nsfw_content_detected", None) or ()):
        raise RefusedError("The safety checker of the model withheld the picture.")
    values = np.asarray(output.images[0])
    if not np.isfinite(values).all():
        raise RefusedError(
            f"'{pipelines.model}' returned NaN: its VAE overflows in 16 bits. "
            "Open the engine with dtype='float32'."
        )
    return crop_from_frame(np.asarray(np.rint(np.clip(values, 0, 1) * 255), np.uint8), inputs.frame)


def _pipeline_arguments(
    job: GenerationJob, options: RunOptions, window: Window, inputs: PipelineInputs
) -> dict[str, Any]:
    import torch  # noqa: PLC0415

    width, height = inputs.frame.padded
    mask = None
    if job.mask is not None:
        # Pipelines threshold masks at one half: pixels that may change in part are generated
        # whole, and blended afterwards.
        hard = (pad_to_frame(job.mask[window], inputs.frame) > 0.01).astype(np.uint8) * 255
        mask = Image.fromarray(hard)
    return {
        "image": _image(pad_to_frame(job.pixels[window], inputs.frame)),
        "mask_image": mask,
        "width": width,
        "height": height,
        "max_area": width * height,
        "_auto_resize": False,
        "strength": options.steps.strength,
        "num_inference_steps": options.steps.asked,
        "guidance_scale": options.guidance,
        # Noise from the CPU is the same on every device.
        "generator": torch.Generator("cpu").manual_seed(job.seed),
        "output_type": "np",
        "callback_on_step_end": lambda _, step, __, tensors: _report_step(inputs, step, tensors),
        "callback_on_step_end_tensor_inputs": ["latents"],
        "callback": lambda step, _, latents: inputs.on_step(step, latents),
    }


def _report_step(inputs: PipelineInputs, step: int, tensors: dict[str, Any]) -> dict[str, Any]:
    inputs.on_step(step, tensors["latents"])
    return tensors


def _image(pixels: NDArray[Any]) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(pixels))


def _step_callback(
    pipe: Any,
    pixels: Pixels,
    window_of: tuple[int, int],
    settings: tuple[RunOptions, ModelFrame, StepCallback],
) -> Callable[[int, Any], None]:
    """A function of the step just done (from 0) and its latents. window_of: (index, count)."""
    options, frame, watch = settings
    run, (index, count) = options.steps.run, window_of
    preview = (
        latent_preview(pipe, pad_to_frame(pixels, frame)) if options.preview_interval else None
    )

    def on_step(step: int, latents: Any) -> None:
        view = None
        if preview is not None and (step + 1) % options.preview_interval == 0 and step + 1 < run:
            view = preview.to_pixels(unpack_latents(pipe, latents, frame.padded))
        watch(index * run + step + 1, count * run, view)

    return on_step


def _composited(job: GenerationJob, whole: Pixels, windows: tuple[Window, ...]) -> Pixels:
    """The result with matched colors if the task keeps colors, blended over the original."""
    if job.mask is None:
        return match_colors(whole, job.pixels) if job.keep_colors else whole
    if job.keep_colors:
        window = windows[0]
        known = job.mask[window] == 0
        whole[window] = match_colors(whole[window], job.pixels[window], known)
    return composite(job.pixels, whole, job.mask)
