"""A crew of worker processes: as many as asked for, each replaced when it ends.

One thread, the keeper, starts and buries all of them; whoever lends a worker only kills it.
"""

import copy
import threading
import time
from collections import deque
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import wait
from typing import Final

from imagetoprompt.errors import ImageToPromptError, LostError, WorkError
from imagetoprompt.runners.processes.worker import Worker, start_worker
from imagetoprompt.runners.processes.worker_main import TaskStream, TaskTerms
from imagetoprompt.runners.stream import log_crash

# Between two tries when a worker could not start, so that a broken install does not eat a core.
_PAUSE: Final = 1.0
# Large models come from a slow disk within this; a worker that takes longer hangs.
_START: Final = 180.0


class WorkerPool:
    """Workers to be lent, one task each, to any number of threads."""

    def __init__(self, size: int, terms: TaskTerms) -> None:
        self._size = size
        self._terms = terms
        self._change = threading.Condition()
        self._idle: deque[Worker] = deque()
        self._fault: ImageToPromptError | None = None
        self._open = True
        # Only the keeper touches these.
        self._staff: set[Worker] = set()
        self._starting: set[Worker] = set()
        self._resume = 0.0
        self._bell, self._rope = Pipe(duplex=False)
        # A worker dies with the thread that started it (see bounds.die_with_parent), so one thread
        # that stays starts them all.
        self._keeper = threading.Thread(target=self._keep, name="keeper of workers", daemon=True)
        self._keeper.start()

    def take(self, wanted: Callable[[], bool], /) -> Worker | None:
        """A free worker, waited for; None once it is not wanted any more.

        What went wrong is raised when workers cannot start, and WorkError when the crew has left.
        """
        while True:
            worker = self._next(wanted)
            if worker is None or not worker.dead():
                return worker
            worker.hang_up()

    def _next(self, wanted: Callable[[], bool]) -> Worker | None:
        with self._change:
            self._change.wait_for(
                lambda: self._idle or self._fault or not self._open or not wanted()
            )
            if not wanted():
                return None
            if not self._open:
                raise self.closed()
            if self._idle:
                # The last one is still warm.
                return self._idle.pop()
            raise copy.copy(self._fault) or self.closed()

    def give(self, worker: Worker, /, *, usable: bool) -> None:
        """Give a worker back; one that is not usable is killed, and replaced."""
        with self._change:
            if usable and self._open:
                self._idle.append(worker)
                self._change.notify()
                return
        worker.kill()
        worker.hang_up()

    def nudge(self) -> None:
        """Let everyone who waits for a worker look whether it is still wanted."""
        with self._change:
            self._change.notify_all()

    def close(self) -> None:
        """End all workers."""
        with self._change:
            self._open = False
            self._change.notify_all()
        if self._keeper.is_alive():
            self._rope.send(None)
            self._keeper.join()
        self._bell.close()
        self._rope.close()

    def lost(self, worker: Worker, /) -> WorkError:
        """The error for a worker that ended before its work."""
        return worker.obituary() if self._open else self.closed()

    @staticmethod
    def closed() -> WorkError:
        """The error for work that comes when the crew has left."""
        return WorkError("The runner was closed; open it again to do the work.")

    def _keep(self) -> None:
        while self._open:
            self._fill()
            events = set(wait(self._watched(), self._tick()))
            for worker in [one for one in self._starting if events & {one.line, one.sentinel}]:
                self._welcome(worker)
            for worker in [one for one in self._staff if one.sentinel in events]:
                self._bury(worker)
        self._dismiss()

    def _watched(self) -> list["TaskStream | int"]:
        sentinels = [worker.sentinel for worker in self._staff]
        return [self._bell, *sentinels, *(worker.line for worker in self._starting)]

    def _tick(self) -> float | None:
        settled = not self._starting and len(self._staff) == self._size
        return None if settled else _PAUSE

    def _fill(self) -> None:
        now = time.monotonic()
        for worker in self._starting:
            if now > worker.born + _START:
                worker.kill()
        if now < self._resume:
            return
        try:
            for _ in range(self._size - len(self._staff)):
                worker = start_worker(self._terms)
                self._staff.add(worker)
                self._starting.add(worker)
        except OSError as error:
            self._fail(LostError(f"No worker can be started: {error}; close other programs."))

    def _welcome(self, worker: Worker) -> None:
        self._starting.remove(worker)
        try:
            kind, content = worker.line.recv()
        except (EOFError, OSError):
            kind = "error"
            content = LostError("A worker died as it started; see the log, and try again."), ""
        if kind == "error":
            self.give(worker, usable=False)
            self._bury(worker)
            self._fail(*content)
        else:
            self._fault = None
            self.give(worker, usable=True)

    def _fail(self, error: ImageToPromptError, trace: str = "") -> None:
        log_crash(error, trace)
        self._resume = time.monotonic() + _PAUSE
        with self._change:
            # Who works may soon be free for those who wait.
            if self._staff == self._starting:
                self._fault = error
                self._change.notify_all()

    def _bury(self, worker: Worker) -> None:
        self._staff.remove(worker)
        worker.bury()
        with self._change:
            # One that is lent is hung up by whoever gives it back.
            if worker in self._idle:
                self._idle.remove(worker)
                worker.hang_up()

    def _dismiss(self) -> None:
        with self._change:
            idle = set(self._idle)
        for worker in self._starting:
            self.give(worker, usable=False)
        for worker in self._staff:
            if worker in idle:
                worker.kill()
            else:
                worker.leave()
        end = time.monotonic() + self._terms.patience
        while self._staff and (left := end - time.monotonic()) > 0:
            gone = wait([worker.sentinel for worker in self._staff], left)
            for worker in [one for one in self._staff if one.sentinel in gone]:
                self._bury(worker)
        for worker in list(self._staff):
            worker.kill()
            self._bury(worker)
