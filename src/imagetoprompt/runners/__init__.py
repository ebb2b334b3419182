"""The runners: each spreads work, from this very process to a cluster.

    with open_runner("processes:4") as runner:
        for value in runner.stream(task, argument, limits=Limits(seconds=10)):
            ...

A task is a function of a module that yields values. A runner does not know what they are about,
and none knows another.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Protocol, Self, TypeAlias, cast

from imagetoprompt.errors import UnknownNameError
from imagetoprompt.runners.stream import Stream

__all__ = ["Limits", "Runner", "Stream", "Task", "open_runner"]

Task: TypeAlias = Callable[..., Iterator[Any]]


@dataclass(frozen=True)
class Limits:
    """What one task may take; 0 is without limit.

    seconds: from its start to its last value. cpu_seconds: of all its threads together, rounded up
    to whole ones. megabytes: the address space of the process that it runs in, which is more than
    it fills. In this very process only `seconds` counts, and in a cluster too.
    """

    seconds: float = 60.0
    cpu_seconds: float = 0.0
    megabytes: int = 0


class Runner(Protocol):
    """A runner holds its workers from __enter__ to __exit__; `size` of them work at once."""

    size: int

    def __enter__(self) -> Self:
        """The runner, ready to work."""

    def __exit__(self, *raised: object) -> None:
        """End all work, finished or not, and every worker."""

    def stream(self, task: Task, /, *arguments: object, limits: Limits | None = None) -> Stream:
        """The values of the task, each as it comes; the work begins when the first is asked for.

        It waits for a free worker, for as long as that takes. Without `limits` those of the runner
        count. What the task raises on purpose is raised here. WorkError: it failed otherwise.
        LateError: it came to a limit of time. LostError: its worker died. Safe from many threads
        at once.
        """


ADDRESSES: Final = (
    "serial",
    "processes",
    "processes:4",
    "ray",
    "ray:auto",
    "ray:host:port",
    "ray://host:port",
)

MODULES: Final = {
    "serial": f"{__name__}.serial",
    "processes": f"{__name__}.processes.process_runner",
    "ray": f"{__name__}.ray.ray_runner",
}


def open_runner(
    address: str = "processes",
    *,
    size: int = 0,
    limits: Limits = Limits(),
    warm: Task | None = None,
) -> Runner:
    """The runner at the address, to be used in a `with`; UnknownNameError when there is none.

    size: tasks at once, 0 for as many as there are cores; a number in the address goes first.
    limits: of every task that brings none. warm: is run once in each worker when it starts.
    """
    kind, _, place = address.partition(":")
    runner = None
    if kind in MODULES and not address.endswith(":"):
        runner = import_module(MODULES[kind]).open_place(place, size, limits, warm)
    if runner is None:
        raise UnknownNameError("runner", address, ADDRESSES)
    return cast(Runner, runner)
