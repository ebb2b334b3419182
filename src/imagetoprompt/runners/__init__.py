"""Runners: execute tasks in this process, in worker processes, or in a Ray cluster.

    with open_runner("processes:4") as runner:
        for value in runner.stream(task, argument, limits=Limits(seconds=10)):
            ...

A task is a module-level generator function; its arguments and values can be pickled.
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
    """Limits of one task; 0 is unlimited.

    seconds: wall-clock time from the start to the last value. cpu_seconds: CPU time of all threads
    together, rounded up to whole seconds. megabytes: address space (RLIMIT_AS) of the worker
    process, which is more than its resident memory. The serial and the Ray runner apply only
    `seconds`.
    """

    seconds: float = 60.0
    cpu_seconds: float = 0.0
    megabytes: int = 0


class Runner(Protocol):
    """A runner owns its workers from __enter__ to __exit__; `size` tasks run at once."""

    size: int

    def __enter__(self) -> Self:
        """Start the workers."""

    def __exit__(self, *raised: object) -> None:
        """Cancel all tasks and end every worker."""

    def stream(self, task: Task, /, *arguments: object, limits: Limits | None = None) -> Stream:
        """The values of the task as they arrive; the task starts with the first `next`.

        Waits for a free worker without a time limit. `limits` default to those of the runner.
        ImageToPromptError raised by the task is raised here; WorkError for any other exception,
        LateError at a time limit, HeavyError at the memory limit, LostError when the worker died.
        Thread-safe.
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
    "serial": f"{__name__}.serial_runner",
    "processes": f"{__name__}.process_runner",
    "ray": f"{__name__}.ray_runner",
}


def open_runner(
    address: str = "processes",
    *,
    size: int = 0,
    limits: Limits = Limits(),
    warm: Task | None = None,
) -> Runner:
    """The runner for an address such as "processes:4", to be used in a `with` statement.

    size: tasks at once, 0 for one per core; a number in the address takes precedence. limits:
    default limits of a task. warm: a task run once in each worker when it starts. UnknownNameError
    for an unknown address.
    """
    kind, _, suffix = address.partition(":")
    runner = None
    if kind in MODULES and not address.endswith(":"):
        runner = import_module(MODULES[kind]).create_runner(suffix, size, limits, warm)
    if runner is None:
        raise UnknownNameError("runner", address, ADDRESSES)
    return cast(Runner, runner)
