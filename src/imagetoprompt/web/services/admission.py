"""Admission: which tasks run and wait, with a share for each visitor; more get BusyError."""

import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Condition
from typing import Any, Final

from imagetoprompt.errors import LostError
from imagetoprompt.runners import Limits, Runner, Task
from imagetoprompt.web.db.quota_ledger import wide_address
from imagetoprompt.web.metrics import ADMISSION_CAPACITY, ADMITTED_TASKS
from imagetoprompt.web.middleware.identity import Visitor
from imagetoprompt.web.server_errors import BusyError

log: Final = logging.getLogger(__name__)

LIGHT, LOOK, COMPARE = 1, 2, 4
"""Costs of tasks: one on a small copy, such as a thumbnail; a describe; two of them."""
ADDRESS_SHARE: Final = 1 / 3
"""Of all costs that may run or wait, those of one address, however many cookies it has."""
VISITOR_SHARE: Final = 1 / 4
"""Those of one cookie: an address may be that of a company."""
BUSY: Final = "The server is busy with other pictures: try again in ten seconds."
SHARE_BUSY: Final = "Your earlier requests are still being worked on: try again in ten seconds."


@dataclass(frozen=True)
class Work:
    """A task for a worker. visitor: who asked for it. cost: LIGHT, LOOK or COMPARE.

    read: gives the arguments; called when a worker is free, so that files of tasks that wait are
    not in memory.
    """

    task: Task
    read: Callable[[], tuple[object, ...]]
    visitor: Visitor
    cost: int = LOOK


class AdmissionQueue:
    """Passes tasks to a runner, at most `runner.size` at once, and lets `max_waiting` more wait.

    The next to run is of the address with the least that runs, and of those the one that has waited
    since its last turn the longest. fair: whether visitors have shares; a server for one person
    needs none. BusyError at once for what does not fit.
    """

    def __init__(
        self, runner: Runner, max_waiting: int, limits: Limits, *, fair: bool = True
    ) -> None:
        self._runner, self._limits = runner, limits
        places = runner.size + max_waiting
        self._shares = _Shares(places * LOOK, fair)
        self._changed = Condition()
        self._waiting: list[_Place] = []
        self._running: list[_Place] = []
        # Addresses by their last turn, the earliest first.
        self._turns: OrderedDict[str, None] = OrderedDict()
        ADMISSION_CAPACITY.set(places)

    def stream(self, work: Work) -> Generator[Any, None, None]:
        """The values of the task as they come; closing the iterator cancels it."""
        with self._place(work):
            arguments = work.read()
            values = self._runner.stream(work.task, *arguments, limits=self._limits)
            del arguments
            try:
                with closing(values):
                    yield from values
            except LostError as error:
                log.warning("A task lost its worker: %s", error)
                raise

    def run(self, work: Work) -> Any:  # noqa: ANN401 - what the task gives
        """The last value of the task."""
        *_, last = self.stream(work)
        return last

    @contextmanager
    def _place(self, work: Work) -> Iterator[None]:
        place = _Place(work.cost, *_identities(work.visitor))
        with self._changed:
            self._shares.enter(place)
            self._waiting.append(place)
        ADMITTED_TASKS.inc()
        try:
            with self._changed:
                self._changed.wait_for(lambda: self._starts(place))
            yield
        finally:
            ADMITTED_TASKS.dec()
            with self._changed:
                for places in (self._waiting, self._running):
                    if place in places:
                        places.remove(place)
                self._shares.leave(place)
                self._changed.notify_all()

    def _starts(self, place: "_Place") -> bool:
        """Start the task if it is its turn."""
        if len(self._running) >= self._runner.size or self._next() is not place:
            return False
        self._waiting.remove(place)
        self._running.append(place)
        self._turns[place.address] = None
        self._turns.move_to_end(place.address)
        while len(self._turns) > MAX_TURNS:
            self._turns.popitem(last=False)
        # Another worker may be free as well.
        self._changed.notify_all()
        return True

    def _next(self) -> "_Place":
        running: Counter[str] = Counter()
        for place in self._running:
            running[place.address] += place.cost
        turns = {address: number for number, address in enumerate(self._turns)}
        return min(
            self._waiting,
            key=lambda place: (running[place.address], turns.get(place.address, -1)),
        )


MAX_TURNS: Final = 1000
"""Addresses whose last turn is remembered; older ones are as if they had none."""


@dataclass(eq=False)
class _Place:
    """A task that runs or waits."""

    cost: int
    address: str
    visitor: str


@dataclass
class _Shares:
    """The costs of all that runs or waits, together, by address and by visitor."""

    capacity: int
    fair: bool

    total: int = 0
    held: Counter[str] = field(default_factory=Counter)

    def enter(self, place: _Place) -> None:
        """Count the task; BusyError if it does not fit. One alone always fits."""
        if self.total and self.total + place.cost > self.capacity:
            raise BusyError(BUSY)
        for identity, share in _shares(place):
            held = self.held[identity]
            if self.fair and held and held + place.cost > share * self.capacity:
                raise BusyError(SHARE_BUSY)
        self._count(place, place.cost)

    def leave(self, place: _Place) -> None:
        """Count the task no longer."""
        self._count(place, -place.cost)

    def _count(self, place: _Place, cost: int) -> None:
        self.total += cost
        for identity, _ in _shares(place):
            self.held[identity] += cost
            if not self.held[identity]:
                del self.held[identity]


def _shares(place: _Place) -> tuple[tuple[str, float], ...]:
    return (place.address, ADDRESS_SHARE), (f"visitor {place.visitor}", VISITOR_SHARE)


def _identities(visitor: Visitor) -> tuple[str, str]:
    """The address and the visitor that a task counts for; a key counts wherever it is used."""
    return visitor.key or wide_address(visitor.address), visitor.id
