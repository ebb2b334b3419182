"""The runner that works in processes of this machine.

A task that hangs, eats memory or crashes takes only its own process with it, which is replaced.
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
from imagetoprompt.runners.processes.worker_main import TaskTerms, send_task
from imagetoprompt.runners.stream import Stream


class ProcessRunner:
    """Works in `size` processes, all begun when it is entered."""

    def __init__(self, size: int, terms: TaskTerms) -> None:
        self.size = size
        self._terms = terms
        self._crew: WorkerPool | None = None

    def __enter__(self) -> Self:
        self._crew = WorkerPool(self.size, self._terms)
        # Before multiprocessing waits for its children, which would be replaced meanwhile.
        atexit.register(self._crew.close)
        return self

    def __exit__(self, *raised: object) -> None:
        if self._crew is not None:
            atexit.unregister(self._crew.close)
            self._crew.close()
            self._crew = None

    def stream(self, task: Task, /, *arguments: object, limits: Limits | None = None) -> Stream:
        """The values of the task, from the first worker that is free."""
        if self._crew is None:
            raise WorkerPool.closed()
        limits = limits or self._terms.limits
        given = send_task(task, arguments, limits)
        patience = self._terms.patience
        return Stream(_Lent(self._crew, given, limits.seconds, patience), patience)


class _Lent:
    """One task, at the worker that is lent for it."""

    def __init__(self, crew: WorkerPool, given: bytes, seconds: float, patience: float) -> None:
        self._crew = crew
        self._given = given
        self._seconds = seconds
        self._patience = patience
        self._wanted = True
        self._worker: Worker | None = None
        # Held to touch the worker from another thread: after the order is sent, before it is lent
        # to the next.
        self._holding = threading.Lock()

    def values(self) -> Generator[Any, None, None]:
        worker = self._crew.take(lambda: self._wanted)
        if worker is None:
            return
        talk = Channel(worker)
        self._begin(worker, talk)
        try:
            yield from talk.values(self._seconds)
        except EOFError:
            raise self._crew.lost(worker) from None
        finally:
            usable = talk.settle(self._patience)
            with self._holding:
                self._worker = None
            self._crew.give(worker, usable=usable)

    def _begin(self, worker: Worker, talk: Channel) -> None:
        with self._holding:
            talk.begin(self._given)
            self._worker = worker
            # It may be large, and the task may be long.
            self._given = b""
            if not self._wanted:
                worker.stop()

    def stop(self) -> None:
        self._wanted = False
        self._crew.nudge()
        with self._holding:
            if self._worker is not None:
                self._worker.stop()

    def kill(self) -> None:
        with self._holding:
            if self._worker is not None:
                self._worker.kill()


def open_place(place: str, size: int, limits: Limits, warm: Task | None, /) -> ProcessRunner | None:
    """The runner; the place is the number of processes, or empty; None when it is neither."""
    if place and not (place.isascii() and place.isdigit() and int(place)):
        return None
    return ProcessRunner(int(place or 0) or size or os.cpu_count() or 1, TaskTerms(limits, warm))
