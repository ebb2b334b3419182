"""Paints with open models through the library diffusers: on CUDA, on a Mac, or on the processor.

Image-to-image, inpainting, outpainting and upscaling with Stable Diffusion 1 to 3, XL and FLUX.1,
from the Hub or from a folder, with controls and the style of other pictures. It writes no prompts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TYPE_CHECKING, Final, Self

from imagetoprompt.core import plan
from imagetoprompt.core.plan import Plan, Request, Task
from imagetoprompt.core.prompt import Parameter
from imagetoprompt.engines import Painting, Progress, Step
from imagetoprompt.engines.diffusers import (
    diffusers_options,
    loading,
    memory,
    model_families,
)
from imagetoprompt.engines.diffusers.generate import control_inputs
from imagetoprompt.engines.diffusers.generation_job import ProgressReporter, run_in_thread
from imagetoprompt.engines.diffusers.types import Numbers
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
TASKS: Final[tuple[Task, ...]] = plan.TASKS
# The model's family has networks for some of these; the option `controlnets` adds one of any kind.
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
DTYPES: Final = ("auto", "float32", "float16", "bfloat16")


@dataclass(eq=False)
class DiffusersEngine:
    """The engine; what it loads it keeps until it is left.

    model: a name on the Hub, such as "stabilityai/stable-diffusion-xl-base-1.0", or a folder; by
    default one that fits what the prompt was written for. device: "auto", "cuda", "mps" or "cpu".
    dtype: "auto", "float32", "float16" or "bfloat16". offload: what leaves a graphics card while it
    is not needed: "auto", "none", "model" (parts), "group" (layers) or "sequential" (modules).
    steps: how many are really run, whatever the strength; guidance: how closely the prompt is
    followed; native: the side in pixels of the square that the model paints best. 0 for each means
    as the model's makers have it. controlnets: a model for a kind of control, instead of the usual
    one. style_model: IP-Adapter, or Redux for FLUX. draw: draws a control map of a kind from a
    picture. previews: one every so many steps, 0 for none. match: whether colors are brought back
    to the original's; None where the task keeps colors. cancel: set it to stop.
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
    _given_up: int = field(default=0, init=False)
    _studio: "PipelineCache | None" = field(default=None, init=False)

    def __enter__(self) -> Self:
        """MissingPartError without the extra [diffusers]; nothing is loaded yet."""
        self._read()
        loading.require()
        self.device = memory.device_for(self.device)
        if self.dtype not in DTYPES:
            raise UnknownNameError("dtype", self.dtype, DTYPES)
        if self.model:
            self._open(self.model)
        return self

    def __exit__(self, *raised: object) -> None:
        if self._studio is not None:
            self._studio.close()
        self._studio = None

    def paint(self, request: Request, picture: "Picture", /) -> Iterator[Step]:
        """Progress with previews, then the Painting, or nothing when it was cancelled."""
        from imagetoprompt.engines.diffusers.generation_job import generation_job  # noqa: PLC0415

        _check(request)
        studio = self._open(self.model or model_families.model_for(request))
        keep = control_inputs(request.plan, studio.family, studio.here())
        followed = replace(request, plan=replace(request.plan, controls=keep.controls))
        task = generation_job(followed, picture, self.draw)
        if self.match is not None:
            task = replace(task, matched=self.match)
        studio.check(task.fittings)
        way = step_plan(studio.family.rule, self.steps or studio.family.steps, task.strength)
        if way is None:
            yield from self._kept(task)
            return
        yield Progress(0, way.run, "loading the model")
        with loading.hushed():
            made = yield from run_in_thread(
                lambda tell: self._made(studio, task, way, tell), self.cancel
            )
        if made is not None:
            changed = {"controls_changed": ", ".join(keep.changed)} if keep.changed else {}
            yield replace(made, facts={**made.facts, **changed})

    def _read(self) -> None:
        """The options as values, also where they came from a command line as words."""
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

    def _kept(self, task: "GenerationJob") -> Iterator[Step]:
        """The picture as it is: a strength of 0 runs no step."""
        if not self.cancel.is_set():
            yield Painting(_picture(task.pixels), task.seed, {"engine": "diffusers", "steps": 0})

    def _open(self, model: str) -> "PipelineCache":
        """The studio of the model; another model's is closed."""
        from imagetoprompt.engines.diffusers.pipelines import PipelineCache  # noqa: PLC0415

        if self._studio is not None and self._studio.model != model:
            self._studio.close()
            self._studio = None
            self._given_up = 0
        if self._studio is None:
            family = loading.family(model)
            dtype = self._precision(family.name)
            nets, adapter = self.controlnets, self.style_model
            self._studio = PipelineCache(model, family, self.device, dtype, nets, adapter)
        return self._studio

    def _precision(self, family: str) -> Numbers:
        import torch  # noqa: PLC0415

        if self.dtype == "auto":
            return memory.precision(self.device, family)
        return getattr(torch, self.dtype)

    def _made(
        self,
        studio: "PipelineCache",
        task: "GenerationJob",
        way: StepPlan,
        tell: ProgressReporter[Step],
    ) -> Painting:
        """The painting, on the first rung of the ladder on which memory suffices."""
        needed = studio.weight() if self.device == "cuda" and self.offload == "auto" else 0
        ladder = memory.memory_plans(self.device, self.offload, needed)
        for rung in ladder[self._given_up :]:
            try:
                pixels = self._painted(studio, task, way, (rung, tell))
                return Painting(_picture(pixels), task.seed, self._facts(studio, way, rung))
            except (RuntimeError, ValueError, MemoryError) as error:
                if not memory.is_exhausted(error):
                    raise _refusal(studio.model, error) from error
            finally:
                studio.rest()
            self._given_up += 1
            tell(Progress(0, way.run, f"out of memory with: {rung.name}; trying with less"))
        self._given_up = 0
        raise RefusedError(
            f"'{studio.model}' does not fit into the memory of this machine's {self.device}, not "
            "even at half size. Take a smaller model or a smaller picture."
        )

    def _painted(
        self,
        studio: "PipelineCache",
        task: "GenerationJob",
        way: StepPlan,
        how: "tuple[MemoryPlan, ProgressReporter[Step]]",
    ) -> "Pixels":
        from imagetoprompt.engines.diffusers.generate import RunOptions, generate  # noqa: PLC0415

        rung, tell = how
        tell.check()
        studio.pipe(task.fittings, rung)
        guidance = self.guidance or studio.family.guidance
        manner = RunOptions(way, guidance, self.native or studio.native, self.previews)

        def watch(step: int, total: int, view: "Pixels | None") -> None:
            tell(Progress(step, total, "painting", None if view is None else _picture(view)))

        return generate(studio, task, manner, rung, watch)

    def _facts(
        self, studio: "PipelineCache", way: StepPlan, rung: "MemoryPlan"
    ) -> dict[str, Parameter]:
        strength = {"strength": way.strength} if studio.family.rule else {}
        return {
            "engine": "diffusers",
            "model": studio.model,
            "pipeline": studio.family.name,
            "steps": way.run,
            "guidance": self.guidance or studio.family.guidance,
            **strength,
            "device": self.device,
            "memory": rung.name,
        }


def _check(request: Request) -> None:
    if request.form == "command":
        raise RefusedError(
            f"The prompt for {request.target} is a command to paste; the engine diffusers paints "
            "prompts that were written for stable_diffusion or flux."
        )


def _refusal(model: str, error: Exception) -> RefusedError:
    said = str(error).strip().split("\n")[0]
    return RefusedError(f"diffusers could not paint with '{model}': {said}")


def _picture(pixels: "Pixels") -> "Picture":
    from imagetoprompt.images.picture import Picture  # noqa: PLC0415

    return Picture.from_pixels(pixels)


def refusal(plan: Plan, /) -> str:
    """Refusals depend on the model, which is only known when it is loaded."""
    return ""


open_engine = DiffusersEngine
