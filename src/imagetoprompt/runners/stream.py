"""Streams: the values of a running task, which any thread may cancel."""

import logging
import threading
import traceback
from collections.abc import Callable, Generator, Iterator
from typing import Any, Final, Protocol, Self

from imagetoprompt.errors import HeavyError, ImageToPromptError, WorkError


def started(
    task: Callable[..., Iterator[Any]], arguments: tuple[object, ...], /
) -> Generator[Any, None, None]:
    """The task's values in a generator, so that they can be closed whatever iterator it returns."""
    yield from task(*arguments)


class CaughtError:
    """Suppresses and keeps an exception of its block, but not SystemExit or KeyboardInterrupt."""

    error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Exception):
            self.error = error
        return self.error is not None


class TaskWork(Protocol):
    """One task at a runner. Closing the generator of `values` lets the task clean up."""

    def values(self) -> Generator[Any, None, None]:
        """The values as they arrive."""

    def stop(self) -> None:
        """Ask the task to end at its next value. Thread-safe."""

    def kill(self) -> None:
        """End the task at once, where possible. Thread-safe."""


class Stream(Iterator[Any]):
    """The values of one task; `close` cancels it and may be called from any thread."""

    def __init__(self, work: TaskWork, patience: float) -> None:
        self._work = work
        self._patience = patience
        self._values = work.values()
        self._lock = threading.Lock()
        self._closed = False

    def __next__(self) -> Any:  # noqa: ANN401  (a task may yield anything)
        with self._lock:
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

        Its generator is closed at its next value. If that takes longer than `patience` seconds, its
        worker is killed; the serial runner cannot do that and waits.
        """
        self._closed = True
        self._work.stop()
        if not self._lock.acquire(timeout=self._patience):
            self._work.kill()
            self._lock.acquire()
        try:
            self._values.close()
        finally:
            self._lock.release()


_log: Final = logging.getLogger(__name__)


# How onnxruntime, OpenCV, C++ and Python's threads word a failed allocation.
_OUT_OF_MEMORY: Final = (
    "Cannot allocate memory",
    "Failed to allocate memory",
    "Insufficient memory",
    "bad_alloc",
    "can't start new thread",
)


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether an allocation failed, in Python or inside a native library, or led to the error."""
    if error is None:
        return False
    if isinstance(error, MemoryError) or any(words in str(error) for words in _OUT_OF_MEMORY):
        return True
    return is_out_of_memory(error.__cause__ or error.__context__)


def safe_error(error: Exception) -> tuple[ImageToPromptError, str]:
    """The error for the caller, and the traceback for the log.

    ImageToPromptError is passed on without a traceback. Of any other exception only the type is
    named, since its message may contain private picture data.
    """
    if isinstance(error, ImageToPromptError):
        return error, ""
    # The frames may hold the data that filled the memory.
    traceback.clear_frames(error.__traceback__)
    trace = "".join(traceback.format_exception(error))
    if is_out_of_memory(error):
        return HeavyError(
            "The task needs more memory than its limit: give it less to do, or raise the limit."
        ), trace
    return WorkError(
        f"The task failed with {type(error).__name__}: please report it, with the log."
    ), trace


def closed_error() -> WorkError:
    """The error for a task given to a closed runner."""
    return WorkError("The runner is closed: open it again.")


def log_crash(error: ImageToPromptError, trace: str) -> None:
    """Log the traceback, if there is one."""
    if trace:
        _log.error("%s\n%s", error, trace)
