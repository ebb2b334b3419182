"""The diffusers engine: open models through the library diffusers, on CUDA, a Mac or a CPU.

Image-to-image, inpainting, outpainting and upscaling with Stable Diffusion 1 to 3, XL and FLUX.1,
from the Hub or from a folder, with control maps and the style of other pictures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TYPE_CHECKING, Any, Final, Self

from imagetoprompt.core.plan import TASKS as ALL_TASKS
from imagetoprompt.core.plan import Plan, Request, Task
from imagetoprompt.core.prompt import Parameter
from imagetoprompt.engines import Painting, Progress, Step
from imagetoprompt.engines.diffusers import (
    diffusers_options,
    loading,
    memory,
    model_families,
)
from imagetoprompt.engines.diffusers.worker_thread import ProgressReporter, run_in_thread
from imagetoprompt.engines.step_counts import StepPlan, step_plan
from imagetoprompt.errors import RefusedError, UnknownNameError

if TYPE_CHECKING:
    from imagetoprompt.engines.diffusers.generation_job import ControlDrawer, GenerationJob
    from imagetoprompt.engines.diffusers.memory import MemoryPlan
    from imagetoprompt.engines.diffusers.pipelines import PipelineCache
    from imagetoprompt.images.picture import Picture, Pixels

TITLE: Final = "Diffusers"
DESCRIPTION: Final = (
    "Paints with open models. It uses the prompt and control maps, and takes minutes without a "
    "graphics card."
)
TASKS: Final[tuple[Task, ...]] = ALL_TASKS
# A model's family has networks for some of these; the option `controlnets` adds one of any kind.
CONTROLS: Final = (
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
DTYPE_NAMES: Final = ("auto", "float32", "float16", "bfloat16")


@dataclass(eq=False)
class DiffusersEngine:
    """The engine. Loaded models stay in memory until it is closed.

    model: a name on the Hub, such as "stabilityai/stable-diffusion-xl-base-1.0", or a folder; by
    default the model for the target that the prompt was written for. device: "auto", "cuda", "mps"
    or "cpu". dtype: "auto", "float32", "float16" or "bfloat16". offload: which parts leave the
    graphics card while they are not needed: "auto", "none", "model" (whole networks), "group"
    (layers) or "sequential" (modules). steps: denoising steps that really run, at any strength;
    guidance: guidance scale; native: side in pixels of the square that the model was trained on;
    0 for each of these three means the default of the model's family. controlnets: kind of control
    to model, replacing the family's own. style_model: an IP-Adapter, or Redux for FLUX. draw:
    function that draws a control map of a kind from a picture. previews: one preview every so many
    steps, 0 for none. match: whether colors are matched to the original's; None: where the task
    keeps colors. cancel: set it to stop.
    """

    model: str = ""
    device: str = "auto"
    dtype: str = "auto"
    offload: str = "auto"
    steps: int = 0
    guidance: float = 0.0
    native: int = 0
    controlnets: Mapping[str, str] = field(default_factory=dict)
    style_model: str = ""
    draw: "ControlDrawer | None" = None
    previews: int = 4
    match: bool | None = None
    cancel: Event = field(default_factory=Event)
    _failed_memory_plans: int = field(default=0, init=False)
    _pipelines: "PipelineCache | None" = field(default=None, init=False)

    def __enter__(self) -> Self:
        """Check the options and the packages (MissingPartError); no model is loaded yet."""
        self._parse_options()
        loading.require()
        self.device = memory.device_for(self.device)
        if self.dtype not in DTYPE_NAMES:
            raise UnknownNameError("dtype", self.dtype, DTYPE_NAMES)
        if self.model:
            self._pipelines_for(self.model)
        return self

    def __exit__(self, *raised: object) -> None:
        if self._pipelines is not None:
            self._pipelines.close()
        self._pipelines = None

    def paint(self, request: Request, picture: "Picture", /) -> Iterator[Step]:
        """Yield Progress with previews, then the Painting; no Painting after a cancellation."""
        from imagetoprompt.engines.diffusers.generation_job import (  # noqa: PLC0415
            control_inputs,
            generation_job,
        )

        _check_request(request)
        pipelines = self._pipelines_for(self.model or model_families.model_for(request))
        inputs = control_inputs(request.plan, pipelines.family, pipelines.available())
        followed = replace(request, plan=replace(request.plan, controls=inputs.controls))
        job = generation_job(followed, picture, self.draw)
        if self.match is not None:
            job = replace(job, keep_colors=self.match)
        pipelines.check(job.required_parts)
        steps = step_plan(pipelines.family.rule, self.steps or pipelines.family.steps, job.strength)
        if steps is None:
            yield from self._unchanged(job)
            return
        yield Progress(0, steps.run, "loading the model")
        with loading.quiet_libraries():
            result = yield from run_in_thread(
                lambda report: self._generate_within_memory(pipelines, job, steps, report),
                self.cancel,
            )
        if result is not None:
            changed = {"controls_changed": ", ".join(inputs.changed)} if inputs.changed else {}
            yield replace(result, facts={**result.facts, **changed})

    def _parse_options(self) -> None:
        """Parse the options that a command line passes as text."""
        self.steps, self.native, self.previews = (
            diffusers_options.parse_integer(name, value)
            for name, value in (
                ("steps", self.steps),
                ("native", self.native),
                ("previews", self.previews),
            )
        )
        self.guidance = diffusers_options.parse_number("guidance", self.guidance)
        self.match = diffusers_options.parse_yes_no("match", self.match)
        self.controlnets = diffusers_options.parse_pairs("controlnets", self.controlnets)

    def _unchanged(self, job: "GenerationJob") -> Iterator[Step]:
        """The picture unchanged: at strength 0 no step runs."""
        if not self.cancel.is_set():
            yield Painting(_picture(job.pixels), job.seed, {"engine": "diffusers", "steps": 0})

    def _pipelines_for(self, model: str) -> "PipelineCache":
        """The pipelines of the model; those of another model are closed first."""
        from imagetoprompt.engines.diffusers.pipelines import PipelineCache  # noqa: PLC0415

        if self._pipelines is not None and self._pipelines.model != model:
            self._pipelines.close()
            self._pipelines = None
            self._failed_memory_plans = 0
        if self._pipelines is None:
            family = loading.family(model)
            dtype = self._number_type(family.name)
            nets, adapter = self.controlnets, self.style_model
            self._pipelines = PipelineCache(model, family, self.device, dtype, nets, adapter)
        return self._pipelines

    def _number_type(self, family: str) -> Any:
        import torch  # noqa: PLC0415

        if self.dtype == "auto":
            return memory.precision(self.device, family)
        return getattr(torch, self.dtype)

    def _generate_within_memory(
        self,
        pipelines: "PipelineCache",
        job: "GenerationJob",
        steps: StepPlan,
        report: ProgressReporter[Step],
    ) -> Painting:
        """Generate with the first memory plan that fits; each next plan needs less memory."""
        needed = pipelines.weight() if self.device == "cuda" and self.offload == "auto" else 0
        memory_plans = memory.memory_plans(self.device, self.offload, needed)
        for memory_plan in memory_plans[self._failed_memory_plans :]:
            try:
                pixels = self._generate(pipelines, job, steps, (memory_plan, report))
                return Painting(
                    _picture(pixels), job.seed, self._result_facts(pipelines, steps, memory_plan)
                )
            except (RuntimeError, ValueError, MemoryError) as error:
                if not memory.is_out_of_memory(error):
                    raise _refused(pipelines.model, error) from error
            finally:
                pipelines.free_hooks()
            self._failed_memory_plans += 1
            report(
                Progress(0, steps.run, f"out of memory with: {memory_plan.name}; trying with less")
            )
        self._failed_memory_plans = 0
        raise RefusedError(
            f"'{pipelines.model}' does not fit into the memory of this machine's {self.device}, "
            "not even at half size. Take a smaller model or a smaller picture."
        )

    def _generate(
        self,
        pipelines: "PipelineCache",
        job: "GenerationJob",
        steps: StepPlan,
        memory_and_report: "tuple[MemoryPlan, ProgressReporter[Step]]",
    ) -> "Pixels":
        from imagetoprompt.engines.diffusers.generate import RunOptions, generate  # noqa: PLC0415

        memory_plan, report = memory_and_report
        report.check()
        pipelines.pipe(job.required_parts, memory_plan)
        guidance = self.guidance or pipelines.family.guidance
        options = RunOptions(steps, guidance, self.native or pipelines.native, self.previews)

        def watch(step: int, total: int, view: "Pixels | None") -> None:
            report(Progress(step, total, "painting", None if view is None else _picture(view)))

        return generate(pipelines, job, options, memory_plan, watch)

    def _result_facts(
        self, pipelines: "PipelineCache", steps: StepPlan, memory_plan: "MemoryPlan"
    ) -> dict[str, Parameter]:
        strength = {"strength": steps.strength} if pipelines.family.rule else {}
        return {
            "engine": "diffusers",
            "model": pipelines.model,
            "pipeline": pipelines.family.name,
            "steps": steps.run,
            "guidance": self.guidance or pipelines.family.guidance,
            **strength,
            "device": self.device,
            "memory": memory_plan.name,
        }


def _check_request(request: Request) -> None:
    if request.form == "command":
        raise RefusedError(
            f"The prompt for {request.target} is a command to paste into its own page; the engine "
            "diffusers takes prompts written for stable_diffusion or flux."
        )


def _refused(model: str, error: Exception) -> RefusedError:
    first_line = str(error).strip().split("\n")[0]
    return RefusedError(f"diffusers could not paint with '{model}': {first_line}")


def _picture(pixels: "Pixels") -> "Picture":
    from imagetoprompt.images.picture import Picture  # noqa: PLC0415

    return Picture.from_pixels(pixels)


def refusal(plan: Plan, /) -> str:
    """Always "": refusals depend on the model, which is known only when it is loaded."""
    return ""


open_engine = DiffusersEngine
