"""Admission: how many tasks may run and wait at once; more are refused with BusyError."""

import logging
from collections.abc import Generator
from contextlib import closing
from threading import BoundedSemaphore
from typing import Any, Final

from imagetoprompt.errors import LostError
from imagetoprompt.runners import Limits, Runner, Task
from imagetoprompt.web.metrics import ADMISSION_CAPACITY, ADMITTED_TASKS
from imagetoprompt.web.server_errors import BusyError

log: Final = logging.getLogger(__name__)


class AdmissionQueue:
    """Passes tasks to a runner; raises BusyError at once when `max_waiting` are waiting."""

    def __init__(self, runner: Runner, max_waiting: int, limits: Limits) -> None:
        self._runner, self._limits = runner, limits
        self._slots = BoundedSemaphore(runner.size + max_waiting)
        ADMISSION_CAPACITY.set(runner.size + max_waiting)

    def stream(self, task: Task, /, *arguments: object) -> Generator[Any, None, None]:
        """The values of the task as they come; closing the iterator cancels it."""
        if not self._slots.acquire(blocking=False):
            raise BusyError("The server is busy with other pictures: try again in ten seconds.")
        ADMITTED_TASKS.inc()
        try:
            with closing(self._runner.stream(task, *arguments, limits=self._limits)) as values:
                yield from values
        except LostError as error:
            log.warning("A task lost its worker: %s", error)
            raise
        finally:
            ADMITTED_TASKS.dec()
            self._slots.release()

    def run(self, task: Task, /, *arguments: object) -> Any:  # noqa: ANN401 - what the task gives
        """The last value of the task."""
        *_, last = self.stream(task, *arguments)
        return last
