"""The values of one task under way, which any thread may cancel."""

import logging
import threading
import traceback
from collections.abc import Callable, Generator, Iterator
from typing import Any, Final, Protocol, Self

from imagetoprompt.errors import HeavyError, ImageToPromptError, WorkError


def started(
    task: Callable[..., Iterator[Any]], arguments: tuple[object, ...], /
) -> Generator[Any, None, None]:
    """The steps of the task, in a generator that can be closed even if it made another iterator."""
    yield from task(*arguments)


class CaughtError:
    """Keeps the error that is raised inside, of whatever type; not an order to exit."""

    error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Exception):
            self.error = error
        return self.error is not None


class TaskWork(Protocol):
    """One task at a runner. Closing the generator of `values` ends it in good order."""

    def values(self) -> Generator[Any, None, None]:
        """Each value as it comes."""

    def stop(self) -> None:
        """Ask that it ends at its next step; may be called from any thread, at any time."""

    def kill(self) -> None:
        """End it at once, if that can be done; may be called from any thread, at any time."""


class Stream(Iterator[Any]):
    """The values of one task; `close` cancels it, from whichever thread."""

    def __init__(self, work: TaskWork, patience: float) -> None:
        self._work = work
        self._patience = patience
        self._values = work.values()
        self._turn = threading.Lock()
        self._closed = False

    def __next__(self) -> Any:  # noqa: ANN401  (a task may yield anything)
        with self._turn:
            return self._next()

    def _next(self) -> object:
        try:
            value = next(self._values)
        except ImageToPromptError:
            if not self._closed:
                raise
        else:
            if not self._closed:
                return value
        self._values.close()
        raise StopIteration

    def close(self) -> None:
        """Cancel the task, and return when it has ended.

        Its generator is closed at the next step. If it does not get there soon, its worker is
        killed; in this very process nobody can be, and the step is waited for.
        """
        self._closed = True
        self._work.stop()
        if not self._turn.acquire(timeout=self._patience):
            self._work.kill()
            self._turn.acquire()
        try:
            self._values.close()
        finally:
            self._turn.release()


_log: Final = logging.getLogger(__name__)


def safe_error(error: Exception) -> tuple[ImageToPromptError, str]:
    """The error for the caller, and the traceback for the log.

    An error of ours stays what it is, without a traceback. Of any other only the type is named:
    its message may hold what the picture shows.
    """
    if isinstance(error, ImageToPromptError):
        return error, ""
    # Whatever the frames hold may be what filled the memory.
    traceback.clear_frames(error.__traceback__)
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError):
        return HeavyError(
            "The work needs more memory than it may take; give it less to do, or more megabytes."
        ), trace
    return WorkError(
        f"The work stopped on {type(error).__name__}; please report it, with the log."
    ), trace


def log_crash(error: ImageToPromptError, trace: str) -> None:
    """Write the traceback to the log, if there is one."""
    if trace:
        _log.error("%s\n%s", error, trace)
