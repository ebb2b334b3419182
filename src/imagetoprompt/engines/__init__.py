"""The engines: each carries out requests and returns a picture, on this machine or elsewhere.

    with ENGINES.open("draft") as engine:
        for step in engine.paint(request, picture):
            ...                     # Progress, Progress, …, and at last one Painting

Engines take finished prompts; targets write them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeAlias

from imagetoprompt.core.plan import Task
from imagetoprompt.core.prompt import Parameter
from imagetoprompt.errors import UnknownNameError
from imagetoprompt.registry import Registry

if TYPE_CHECKING:
    from imagetoprompt.core.plan import Plan, Request
    from imagetoprompt.core.scene import Scene
    from imagetoprompt.images.picture import Picture


@dataclass(frozen=True)
class Progress:
    """Progress of a run: `step` of `total` steps are done. phase: the next step in a word or two.

    preview: the unfinished picture, small or full size; None when there is none yet.
    """

    step: int
    total: int
    phase: str
    preview: "Picture | None" = None


@dataclass(frozen=True)
class Painting:
    """The finished picture, the seed that reproduces it, and how it was made.

    facts: provenance that a file may keep (engine, model, recipe), in plain values.
    """

    picture: "Picture"
    seed: int
    facts: Mapping[str, Parameter] = field(default_factory=dict, hash=False)


DEFAULT_ENGINE: Final = "draft"
"""The engine that paints when none is named: it needs no weights and no GPU."""

# Local engines run models of Stable Diffusion's kind, so they are asked in its prompt syntax.
ENGINE_TARGET: Final = "stable_diffusion"


@dataclass(frozen=True)
class EngineChoice:
    """The engine to use, and the options to open it with, such as model.

    target: the target in whose prompt syntax the engine is asked.
    """

    engine: str = DEFAULT_ENGINE
    target: str = ENGINE_TARGET
    options: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class TransformJob:
    """The input of an engine: the picture, its facts before and after the edits, and the request.

    conflicts: one sentence for each pair of new facts that contradict each other.
    """

    picture: "Picture"
    before: "Scene"
    after: "Scene"
    request: "Request"
    conflicts: tuple[str, ...] = ()

    @property
    def plan(self) -> "Plan":
        """The plan of the request, independent of any engine."""
        return self.request.plan


Step: TypeAlias = Progress | Painting


class Engine(Protocol):
    """An engine holds its resources from __enter__ to __exit__, and may paint repeatedly between.

    Closing the iterator of `paint`, or setting the Event of the option `cancel`, stops the run at
    the next step and drops its result.
    """

    def __enter__(self) -> Self:
        """Load or connect; UnreachableError when a model or service cannot be reached."""

    def __exit__(self, *raised: object) -> None:
        """Release all resources."""

    def paint(self, request: "Request", picture: "Picture", /) -> Iterator[Step]:
        """Yield Progress, then one Painting, or none after a cancellation.

        RefusedError: the engine cannot or will not do it; trying again does not help.
        UnreachableError: it did not answer; it may later.
        """


class EngineModule(Protocol):
    """An engine's module: `open_engine` takes the engine's own options, all by name."""

    @property
    def TITLE(self) -> str:  # noqa: N802
        """Its display name, such as "Draft"."""

    @property
    def DESCRIPTION(self) -> str:  # noqa: N802
        """What it does, for people who choose an engine: one to three sentences."""

    @property
    def TASKS(self) -> tuple[Task, ...]:  # noqa: N802
        """The tasks that it can do and is suggested for."""

    @property
    def CONTROLS(self) -> tuple[str, ...]:  # noqa: N802
        """The kinds of control map that it can follow."""

    def refusal(self, plan: "Plan", /) -> str:
        """Why it would refuse the plan, in one sentence; "" if it accepts it or cannot tell yet."""

    @property
    def open_engine(self) -> Callable[..., Engine]:
        """Make the engine; it loads and connects when it is entered."""


class Engines(Registry[EngineModule]):
    """The engines by name."""

    def takes(self, name: str, option: str, /) -> bool:
        """Whether the engine of that name has the option."""
        return option in signature(self[name].open_engine).parameters

    def open(self, name: str, /, **options: object) -> Engine:
        """The engine of that name, for use in a `with` statement.

        UnknownNameError for an unknown engine, or an option that it does not have.
        """
        opener = self[name].open_engine
        known = tuple(signature(opener).parameters)
        for option in options:
            if option not in known:
                raise UnknownNameError(f"option of the engine {name}", option, known)
        return opener(**options)


ENGINES: Final = Engines(
    "engine",
    "imagetoprompt.engines",
    {
        "echo": f"{__name__}.echo",
        "draft": f"{__name__}.draft.draft_engine",
        "diffusers": f"{__name__}.diffusers.diffusers_engine",
    },
)
