"""What holds a worker process within bounds, as far as the system can.

It does not know when they are set.
"""

import contextlib
import ctypes
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

from imagetoprompt.errors import ImageToPromptError, LateError
from imagetoprompt.runners import Limits
from imagetoprompt.runners.processes.worker import Worker
from imagetoprompt.runners.stream import log_crash

_MEGABYTE: Final = 1 << 20
# From linux/prctl.h.
_PR_SET_PDEATHSIG: Final = 1


def apply_limits(limits: Limits, /) -> None:
    """Bound this process from now on; a system without such bounds has none."""
    try:
        import resource  # noqa: PLC0415  (absent from Windows)
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime + limits.cpu_seconds)
    # A core file would hold what the task was given.
    _soften(resource.RLIMIT_CORE, 0)
    _soften(resource.RLIMIT_CPU, seconds if limits.cpu_seconds else -1)
    _soften(resource.RLIMIT_AS, limits.megabytes * _MEGABYTE if limits.megabytes else -1)


def _soften(kind: int, amount: int) -> None:
    """Set the soft limit, which may be raised again; -1 is as far as the hard one goes."""
    import resource  # noqa: PLC0415

    hard = resource.getrlimit(kind)[1]
    within = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(kind, (hard if amount < 0 else within, hard))


def resident_megabytes() -> float:
    """The megabytes that this process has in memory; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE


def die_with_parent() -> None:
    """End this process when its parent ends, however that comes about.

    The thread does it on every system. Linux does it too when our code holds the interpreter for
    long; there it happens already when the thread ends that started this process.
    """
    threading.Thread(target=_follow, name="watch on the parent", daemon=True).start()
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    # It may have ended before the line above.
    if parent is not None and os.getppid() != parent.pid:
        os._exit(1)


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


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
