"""Limits how many tasks run and wait at once, and refuses more with BusyError."""

import logging
from collections.abc import Generator
from contextlib import closing
from threading import BoundedSemaphore
from typing import Any, Final

from imagetoprompt.errors import LostError
from imagetoprompt.runners import Limits, Runner, Task
from imagetoprompt.web.metrics import BUSY, PLACES
from imagetoprompt.web.server_errors import BusyError

log: Final = logging.getLogger(__name__)


class AdmissionQueue:
    """Hands tasks to a runner; raises BusyError at once when `waiting` wait already."""

    def __init__(self, runner: Runner, waiting: int, limits: Limits) -> None:
        self._runner, self._limits = runner, limits
        self._places = BoundedSemaphore(runner.size + waiting)
        PLACES.set(runner.size + waiting)

    def stream(self, task: Task, /, *arguments: object) -> Generator[Any, None, None]:
        """The values of the task as they come; closing the iterator cancels it."""
        if not self._places.acquire(blocking=False):
            raise BusyError("Everybody is busy with other pictures: try again in ten seconds.")
        BUSY.inc()
        try:
            with closing(self._runner.stream(task, *arguments, limits=self._limits)) as values:
                yield from values
        except LostError as error:
            log.warning("Work was lost: %s", error)
            raise
        finally:
            BUSY.dec()
            self._places.release()

    def one(self, task: Task, /, *arguments: object) -> Any:  # noqa: ANN401 - what the task gives
        """The last value of the task."""
        *_, last = self.stream(task, *arguments)
        return last
