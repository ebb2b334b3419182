"""The main loop of a worker process.

    parent   task ──────────────▶ (STOP) ──────────▶ EXIT_MESSAGE
    worker   "ready" ▶ "value"* ▶ ("error") ▶ "end" ▶ exit

Messages come from the parent process and are trusted (they are unpickled).
"""

import ctypes
import math
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, TypeAlias

from imagetoprompt.runners import Limits, Task
from imagetoprompt.runners.stream import CaughtError, is_out_of_memory, safe_error, started

_MEGABYTE: Final = 1 << 20


# From linux/prctl.h.
_PR_SET_PDEATHSIG: Final = 1
# From malloc.h of glibc.
_M_ARENA_MAX: Final = -8


def apply_limits(limits: Limits, /) -> None:
    """Apply the CPU, memory and core-file limits to this process, where the system has them."""
    try:
        import resource  # noqa: PLC0415  (absent from Windows)
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime + limits.cpu_seconds)
    # A core file would contain the picture.
    _soften(resource.RLIMIT_CORE, 0)
    _soften(resource.RLIMIT_CPU, seconds if limits.cpu_seconds else -1)
    _soften(resource.RLIMIT_AS, limits.megabytes * _MEGABYTE if limits.megabytes else -1)


def _soften(kind: int, amount: int) -> None:
    """Set the soft limit, which can be raised again; -1 raises it to the hard limit."""
    import resource  # noqa: PLC0415

    hard = resource.getrlimit(kind)[1]
    within = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(kind, (hard if amount < 0 else within, hard))


def share_malloc_arenas() -> None:
    """Keep glibc from reserving 64 MB of address space for nearly every thread.

    Those unused reservations would count against RLIMIT_AS, more of them on a machine with more
    cores. Describing a picture takes as long with 2 arenas as with the default of 8 a core.
    """
    if sys.platform == "linux":
        # musl has no mallopt, and no arenas.
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, 2)


def resident_megabytes() -> float:
    """Resident memory of this process in megabytes; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE


def die_with_parent() -> None:
    """End this process when its parent ends, even when the parent is killed.

    A thread does it on every system. On Linux prctl(PR_SET_PDEATHSIG) does it too, while C code
    holds the GIL; there it already applies when the *thread* that started this process ends.
    """
    threading.Thread(target=_exit_with_parent, name="parent watcher", daemon=True).start()
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    # The parent may have ended before prctl was called.
    if parent is not None and os.getppid() != parent.pid:
        os._exit(1)


def _exit_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


STOP: Final = b"stop"
EXIT_MESSAGE: Final = b"leave"

TaskConnection: TypeAlias = "Connection[Any, Any]"


@dataclass(frozen=True)
class WorkerSettings:
    """How one worker process works.

    limits, warm: those of the runner. The worker is replaced after `max_tasks` tasks, or once it
    holds `max_growth` megabytes more than after its first task, which bounds memory leaks of
    libraries; the growth leaves room for models that a later task loads. patience: seconds to
    close a cancelled task, longer than one step of most engines.
    """

    limits: Limits
    warm: Task | None = None
    max_tasks: int = 500
    max_growth: int = 1024
    patience: float = 2.0


def pickle_task(task: Task, arguments: tuple[object, ...], limits: Limits, /) -> bytes:
    """The pickled message that runs a task."""
    return pickle.dumps((task, arguments, limits), pickle.HIGHEST_PROTOCOL)


def worker_loop(connection: TaskConnection, settings: WorkerSettings, /) -> None:
    """Run tasks until the parent ends, EXIT_MESSAGE arrives, or `settings` limit it."""
    # Ctrl-C reaches the whole process group; the parent ends its workers in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    share_malloc_arenas()
    apply_limits(settings.limits)
    with CaughtError() as caught:
        for _ in settings.warm() if settings.warm else ():
            pass
    if caught.error:
        connection.send(("error", safe_error(caught.error)))
    else:
        connection.send(("ready", None))
        _work(connection, settings)


def _work(connection: TaskConnection, settings: WorkerSettings) -> None:
    limit = 0.0
    for count in range(1, settings.max_tasks + 1):
        fit = _run_message(connection, _receive_task(connection))
        resident = resident_megabytes()
        limit = limit or resident + settings.max_growth
        reusable = fit and count < settings.max_tasks and resident <= limit
        connection.send(("end", reusable))
        if not reusable:
            return


def _receive_task(connection: TaskConnection) -> bytes:
    message = STOP
    # A STOP that arrived after its task had ended.
    while message == STOP:
        message = connection.recv_bytes()
    _exit_if_told(message)
    return message


def _exit_if_told(message: bytes) -> None:
    if message == EXIT_MESSAGE:
        raise SystemExit(0)


def _run_message(connection: TaskConnection, message: bytes) -> bool:
    """Run the task of a message; returns False after it ran out of memory."""
    with CaughtError() as caught:
        task, arguments, limits = pickle.loads(message)  # noqa: S301  (from our parent)
        del message
        apply_limits(limits)
        with closing(started(task, arguments)) as steps:
            _run(connection, steps)
    if caught.error:
        connection.send(("error", safe_error(caught.error)))
    return not is_out_of_memory(caught.error)


def _run(connection: TaskConnection, steps: Iterator[Any]) -> None:
    for value in steps:
        if connection.poll():
            _exit_if_told(connection.recv_bytes())
            return
        connection.send(("value", value))
