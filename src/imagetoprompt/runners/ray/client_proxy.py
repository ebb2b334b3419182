"""Actors in the cluster: the proxy for ray:// clients, and the cancel signal.

Ray's client does not support streaming generators, so an actor inside the cluster reads the stream
and hands out one value per call.
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

# Each stream being read occupies one thread of the actor, and each cancellation another.
_CALLS: Final = 1000


class ClientProxy:
    """An actor that runs the tasks of one client, by number."""

    def __init__(self, cancel_signal: Any) -> None:  # noqa: ANN401  (an actor's handle)
        self._cancel_signal = cancel_signal
        self._open: dict[int, tuple[ClusterTask, Generator[Any, None, None]]] = {}

    def begin(self, number: int, call: TaskCall) -> None:
        """Start a task."""
        task = ClusterTask(self._cancel_signal, call)
        self._open[number] = task, task.values()

    def next(self, number: int) -> TaskMessage:
        """The next value of the task, its error, or its end."""
        try:
            for value in self._open[number][1]:
                return "value", value
        except ImageToPromptError as error:
            return "error", error
        return "end", None

    def stop(self, number: int) -> None:
        """Ask the task to end."""
        if number in self._open:
            self._open[number][0].stop()

    def kill(self, number: int) -> None:
        """Kill the worker of the task."""
        if number in self._open:
            self._open[number][0].kill()

    def end(self, number: int) -> None:
        """Let the task clean up, and forget it."""
        self._open.pop(number)[1].close()


class _ProxiedWork:
    """The client's side of one task at the proxy."""

    def __init__(self, ray: Any, proxy: Any, number: int, call: TaskCall) -> None:  # noqa: ANN401
        self._ray = ray
        self._proxy = proxy
        self._number = number
        self._call = call

    def values(self) -> Generator[Any, None, None]:
        self._call_proxy(self._proxy.begin, self._call)
        try:
            while (message := self._call_proxy(self._proxy.next))[0] == "value":
                yield message[1]
        finally:
            self._call_quietly(self._proxy.end)
        if message[0] == "error":
            raise message[1]

    def _call_proxy(self, method: Any, *arguments: object) -> Any:  # noqa: ANN401
        if not self._ray.is_initialized():
            raise SlotPool.closed()
        try:
            return self._ray.get(method.remote(self._number, *arguments))
        except (self._ray.exceptions.RayError, ConnectionError) as error:
            raise LostError(
                f"The cluster cannot be reached ({type(error).__name__}); try again."
            ) from error

    def _call_quietly(self, method: Any) -> None:  # noqa: ANN401
        with contextlib.suppress(WorkError):
            self._call_proxy(method)

    def stop(self) -> None:
        self._call_quietly(self._proxy.stop)

    def kill(self) -> None:
        self._call_quietly(self._proxy.kill)


def start_client_proxy(ray: Any, cancel_signal: Any, /) -> Callable[[TaskCall], TaskWork]:  # noqa: ANN401
    """Start the actor; returns a function that starts a task on it."""
    proxy = (
        ray.remote(ClientProxy).options(num_cpus=0, max_concurrency=_CALLS).remote(cancel_signal)
    )
    numbers = count()
    return lambda call: _ProxiedWork(ray, proxy, next(numbers), call)


class CancelSignal:
    """An actor with one cancellation event per task name."""

    def __init__(self) -> None:
        self._events: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def wait(self, name: str) -> None:
        """Return once the task is cancelled."""
        await self._events[name].wait()
        del self._events[name]

    async def cancel(self, name: str) -> None:
        """Cancel the task; also called when it has ended, to end `wait`."""
        self._events[name].set()


def start_cancel_signal(ray: Any, /) -> Any:  # noqa: ANN401  (an actor's handle)
    """Start the actor that cancels the tasks of a runner."""
    again = {"max_restarts": -1, "max_task_retries": -1}
    return ray.remote(CancelSignal).options(num_cpus=0, **again).remote()
