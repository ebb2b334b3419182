"""How many tasks are at the cluster at once.

It does not know the cluster.
"""

import threading
from collections.abc import Callable, Generator
from typing import Any

from imagetoprompt.errors import WorkError
from imagetoprompt.runners.stream import Work


class Places:
    """So many places, to be taken and given back by any thread."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: set[Work] = set()
        self._open = True
        self._change = threading.Condition()

    def take(self, work: Work, wanted: Callable[[], bool], /) -> bool:
        """Wait for a place; False once it is not wanted any more, WorkError when all is closed."""
        with self._change:
            self._change.wait_for(
                lambda: len(self._held) < self._size or not self._open or not wanted()
            )
            if not self._open:
                raise self.closed()
            if wanted():
                self._held.add(work)
            return work in self._held

    def give(self, work: Work, /) -> None:
        """Give a place back."""
        with self._change:
            self._held.remove(work)
            self._change.notify()

    def nudge(self) -> None:
        """Let everyone who waits look whether it is still wanted."""
        with self._change:
            self._change.notify_all()

    def close(self) -> None:
        """Stop all work, and let nobody take a place any more."""
        with self._change:
            self._open = False
            self._change.notify_all()
            held = list(self._held)
        for work in held:
            work.stop()

    @staticmethod
    def closed() -> WorkError:
        """The error for work that comes after the end."""
        return WorkError("The runner was closed; open it again to do the work.")


class Placed:
    """Work that begins once it has a place."""

    def __init__(self, places: Places, work: Work) -> None:
        self._places = places
        self._work = work
        self._wanted = True

    def values(self) -> Generator[Any, None, None]:
        """Each value as it comes."""
        if not self._places.take(self._work, lambda: self._wanted):
            return
        try:
            yield from self._work.values()
        finally:
            self._places.give(self._work)

    def stop(self) -> None:
        """Ask that it ends, or never begins."""
        self._wanted = False
        self._places.nudge()
        self._work.stop()

    def kill(self) -> None:
        """End it at once."""
        self._work.kill()
