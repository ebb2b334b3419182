"""What holds a worker process within bounds, as far as the system can.

It does not know when they are set.
"""

import ctypes
import math
import multiprocessing
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Final

from imagetoprompt.runners import Limits

_MEGABYTE: Final = 1 << 20
# From linux/prctl.h.
_PR_SET_PDEATHSIG: Final = 1


def restrict(limits: Limits, /) -> None:
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


def resident() -> float:
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
