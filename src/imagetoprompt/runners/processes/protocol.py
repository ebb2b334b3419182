"""What holds a worker process within bounds, as far as the system can."""

import contextlib
import time
from collections.abc import Generator
from typing import Any

from imagetoprompt.errors import ImageToPromptError, LateError
from imagetoprompt.runners.processes.worker import Worker
from imagetoprompt.runners.stream import log_crash


class Channel:
    """What is said about one task."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._lost = False
        # Whether the worker stays for another task; None until it has said so.
        self._stays: bool | None = None
        self._error: ImageToPromptError | None = None

    def begin(self, given: bytes, /) -> None:
        """Send the order."""
        try:
            self._worker.send(given)
        except OSError:
            self._lost = True

    def values(self, seconds: float, /) -> Generator[Any, None, None]:
        """Each value of the task as it comes.

        What the worker says went wrong is raised; LateError when it takes longer than the seconds,
        EOFError when it dies.
        """
        end = time.monotonic() + (seconds or float("inf"))
        while self._stays is None:
            message = self._next(end)
            if message is None:
                self._lost = True
                raise LateError.after(seconds)
            yield from self._heard(*message)
        if self._error is not None:
            raise self._error

    def settle(self, patience: float, /) -> bool:
        """Stop the task if it has not ended; whether the worker may be lent again."""
        if self._stays is None and not self._lost:
            self._worker.stop()
            with contextlib.suppress(EOFError):
                self._drain(time.monotonic() + patience)
        return bool(self._stays)

    def _drain(self, end: float) -> None:
        while self._stays is None and (message := self._next(end)) is not None:
            for _ in self._heard(*message):
                pass

    def _next(self, end: float) -> tuple[str, Any] | None:
        if self._lost:
            raise EOFError
        left = None if end == float("inf") else max(0.0, end - time.monotonic())
        line = self._worker.line
        try:
            return line.recv() if line.poll(left) else None
        except (EOFError, OSError) as error:
            self._lost = True
            raise EOFError from error

    def _heard(self, kind: str, content: Any) -> Generator[Any, None, None]:  # noqa: ANN401
        if kind == "value":
            yield content
        elif kind == "error":
            self._error, trace = content
            log_crash(self._error, trace)
        else:
            self._stays = content
