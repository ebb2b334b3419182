"""The runner that executes tasks in worker processes of this machine.

A task that hangs, exhausts memory or crashes ends only its own process, which is replaced.
"""

import atexit
import os
import threading
from collections.abc import Generator
from typing import Any, Self

from imagetoprompt.runners import Limits, Task
from imagetoprompt.runners.processes import WorkerPool
from imagetoprompt.runners.processes.protocol import Channel
from imagetoprompt.runners.processes.worker import Worker
from imagetoprompt.runners.processes.worker_main import TaskTerms, pickle_task
from imagetoprompt.runners.stream import Stream


class ProcessRunner:
    """Runs tasks in `size` processes, which start when the runner is entered."""

    def __init__(self, size: int, terms: TaskTerms) -> None:
        self.size = size
        self._terms = terms
        self._pool: WorkerPool | None = None

    def __enter__(self) -> Self:
        self._pool = WorkerPool(self.size, self._terms)
        # Before the exit handler of multiprocessing, which joins children that are replaced.
        atexit.register(self._pool.close)
        return self

    def __exit__(self, *raised: object) -> None:
        if self._pool is not None:
            atexit.unregister(self._pool.close)
            self._pool.close()
            self._pool = None

    def stream(self, task: Task, /, *arguments: object, limits: Limits | None = None) -> Stream:
        """The values of the task, from the first free worker."""
        if self._pool is None:
            raise WorkerPool.closed()
        limits = limits or self._terms.limits
        message = pickle_task(task, arguments, limits)
        patience = self._terms.patience
        return Stream(_ProcessWork(self._pool, message, limits.seconds, patience), patience)


class _ProcessWork:
    """One task on a borrowed worker."""

    def __init__(self, pool: WorkerPool, message: bytes, seconds: float, patience: float) -> None:
        self._pool = pool
        self._message = message
        self._seconds = seconds
        self._patience = patience
        self._wanted = True
        self._worker: Worker | None = None
        # Guards the worker against stop and kill from other threads before its task is sent and
        # after it was returned.
        self._lock = threading.Lock()

    def values(self) -> Generator[Any, None, None]:
        worker = self._pool.take(lambda: self._wanted)
        if worker is None:
            return
        channel = Channel(worker)
        self._begin(worker, channel)
        try:
            yield from channel.values(self._seconds)
        except EOFError:
            raise self._pool.lost(worker) from None
        finally:
            usable = channel.settle(self._patience)
            with self._lock:
                self._worker = None
            self._pool.give(worker, usable=usable)

    def _begin(self, worker: Worker, channel: Channel) -> None:
        with self._lock:
            channel.begin(self._message)
            self._worker = worker
            # Free the pickled task, which may be large.
            self._message = b""
            if not self._wanted:
                worker.stop()

    def stop(self) -> None:
        self._wanted = False
        self._pool.nudge()
        with self._lock:
            if self._worker is not None:
                self._worker.stop()

    def kill(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.kill()


def open_place(place: str, size: int, limits: Limits, warm: Task | None, /) -> ProcessRunner | None:
    """The runner; `place` is the number of processes or empty, else None is returned."""
    if place and not (place.isascii() and place.isdigit() and int(place)):
        return None
    return ProcessRunner(int(place or 0) or size or os.cpu_count() or 1, TaskTerms(limits, warm))
