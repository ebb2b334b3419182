"""The runner that executes tasks in the calling thread.

The time limit is checked only between two values.
"""

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any, Self

from imagetoprompt.errors import LateError
from imagetoprompt.runners import Limits, Task
from imagetoprompt.runners.stream import CaughtError, Stream, log_crash, safe_error, started


class SerialRunner:
    """Runs each task in the thread that reads its values."""

    def __init__(self, size: int, limits: Limits, warm: Task | None) -> None:
        self.size = size
        self._limits = limits
        self._warm = warm

    def __enter__(self) -> Self:
        if self._warm is not None:
            for _ in self.stream(self._warm, limits=Limits(seconds=0)):
                pass
        return self

    def __exit__(self, *raised: object) -> None:
        """Nothing to close."""

    def stream(self, task: Task, /, *arguments: object, limits: Limits | None = None) -> Stream:
        """The values of the task, computed as they are read."""
        return Stream(_SerialWork(task, arguments, (limits or self._limits).seconds), patience=0)


class _SerialWork:
    def __init__(self, task: Task, arguments: tuple[object, ...], seconds: float) -> None:
        self._task = task
        self._arguments = arguments
        self._seconds = seconds

    def values(self) -> Generator[Any, None, None]:
        with CaughtError() as caught, closing(started(self._task, self._arguments)) as steps:
            yield from self._in_time(steps)
        if caught.error is not None:
            error, trace = safe_error(caught.error)
            log_crash(error, trace)
            raise error from (caught.error if trace else None)

    def _in_time(self, steps: Iterator[Any]) -> Generator[Any, None, None]:
        end = time.monotonic() + (self._seconds or float("inf"))
        for value in steps:
            if time.monotonic() > end:
                raise LateError.after(self._seconds)
            yield value

    def stop(self) -> None:
        """Nothing to do: the stream stops between two values by itself."""

    def kill(self) -> None:
        """A thread cannot be killed."""


def create_runner(
    suffix: str, size: int, limits: Limits, warm: Task | None, /
) -> SerialRunner | None:
    """The runner; None for an address with a suffix, which means nothing here."""
    return None if suffix else SerialRunner(size or 1, limits, warm)
