"""One task in a Ray cluster: the caller's side, the worker's side, and the actors between.

The actors are the cancel signal, and a proxy for ray:// clients: Ray's client does not support
streaming generators, so the proxy reads the stream and hands out one value per call.
"""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import count
from typing import Any, Final, TypeAlias
from uuid import uuid4

from imagetoprompt.errors import ImageToPromptError, LateError, LostError, WorkError
from imagetoprompt.runners import Task
from imagetoprompt.runners.stream import (
    CaughtError,
    TaskWork,
    closed_error,
    log_crash,
    safe_error,
    started,
)

# Back-pressure: values buffered ahead of the reader.
_MAX_BUFFERED_VALUES: Final = 16

TaskMessage: TypeAlias = tuple[str, Any]


@dataclass(frozen=True)
class TaskCall:
    """A task with its arguments, its time limit, and the seconds that it has to close."""

    task: Task
    arguments: tuple[object, ...]
    warm: Task | None
    seconds: float
    patience: float


class ClusterTask:
    """A task on a Ray worker, cancelled by the signal."""

    def __init__(self, cancel_signal: Any, call: TaskCall) -> None:  # noqa: ANN401  (an actor's handle)
        self._cancel_signal = cancel_signal
        self._call = call
        self._name = uuid4().hex
        self._refs: Any = None
        self._ended = False
        self._ray: Any = import_module("ray")

    def values(self) -> Generator[Any, None, None]:
        """The values as they arrive."""
        call = self._call
        self._refs = _remote().remote(
            call.task, call.arguments, call.warm, self._cancel_signal, self._name
        )
        try:
            yield from self._values()
        except LateError:
            self.kill()
            self._ended = True
            raise
        finally:
            self.stop()
            if not self._ended:
                self._drain()

    def _values(self) -> Generator[Any, None, None]:
        # Ray may queue the task; its time starts with the first message.
        message = self._next(float("inf"))
        end = time.monotonic() + (self._call.seconds or float("inf"))
        while message := self._next(end):
            kind, content = message
            if kind == "error":
                log_crash(*content)
                raise content[0]
            yield content

    def _next(self, end: float) -> TaskMessage | None:
        """The next message of the worker; None when it has ended."""
        if self._closed():
            self._ended = True
            raise closed_error()
        try:
            if not self._ray.wait([self._refs], timeout=_left(end))[0]:
                raise LateError.after(self._call.seconds)
            message: TaskMessage = self._ray.get(next(self._refs))
        except StopIteration:
            self._ended = True
            return None
        except self._ray.exceptions.RayError as error:
            self._ended = True
            raise _lost(error) from error
        return message

    def _closed(self) -> bool:
        # Any other call of Ray would start a new cluster.
        return not self._ray.is_initialized()

    def _drain(self) -> None:
        end = time.monotonic() + self._call.patience
        with contextlib.suppress(WorkError):
            while self._next(end):
                pass
        self.kill()

    def stop(self) -> None:
        """Ask it to end at its next value."""
        if self._refs is not None and not self._closed():
            self._cancel_signal.cancel.remote(self._name)

    def kill(self) -> None:
        """Kill its worker."""
        if not (self._refs is None or self._ended or self._closed()):
            self._ray.cancel(self._refs, force=True)


def _left(end: float) -> float | None:
    return None if end == float("inf") else max(0.0, end - time.monotonic())


def _lost(error: Exception) -> WorkError:
    # The cause is an error before the task ran, such as a missing module.
    cause = getattr(error, "cause", None)
    if isinstance(cause, ImportError):
        return WorkError(f"A node of the cluster lacks a module: {cause}; install it there.")
    return LostError(f"The cluster lost the work ({type(error).__name__}); try again.")


@cache
def _remote() -> Any:  # noqa: ANN401  (a function of Ray)
    return import_module("ray").remote(
        num_returns="streaming",
        max_retries=0,
        _generator_backpressure_num_objects=_MAX_BUFFERED_VALUES,
    )(_run_on_worker)


def _run_on_worker(
    task: Task,
    arguments: tuple[object, ...],
    warm: Task | None,
    cancel_signal: Any,  # noqa: ANN401
    name: str,
) -> Generator[TaskMessage, None, None]:
    """The function that runs on the worker."""
    ray: Any = import_module("ray")
    cancelled = cancel_signal.wait.remote(name)
    yield "begun", None
    with CaughtError() as caught:
        _warm_up(warm)
        with closing(started(task, arguments)) as steps:
            for value in steps:
                if ray.wait([cancelled], timeout=0)[0]:
                    return
                yield "value", value
    if caught.error:
        yield "error", safe_error(caught.error)


@cache
def _warm_up(warm: Task | None) -> None:
    """Run the warm-up task, once per process."""
    for _ in warm() if warm else ():
        pass


# Each stream being read occupies one thread of the actor, and each cancellation another.
_MAX_CONCURRENT_CALLS: Final = 1000


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
            raise closed_error()
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
        ray.remote(ClientProxy)
        .options(num_cpus=0, max_concurrency=_MAX_CONCURRENT_CALLS)
        .remote(cancel_signal)
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
