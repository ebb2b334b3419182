"""run_in_thread(work, cancel): run long work in a thread and yield its progress as it happens."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import Generic, TypeVar

ProgressEvent = TypeVar("ProgressEvent")
WorkerResult = TypeVar("WorkerResult")


class CancelledRunError(Exception):
    """Raised inside the work to leave it after a cancellation; callers never see it."""


class ProgressReporter(Generic[ProgressEvent]):
    """The work calls it with each progress event; it raises once the run is cancelled."""

    def __init__(self, cancel: Event) -> None:
        self.events: SimpleQueue[ProgressEvent | None] = SimpleQueue()
        self.abandoned = Event()
        self._cancel = cancel

    def check(self) -> None:
        """CancelledRunError once the run is cancelled or its reader has left."""
        if self._cancel.is_set() or self.abandoned.is_set():
            raise CancelledRunError

    def __call__(self, step: ProgressEvent) -> None:
        """Report an event; CancelledRunError as in `check`."""
        self.check()
        self.events.put(step)


def run_in_thread(
    work: Callable[[ProgressReporter[ProgressEvent]], WorkerResult], cancel: Event
) -> Generator[ProgressEvent, None, WorkerResult | None]:
    """Yield the events of the work and return its result; None when it was cancelled.

    Exceptions of the work are raised here. Closing the generator cancels the work and waits for it.
    """
    reporter: ProgressReporter[ProgressEvent] = ProgressReporter(cancel)
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(work, reporter)
        outcome.add_done_callback(lambda _: reporter.events.put(None))
        try:
            while (step := reporter.events.get()) is not None:
                yield step
        finally:
            reporter.abandoned.set()
    try:
        return outcome.result()
    except CancelledRunError:
        return None
