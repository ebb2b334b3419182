"""What a worker process does from its start to its end.

    parent   order ─────────────▶ (STOP) ──────────▶ LEAVE
    worker   "ready" ▶ "value"* ▶ ("error") ▶ "end" ▶ exit

It does not know the other workers. What it is sent comes from its parent and is trusted.
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
from imagetoprompt.runners.stream import CaughtError, safe_error, started

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


STOP: Final = b"stop"
EXIT_MESSAGE: Final = b"leave"

TaskStream: TypeAlias = "Connection[Any, Any]"


@dataclass(frozen=True)
class TaskTerms:
    """On what terms a worker works.

    limits, warm: those of the runner. tasks, growth: after so many, or with so many megabytes more
    in memory than after its first one, it is replaced, so that leaks of others stay small. The
    growth leaves room for models that come with a later task. patience: the seconds that it has to
    close a task, longer than one step of most.
    """

    limits: Limits
    warm: Task | None = None
    tasks: int = 500
    growth: int = 1024
    patience: float = 2.0


def send_task(task: Task, arguments: tuple[object, ...], limits: Limits, /) -> bytes:
    """The order to run a task."""
    return pickle.dumps((task, arguments, limits), pickle.HIGHEST_PROTOCOL)


def worker_loop(line: TaskStream, terms: TaskTerms, /) -> None:
    """Carry out orders until the parent ends, LEAVE comes, or the terms are met."""
    # Whoever presses Ctrl-C means the parent, which ends us when it is ready.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    apply_limits(terms.limits)
    with CaughtError() as caught:
        for _ in terms.warm() if terms.warm else ():
            pass
    if caught.error:
        line.send(("error", safe_error(caught.error)))
    else:
        line.send(("ready", None))
        _work(line, terms)


def _work(line: TaskStream, terms: TaskTerms) -> None:
    most = 0.0
    for count in range(1, terms.tasks + 1):
        fit = _carry_out(line, _await(line))
        filled = resident_megabytes()
        most = most or filled + terms.growth
        stays = fit and count < terms.tasks and filled <= most
        line.send(("end", stays))
        if not stays:
            return


def _await(line: TaskStream) -> bytes:
    given = STOP
    # One that came too late for its task.
    while given == STOP:
        given = line.recv_bytes()
    _leave_if(given)
    return given


def _leave_if(given: bytes) -> None:
    if given == EXIT_MESSAGE:
        raise SystemExit(0)


def _carry_out(line: TaskStream, given: bytes) -> bool:
    """Run the task of the order; whether this process is fit for another."""
    with CaughtError() as caught:
        task, arguments, limits = pickle.loads(given)  # noqa: S301  (from our parent)
        del given
        apply_limits(limits)
        with closing(started(task, arguments)) as steps:
            _run(line, steps)
    if caught.error:
        line.send(("error", safe_error(caught.error)))
    return not isinstance(caught.error, MemoryError)


def _run(line: TaskStream, steps: Iterator[Any]) -> None:
    for value in steps:
        if line.poll():
            _leave_if(line.recv_bytes())
            return
        line.send(("value", value))
