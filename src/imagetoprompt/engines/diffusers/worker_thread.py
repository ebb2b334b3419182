"""running(work, cancel): long work in a thread of its own, told step by step to whoever waits.

It does not know what the work is.
"""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import Generic, TypeVar

Told = TypeVar("Told")
Result = TypeVar("Result")


class StoppedError(Exception):
    """Raised within the work, to leave it, when nobody wants it any more. Nobody else sees it."""


class Reporter(Generic[Told]):
    """What the work calls after each step."""

    def __init__(self, cancel: Event) -> None:
        self.told: SimpleQueue[Told | None] = SimpleQueue()
        self.left = Event()
        self._cancel = cancel

    def check(self) -> None:
        """StoppedError when the work is to stop."""
        if self._cancel.is_set() or self.left.is_set():
            raise StoppedError

    def __call__(self, step: Told) -> None:
        """Tell a step; StoppedError when the work is to stop."""
        self.check()
        self.told.put(step)


def running(
    work: Callable[[Reporter[Told]], Result], cancel: Event
) -> Generator[Told, None, Result | None]:
    """Yield what the work tells, and return what it gives: None when it was stopped.

    What it raises is raised here. When the generator is closed the work is stopped, and waited for.
    """
    reporter: Reporter[Told] = Reporter(cancel)
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(work, reporter)
        outcome.add_done_callback(lambda _: reporter.told.put(None))
        try:
            while (step := reporter.told.get()) is not None:
                yield step
        finally:
            reporter.left.set()
    try:
        return outcome.result()
    except StoppedError:
        return None
