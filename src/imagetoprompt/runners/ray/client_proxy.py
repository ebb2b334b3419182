"""A desk in the cluster, for callers outside of it.

Ray's client, which calls from outside, takes no streams of values. So an actor inside takes them,
and hands on one at a time.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Generator
from itertools import count
from typing import Any, Final

from imagetoprompt.errors import ImageToPromptError, LostError, WorkError
from imagetoprompt.runners.ray.ray_task import ClusterTask, SlotPool, TaskCall, TaskMessage
from imagetoprompt.runners.stream import TaskWork

# Each stream that is waited for takes one thread of the desk, and each cancel another.
_CALLS: Final = 1000


class ClientProxy:
    """The tasks of one caller, by number; it lives inside the cluster."""

    def __init__(self, bell: Any) -> None:  # noqa: ANN401  (an actor's handle)
        self._bell = bell
        self._open: dict[int, tuple[ClusterTask, Generator[Any, None, None]]] = {}

    def begin(self, number: int, order: TaskCall) -> None:
        """Take an order."""
        labour = ClusterTask(self._bell, order)
        self._open[number] = labour, labour.values()

    def next(self, number: int) -> TaskMessage:
        """The next value of the task, its error, or its end."""
        try:
            for value in self._open[number][1]:
                return "value", value
        except ImageToPromptError as error:
            return "error", error
        return "end", None

    def stop(self, number: int) -> None:
        """Ask that the task ends."""
        if number in self._open:
            self._open[number][0].stop()

    def kill(self, number: int) -> None:
        """End the worker of the task."""
        if number in self._open:
            self._open[number][0].kill()

    def end(self, number: int) -> None:
        """Close the task, in good order, and forget it."""
        self._open.pop(number)[1].close()


class _Asked:
    """One task, asked for at the desk."""

    def __init__(self, ray: Any, desk: Any, number: int, order: TaskCall) -> None:  # noqa: ANN401
        self._ray = ray
        self._desk = desk
        self._number = number
        self._order = order

    def values(self) -> Generator[Any, None, None]:
        self._get(self._desk.begin, self._order)
        try:
            while (message := self._get(self._desk.next))[0] == "value":
                yield message[1]
        finally:
            self._tell(self._desk.end)
        if message[0] == "error":
            raise message[1]

    def _get(self, method: Any, *arguments: object) -> Any:  # noqa: ANN401
        if not self._ray.is_initialized():
            raise SlotPool.closed()
        try:
            return self._ray.get(method.remote(self._number, *arguments))
        except (self._ray.exceptions.RayError, ConnectionError) as error:
            raise LostError(
                f"The cluster cannot be reached ({type(error).__name__}); try again."
            ) from error

    def _tell(self, method: Any) -> None:  # noqa: ANN401
        with contextlib.suppress(WorkError):
            self._get(method)

    def stop(self) -> None:
        self._tell(self._desk.stop)

    def kill(self) -> None:
        self._tell(self._desk.kill)


def start_client_proxy(ray: Any, bell: Any, /) -> Callable[[TaskCall], TaskWork]:  # noqa: ANN401
    """Open a desk; what comes back takes an order to it."""
    desk = ray.remote(ClientProxy).options(num_cpus=0, max_concurrency=_CALLS).remote(bell)
    numbers = count()
    return lambda order: _Asked(ray, desk, next(numbers), order)


class CancelSignal:
    """One event for each task, by its name; it lives inside the cluster."""

    def __init__(self) -> None:
        self._rung: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def heard(self, name: str) -> None:
        """Return once it is rung for the task."""
        await self._rung[name].wait()
        del self._rung[name]

    async def ring(self, name: str) -> None:
        """Tell the task to stop, or that it has ended."""
        self._rung[name].set()


def start_cancel_signal(ray: Any, /) -> Any:  # noqa: ANN401  (an actor's handle)
    """A bell for all tasks of a runner."""
    again = {"max_restarts": -1, "max_task_retries": -1}
    return ray.remote(CancelSignal).options(num_cpus=0, **again).remote()
