"""running(work, cancel): long work in a thread of its own, told step by step to whoever waits.

It does not know what the work is.
"""

from collections.abc import Callable, Generator
from queue import SimpleQueue
from threading import Event, Thread
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
    outcome: list[Result] = []
    raised: list[BaseException] = []
    thread = Thread(target=_attempt, args=(work, reporter, outcome, raised), daemon=True)
    thread.start()
    try:
        while (step := reporter.told.get()) is not None:
            yield step
    finally:
        reporter.left.set()
        thread.join()
    if raised:
        raise raised[0]
    return outcome[0] if outcome else None


def _attempt(
    work: Callable[[Reporter[Told]], Result],
    reporter: Reporter[Told],
    outcome: list[Result],
    raised: list[BaseException],
) -> None:
    try:
        outcome.append(work(reporter))
    except StoppedError:
        pass
    except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
        raised.append(error)
    finally:
        reporter.told.put(None)
