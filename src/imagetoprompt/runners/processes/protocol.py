"""The parent's side of the protocol with a worker, for one task."""

import contextlib
import time
from collections.abc import Generator
from typing import Any

from imagetoprompt.errors import ImageToPromptError, LateError
from imagetoprompt.runners.processes.worker import Worker
from imagetoprompt.runners.stream import log_crash


class Channel:
    """Sends one task to a worker and receives its values."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._lost = False
        # Whether the worker takes another task; None until it sent "end".
        self._reusable: bool | None = None
        self._error: ImageToPromptError | None = None

    def begin(self, message: bytes, /) -> None:
        """Send the pickled task."""
        try:
            self._worker.send(message)
        except OSError:
            self._lost = True

    def values(self, seconds: float, /) -> Generator[Any, None, None]:
        """The values of the task as they arrive.

        Raises the task's error, LateError after `seconds`, and EOFError when the worker dies.
        """
        end = time.monotonic() + (seconds or float("inf"))
        while self._reusable is None:
            message = self._next(end)
            if message is None:
                self._lost = True
                raise LateError.after(seconds)
            yield from self._handle(*message)
        if self._error is not None:
            raise self._error

    def settle(self, patience: float, /) -> bool:
        """Stop the task if it still runs; returns whether the worker is usable."""
        if self._reusable is None and not self._lost:
            self._worker.stop()
            with contextlib.suppress(EOFError):
                self._drain(time.monotonic() + patience)
        return bool(self._reusable)

    def _drain(self, end: float) -> None:
        while self._reusable is None and (message := self._next(end)) is not None:
            for _ in self._handle(*message):
                pass

    def _next(self, end: float) -> tuple[str, Any] | None:
        if self._lost:
            raise EOFError
        left = None if end == float("inf") else max(0.0, end - time.monotonic())
        connection = self._worker.connection
        try:
            return connection.recv() if connection.poll(left) else None
        except (EOFError, OSError) as error:
            self._lost = True
            raise EOFError from error

    def _handle(self, kind: str, content: Any) -> Generator[Any, None, None]:  # noqa: ANN401
        if kind == "value":
            yield content
        elif kind == "error":
            self._error, trace = content
            log_crash(self._error, trace)
        else:
            self._reusable = content
