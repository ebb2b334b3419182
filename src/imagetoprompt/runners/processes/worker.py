"""The parent's hold on one worker process."""

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
    TaskStream,
    TaskTerms,
    worker_loop,
)

# A new interpreter: a fork would copy the locks of a server's threads as they happen to be.
_CONTEXT: Final = get_context("spawn")
# From the end of a process until the keeper has read its exit code.
_NOTICE: Final = 2.0


class Worker:
    """A worker process, with the line to it. Its exit code is known once it is buried."""

    def __init__(self, process: SpawnProcess, line: TaskStream) -> None:
        self.line = line
        self.sentinel = process.sentinel
        self.born = time.monotonic()
        self._process = process
        self._code: int | None = None
        self._buried = threading.Event()
        self._sending = threading.Lock()
        # A process identifier is used anew after the burial, so nobody may kill during it.
        self._ending = threading.Lock()

    def dead(self) -> bool:
        """Whether the process has ended, noticed or not."""
        return self._buried.is_set() or self.line.poll()

    def send(self, order: bytes, /) -> None:
        """Send it the order."""
        with self._sending:
            self.line.send_bytes(order)

    def stop(self) -> None:
        """Ask it to close what it works on."""
        with contextlib.suppress(OSError):
            self.send(STOP)

    def leave(self) -> None:
        """Ask it to close what it works on, and to end."""
        with contextlib.suppress(OSError):
            self.send(EXIT_MESSAGE)

    def kill(self) -> None:
        """End the process at once."""
        with self._ending:
            if not self._buried.is_set():
                self._process.kill()

    def bury(self) -> None:
        """Take the exit code of the ended process; only the keeper may."""
        with self._ending:
            self._process.join()
            self._code = self._told()
            self._buried.set()
            # It raises when the code is not told even now; the system forgets the process anyway.
            with contextlib.suppress(ValueError):
                self._process.close()

    def _told(self) -> int | None:
        """The exit code of the ended process, within _NOTICE.

        multiprocessing asks after all children whenever any thread starts one: that thread may have
        been given the code, and not yet have noted it.
        """
        end = time.monotonic() + _NOTICE
        while (code := self._process.exitcode) is None and time.monotonic() < end:
            time.sleep(0.001)
        return code

    def hang_up(self) -> None:
        """Close the line; nobody may use it after."""
        self.line.close()

    def obituary(self) -> WorkError:
        """What its caller is told when it died: LateError when its limit of CPU time ended it."""
        self._buried.wait(_NOTICE)
        code = self._code
        if code is not None and -code == getattr(signal, "SIGXCPU", None):
            return LateError(
                "The work took more computing time than it may; give it less to do, or more time."
            )
        return LostError(f"The worker died of {_cause(code)}; try again.")


def _cause(code: int | None) -> str:
    if code is None or code >= 0:
        return f"an exit with code {code}"
    name = signal.Signals(-code).name
    return f"{name}, perhaps for want of memory" if name == "SIGKILL" else name


def start_worker(terms: TaskTerms, /) -> Worker:
    """Start a worker; "ready" comes over its line when it is, or "error"."""
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
