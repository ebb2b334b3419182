"""The parent's handle of one worker process."""

import contextlib
import signal
import threading
import time
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from typing import Final

from imagetoprompt.errors import LateError, LostError, WorkError
from imagetoprompt.runners.processes.worker_main import (
    EXIT_MESSAGE,
    STOP,
    TaskConnection,
    TaskTerms,
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


def start_worker(terms: TaskTerms, /) -> Worker:
    """Start a worker; it sends "ready" or "error" over its connection."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=worker_loop, args=(theirs, terms), name="worker", daemon=True)
    try:
        process.start()
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    return Worker(process, ours)
