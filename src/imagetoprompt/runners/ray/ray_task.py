"""One task in a cluster, seen from who asks for it, and on the worker that does it.

It does not know how many others there are. Ray is loaded by whoever calls.
"""

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
    """So many places, to be taken and given back by any thread."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: set[TaskWork] = set()
        self._open = True
        self._change = threading.Condition()

    def take(self, work: TaskWork, wanted: Callable[[], bool], /) -> bool:
        """Wait for a place; False once it is not wanted any more, WorkError when all is closed."""
        with self._change:
            self._change.wait_for(
                lambda: len(self._held) < self._size or not self._open or not wanted()
            )
            if not self._open:
                raise self.closed()
            if wanted():
                self._held.add(work)
            return work in self._held

    def give(self, work: TaskWork, /) -> None:
        """Give a place back."""
        with self._change:
            self._held.remove(work)
            self._change.notify()

    def nudge(self) -> None:
        """Let everyone who waits look whether it is still wanted."""
        with self._change:
            self._change.notify_all()

    def close(self) -> None:
        """Stop all work, and let nobody take a place any more."""
        with self._change:
            self._open = False
            self._change.notify_all()
            held = list(self._held)
        for work in held:
            work.stop()

    @staticmethod
    def closed() -> WorkError:
        """The error for work that comes after the end."""
        return WorkError("The runner was closed; open it again to do the work.")


class SlotLease:
    """Work that begins once it has a place."""

    def __init__(self, places: SlotPool, work: TaskWork) -> None:
        self._places = places
        self._work = work
        self._wanted = True

    def values(self) -> Generator[Any, None, None]:
        """Each value as it comes."""
        if not self._places.take(self._work, lambda: self._wanted):
            return
        try:
            yield from self._work.values()
        finally:
            self._places.give(self._work)

    def stop(self) -> None:
        """Ask that it ends, or never begins."""
        self._wanted = False
        self._places.nudge()
        self._work.stop()

    def kill(self) -> None:
        """End it at once."""
        self._work.kill()


# A task may be so many values ahead of whoever reads them.
_AHEAD: Final = 16

TaskMessage: TypeAlias = tuple[str, Any]


@dataclass(frozen=True)
class TaskCall:
    """What to do, in how many seconds, and how many it may take to close itself."""

    task: Task
    arguments: tuple[object, ...]
    warm: Task | None
    seconds: float
    patience: float


class ClusterTask:
    """A task that Ray gives to a worker; the bell stops it."""

    def __init__(self, bell: Any, order: TaskCall) -> None:  # noqa: ANN401  (an actor's handle)
        self._bell = bell
        self._order = order
        self._name = uuid4().hex
        self._refs: Any = None
        self._ended = False
        self._ray: Any = import_module("ray")

    def values(self) -> Generator[Any, None, None]:
        """Each value as it comes."""
        order = self._order
        self._refs = _remote().remote(
            order.task, order.arguments, order.warm, self._bell, self._name
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
                self._settle()

    def _values(self) -> Generator[Any, None, None]:
        # Ray may let it wait; its time begins when it does.
        message = self._next(float("inf"))
        end = time.monotonic() + (self._order.seconds or float("inf"))
        while message := self._next(end):
            kind, content = message
            if kind == "error":
                log_crash(*content)
                raise content[0]
            yield content

    def _next(self, end: float) -> TaskMessage | None:
        """What the worker says next; None when it has ended."""
        if self._closed():
            self._ended = True
            raise SlotPool.closed()
        try:
            if not self._ray.wait([self._refs], timeout=_left(end))[0]:
                raise LateError.after(self._order.seconds)
            message: TaskMessage = self._ray.get(next(self._refs))
        except StopIteration:
            self._ended = True
            return None
        except self._ray.exceptions.RayError as error:
            self._ended = True
            raise _lost(error) from error
        return message

    def _closed(self) -> bool:
        # Ray would start a cluster of its own to answer any other question.
        return not self._ray.is_initialized()

    def _settle(self) -> None:
        end = time.monotonic() + self._order.patience
        with contextlib.suppress(WorkError):
            while self._next(end):
                pass
        self.kill()

    def stop(self) -> None:
        """Ask that it ends at its next step."""
        if self._refs is not None and not self._closed():
            self._bell.ring.remote(self._name)

    def kill(self) -> None:
        """End its worker."""
        if not (self._refs is None or self._ended or self._closed()):
            self._ray.cancel(self._refs, force=True)


def _left(end: float) -> float | None:
    return None if end == float("inf") else max(0.0, end - time.monotonic())


def _lost(error: Exception) -> WorkError:
    # Its cause is what was raised on the way to the task, such as a module that is not there.
    cause = getattr(error, "cause", None)
    if isinstance(cause, ImportError):
        return WorkError(f"A node of the cluster lacks a module: {cause}; install it there.")
    return LostError(f"The cluster lost the work ({type(error).__name__}); try again.")


@cache
def _remote() -> Any:  # noqa: ANN401  (a function of Ray)
    return import_module("ray").remote(
        num_returns="streaming", max_retries=0, _generator_backpressure_num_objects=_AHEAD
    )(_labour)


def _labour(
    task: Task,
    arguments: tuple[object, ...],
    warm: Task | None,
    bell: Any,  # noqa: ANN401
    name: str,
) -> Generator[TaskMessage, None, None]:
    """What runs on the worker."""
    ray: Any = import_module("ray")
    heard = bell.heard.remote(name)
    yield "begun", None
    with CaughtError() as caught:
        _warmed(warm)
        with closing(started(task, arguments)) as steps:
            for value in steps:
                if ray.wait([heard], timeout=0)[0]:
                    return
                yield "value", value
    if caught.error:
        yield "error", safe_error(caught.error)


@cache
def _warmed(warm: Task | None) -> None:
    """Run it, the first time in this process."""
    for _ in warm() if warm else ():
        pass
