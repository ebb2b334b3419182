"""The runner that executes tasks in worker processes of this machine, and its pool of workers.

A task that hangs, exhausts memory or crashes ends only its own process, which is replaced.
(`pebble` offers time limits and killing, but neither streamed values nor memory limits.)
"""

import atexit
import copy
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from multiprocessing import Pipe
from multiprocessing.connection import wait
from typing import Any, Final, Self

from imagetoprompt.errors import ImageToPromptError, LostError, WorkError
from imagetoprompt.runners import Limits, Task
from imagetoprompt.runners.process_worker import Channel, Worker, start_worker
from imagetoprompt.runners.stream import Stream, closed_error, log_crash
from imagetoprompt.runners.worker_main import TaskConnection, WorkerSettings, pickle_task


class ProcessRunner:
    """Runs tasks in `size` processes, which start when the runner is entered."""

    def __init__(self, size: int, settings: WorkerSettings) -> None:
        self.size = size
        self._settings = settings
        self._pool: WorkerPool | None = None

    def __enter__(self) -> Self:
        self._pool = WorkerPool(self.size, self._settings)
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
            raise closed_error()
        limits = limits or self._settings.limits
        message = pickle_task(task, arguments, limits)
        patience = self._settings.patience
        return Stream(_ProcessWork(self._pool, message, limits.seconds, patience), patience)


class _ProcessWork:
    """One task on a borrowed worker."""

    def __init__(self, pool: "WorkerPool", message: bytes, seconds: float, patience: float) -> None:
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


def create_runner(
    suffix: str, size: int, limits: Limits, warm: Task | None, /
) -> ProcessRunner | None:
    """The runner of `suffix` processes, one per core for ""; None for any other text."""
    if suffix and not (suffix.isascii() and suffix.isdigit() and int(suffix)):
        return None
    return ProcessRunner(
        int(suffix or 0) or size or os.cpu_count() or 1, WorkerSettings(limits, warm)
    )


# Pause after a failed start, so that a broken installation does not occupy a core.
_RETRY_SECONDS: Final = 1.0
# Large models load from a slow disk within this time; a worker that takes longer hangs.
_START_SECONDS: Final = 180.0


class WorkerPool:
    """Lends workers, one task each, to any number of threads.

    One supervisor thread starts and reaps all of them; a borrower may only kill its worker.
    """

    def __init__(self, size: int, settings: WorkerSettings) -> None:
        self._size = size
        self._settings = settings
        self._changed = threading.Condition()
        self._idle: deque[Worker] = deque()
        self._fault: ImageToPromptError | None = None
        self._open = True
        # Used by the supervisor thread only.
        self._workers: set[Worker] = set()
        self._starting: set[Worker] = set()
        self._retry_at = 0.0
        self._wakeup, self._wake = Pipe(duplex=False)
        # On Linux a worker dies with the thread that started it (worker_main.die_with_parent), so
        # one long-lived thread starts them all.
        self._supervisor = threading.Thread(
            target=self._supervise, name="worker supervisor", daemon=True
        )
        self._supervisor.start()

    def take(self, wanted: Callable[[], bool], /) -> Worker | None:
        """Wait for a free worker; None once `wanted()` is false (see `nudge`).

        Raises the error of the last failed start when no worker can start, and WorkError when the
        pool is closed.
        """
        while True:
            worker = self._next(wanted)
            if worker is None or not worker.dead():
                return worker
            worker.close_connection()

    def _next(self, wanted: Callable[[], bool]) -> Worker | None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._idle or self._fault or not self._open or not wanted()
            )
            if not wanted():
                return None
            if not self._open:
                raise closed_error()
            if self._idle:
                # The one used last has the warmest caches.
                return self._idle.pop()
            raise copy.copy(self._fault) or closed_error()

    def give(self, worker: Worker, /, *, usable: bool) -> None:
        """Return a worker; an unusable one is killed and replaced."""
        with self._changed:
            if usable and self._open:
                self._idle.append(worker)
                self._changed.notify()
                return
        worker.kill()
        worker.close_connection()

    def nudge(self) -> None:
        """Make waiting threads evaluate `wanted()` again."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """End all workers."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
        if self._supervisor.is_alive():
            self._wake.send(None)
            self._supervisor.join()
        self._wakeup.close()
        self._wake.close()

    def lost(self, worker: Worker, /) -> WorkError:
        """The error for a worker that ended before its task."""
        return worker.exit_report() if self._open else closed_error()

    def _supervise(self) -> None:
        while self._open:
            self._fill()
            events = set(wait(self._watched(), self._tick()))
            for worker in [
                worker for worker in self._starting if events & {worker.connection, worker.sentinel}
            ]:
                self._admit(worker)
            for worker in [worker for worker in self._workers if worker.sentinel in events]:
                self._reap(worker)
        self._shut_down()

    def _watched(self) -> list["TaskConnection | int"]:
        sentinels = [worker.sentinel for worker in self._workers]
        return [self._wakeup, *sentinels, *(worker.connection for worker in self._starting)]

    def _tick(self) -> float | None:
        settled = not self._starting and len(self._workers) == self._size
        return None if settled else _RETRY_SECONDS

    def _fill(self) -> None:
        now = time.monotonic()
        for worker in self._starting:
            if now > worker.started + _START_SECONDS:
                worker.kill()
        if now < self._retry_at:
            return
        try:
            for _ in range(self._size - len(self._workers)):
                worker = start_worker(self._settings)
                self._workers.add(worker)
                self._starting.add(worker)
        except OSError as error:
            self._fail(LostError(f"No worker can be started: {error}; close other programs."))

    def _admit(self, worker: Worker) -> None:
        self._starting.remove(worker)
        try:
            kind, content = worker.connection.recv()
        except (EOFError, OSError):
            kind = "error"
            content = LostError("A worker died as it started; see the log, and try again."), ""
        if kind == "error":
            self.give(worker, usable=False)
            self._reap(worker)
            self._fail(*content)
        else:
            self._fault = None
            self.give(worker, usable=True)

    def _fail(self, error: ImageToPromptError, trace: str = "") -> None:
        log_crash(error, trace)
        self._retry_at = time.monotonic() + _RETRY_SECONDS
        with self._changed:
            # With other workers running, waiting threads may still get one.
            if self._workers == self._starting:
                self._fault = error
                self._changed.notify_all()

    def _reap(self, worker: Worker) -> None:
        self._workers.remove(worker)
        worker.reap()
        with self._changed:
            # The connection of a lent worker is closed when it is returned.
            if worker in self._idle:
                self._idle.remove(worker)
                worker.close_connection()

    def _shut_down(self) -> None:
        with self._changed:
            idle = set(self._idle)
        for worker in self._starting:
            self.give(worker, usable=False)
        for worker in self._workers:
            if worker in idle:
                worker.kill()
            else:
                worker.ask_to_exit()
        end = time.monotonic() + self._settings.patience
        while self._workers and (left := end - time.monotonic()) > 0:
            gone = wait([worker.sentinel for worker in self._workers], left)
            for worker in [worker for worker in self._workers if worker.sentinel in gone]:
                self._reap(worker)
        for worker in list(self._workers):
            worker.kill()
            self._reap(worker)
