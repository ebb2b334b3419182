"""One worker process as its parent sees it: its handle, and the protocol of one task."""

import contextlib
import signal
import threading
import time
from collections.abc import Generator
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from typing import Any, Final

from imagetoprompt.errors import ImageToPromptError, LateError, LostError, WorkError
from imagetoprompt.runners.stream import log_crash
from imagetoprompt.runners.worker_main import (
    EXIT_MESSAGE,
    STOP,
    TaskConnection,
    WorkerSettings,
    worker_loop,
)

# A fork would copy locks that other threads of the server hold at that moment.
_CONTEXT: Final = get_context("spawn")
# Seconds to wait for the exit code after a process has ended.
_EXIT_CODE_SECONDS: Final = 2.0


class Worker:
    """A worker process and its connection. Its exit code is known once it is reaped."""

    def __init__(self, process: SpawnProcess, connection: TaskConnection) -> None:
        self.connection = connection
        self.sentinel = process.sentinel
        self.started = time.monotonic()
        self._process = process
        self._code: int | None = None
        self._reaped = threading.Event()
        self._sending = threading.Lock()
        # The system may reuse the process id after reaping, so kill and reap exclude each other.
        self._ending = threading.Lock()

    def dead(self) -> bool:
        """Whether the process has ended, reaped or not."""
        return self._reaped.is_set() or self.connection.poll()

    def send(self, message: bytes, /) -> None:
        """Send a pickled task."""
        with self._sending:
            self.connection.send_bytes(message)

    def stop(self) -> None:
        """Ask it to close its task."""
        with contextlib.suppress(OSError):
            self.send(STOP)

    def ask_to_exit(self) -> None:
        """Ask it to close its task and to exit."""
        with contextlib.suppress(OSError):
            self.send(EXIT_MESSAGE)

    def kill(self) -> None:
        """End the process at once."""
        with self._ending:
            if not self._reaped.is_set():
                self._process.kill()

    def reap(self) -> None:
        """Join the ended process and store its exit code; called by the supervisor only."""
        with self._ending:
            self._process.join()
            self._code = self._exit_code()
            self._reaped.set()
            # Raises when the exit code is still unknown; the process is gone anyway.
            with contextlib.suppress(ValueError):
                self._process.close()

    def _exit_code(self) -> int | None:
        """The exit code of the ended process, waiting up to _EXIT_CODE_SECONDS seconds.

        multiprocessing polls all children whenever a thread starts one; that thread may have got
        the code from the system and not have stored it yet.
        """
        end = time.monotonic() + _EXIT_CODE_SECONDS
        while (code := self._process.exitcode) is None and time.monotonic() < end:
            time.sleep(0.001)
        return code

    def close_connection(self) -> None:
        """Close the connection."""
        self.connection.close()

    def exit_report(self) -> WorkError:
        """The error for the caller of a died worker: LateError if its CPU limit ended it."""
        self._reaped.wait(_EXIT_CODE_SECONDS)
        code = self._code
        if code is not None and -code == getattr(signal, "SIGXCPU", None):
            return LateError(
                "The task took more CPU time than its limit: give it less work, or raise the limit."
            )
        return LostError(f"The worker process died ({_cause(code)}): try again.")


def _cause(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    name = signal.Signals(-code).name
    return f"{name}, perhaps out of memory" if name == "SIGKILL" else name


def start_worker(settings: WorkerSettings, /) -> Worker:
    """Start a worker; it sends "ready" or "error" over its connection."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(
        target=worker_loop, args=(theirs, settings), name="worker", daemon=True
    )
    try:
        process.start()
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    return Worker(process, ours)


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
