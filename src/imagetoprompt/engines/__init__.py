"""The engines: each is a place that carries out requests, from this machine to a vendor's.

    with ENGINES.open("draft") as engine:
        for step in engine.paint(request, picture):
            ...                     # Progress, Progress, …, and at last one Painting

None knows another, and none writes prompts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import TYPE_CHECKING, Final, Protocol, Self, TypeAlias

from imagetoprompt.core.plan import Task
from imagetoprompt.core.prompt import Parameter
from imagetoprompt.errors import UnknownNameError
from imagetoprompt.registry import Registry

if TYPE_CHECKING:
    from imagetoprompt.core.plan import Plan, Request
    from imagetoprompt.images.picture import Picture


@dataclass(frozen=True)
class Progress:
    """How far a painting is: `step` of `total` are done, and what comes next in one word or two.

    preview: what there is so far, small or full size; None when there is nothing to see.
    """

    step: int
    total: int
    phase: str
    preview: "Picture | None" = None


@dataclass(frozen=True)
class Painting:
    """What was painted, the seed that gives the same again, and how it was made.

    facts: what a file may keep of its making (engine, model, recipe), in plain values.
    """

    picture: "Picture"
    seed: int
    facts: Mapping[str, Parameter] = field(default_factory=dict, hash=False)


Step: TypeAlias = Progress | Painting


class Engine(Protocol):
    """An engine owns what it runs on from __enter__ to __exit__, and may paint many times between.

    Closing the iterator of `paint`, or setting the Event of the option `cancel`, stops it at the
    next step; what was begun is then dropped.
    """

    def __enter__(self) -> Self:
        """The engine, ready to paint; UnreachableError when what it needs does not answer."""

    def __exit__(self, *raised: object) -> None:
        """Let go of everything that it holds."""

    def paint(self, request: "Request", picture: "Picture", /) -> Iterator[Step]:
        """Progress, then one Painting, or none when it was cancelled.

        RefusedError: it will not, and the message says who can. UnreachableError: it did not
        answer.
        """


class EngineModule(Protocol):
    """An engine's module: `open_engine` takes the engine's own options, all by name."""

    @property
    def TITLE(self) -> str:  # noqa: N802
        """Its name as people know it, such as "Draft"."""

    @property
    def DESCRIPTION(self) -> str:  # noqa: N802
        """What it does, for people who choose an engine: one to three sentences."""

    @property
    def TASKS(self) -> tuple[Task, ...]:  # noqa: N802
        """The tasks that it can do, and may be suggested for."""

    @property
    def CONTROLS(self) -> tuple[str, ...]:  # noqa: N802
        """The kinds of control map that it can follow."""

    def refusal(self, plan: "Plan", /) -> str:
        """Why it would refuse the plan, in one sentence; "" if that only shows while it runs."""

    @property
    def open_engine(self) -> Callable[..., Engine]:
        """Make the engine; the work begins when it is entered."""


class Engines(Registry[EngineModule]):
    """The engines by name."""

    def takes(self, name: str, option: str, /) -> bool:
        """Whether the engine of that name has the option."""
        return option in signature(self[name].open_engine).parameters

    def open(self, name: str, /, **options: object) -> Engine:
        """The engine of that name, to be used in a `with`.

        UnknownNameError when there is no such engine, or when it has no option of that name.
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
