"""One task in a cluster: the caller's side, the worker's side, and the slots that limit tasks."""

import contextlib
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final, TypeAlias
from uuid import uuid4

from imagetoprompt.errors import LateError, LostError, WorkError
from imagetoprompt.runners import Task
from imagetoprompt.runners.stream import (
    CaughtError,
    TaskWork,
    log_crash,
    safe_error,
    started,
)


class SlotPool:
    """Limits how many tasks of this runner run in the cluster at once. Thread-safe."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: set[TaskWork] = set()
        self._open = True
        self._changed = threading.Condition()

    def take(self, work: TaskWork, wanted: Callable[[], bool], /) -> bool:
        """Wait for a slot; False once `wanted()` is false, WorkError when the pool is closed."""
        with self._changed:
            self._changed.wait_for(
                lambda: len(self._held) < self._size or not self._open or not wanted()
            )
            if not self._open:
                raise self.closed()
            if wanted():
                self._held.add(work)
            return work in self._held

    def give(self, work: TaskWork, /) -> None:
        """Release a slot."""
        with self._changed:
            self._held.remove(work)
            self._changed.notify()

    def nudge(self) -> None:
        """Make waiting threads evaluate `wanted()` again."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Stop all tasks; no slot can be taken afterwards."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
            held = list(self._held)
        for work in held:
            work.stop()

    @staticmethod
    def closed() -> WorkError:
        """The error for a task given to a closed runner."""
        return WorkError("The runner is closed: open it again.")


class SlotLease:
    """Work that starts once it holds a slot."""

    def __init__(self, slots: SlotPool, work: TaskWork) -> None:
        self._slots = slots
        self._work = work
        self._wanted = True

    def values(self) -> Generator[Any, None, None]:
        """The values as they arrive."""
        if not self._slots.take(self._work, lambda: self._wanted):
            return
        try:
            yield from self._work.values()
        finally:
            self._slots.give(self._work)

    def stop(self) -> None:
        """Ask it to end, or not to start."""
        self._wanted = False
        self._slots.nudge()
        self._work.stop()

    def kill(self) -> None:
        """Kill its worker."""
        self._work.kill()


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
            raise SlotPool.closed()
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
