import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from imagetoprompt.errors import NotAPictureError
from imagetoprompt.runners import Limits, open_runner
from imagetoprompt.web.middleware.identity import Visitor
from imagetoprompt.web.server_errors import BusyError
from imagetoprompt.web.services.admission import COMPARE, LIGHT, LOOK, AdmissionQueue, Work

LIMITS = Limits(seconds=10)
ADA = Visitor("ada", "192.0.2.1")
BOB = Visitor("bob", "198.51.100.7")


def count(most: int) -> Iterator[int]:
    yield from range(most)


def fail() -> Iterator[int]:
    raise NotAPictureError("This is no picture: give one.")
    yield 0


def counting(visitor: Visitor = ADA, cost: int = LOOK) -> Work:
    return Work(count, lambda: (3,), visitor, cost)


def queue(waiting: int, *, fair: bool = True) -> AdmissionQueue:
    """One at work, so many waiting."""
    return AdmissionQueue(open_runner("serial", size=1), waiting, LIMITS, fair=fair)


@pytest.fixture
def admission() -> AdmissionQueue:
    return queue(1)


def test_values_come_through(admission: AdmissionQueue) -> None:
    assert list(admission.stream(counting())) == [0, 1, 2]
    assert admission.run(counting()) == 2


class Line:
    """Tasks that wait in the queue while one runs, each in a thread."""

    def __init__(self, admission: AdmissionQueue, running: Work) -> None:
        self._admission, self._pool = admission, ThreadPoolExecutor(40)
        self._running = admission.stream(running)
        next(self._running)
        self.order: list[str] = []

    def join(self, work: Work, name: str = "") -> "Future[int]":
        """Add a task; returns once it waits or was refused."""
        entered = threading.Event()
        admission = self._admission

        def read() -> tuple[object, ...]:
            self.order.append(name)
            return work.read()

        def run() -> int:
            with admission._changed:
                before = len(admission._waiting)
                threading.Thread(target=self._watch, args=(before, entered), daemon=True).start()
            try:
                return int(admission.run(Work(work.task, read, work.visitor, work.cost)))
            finally:
                entered.set()

        future = self._pool.submit(run)
        entered.wait(10)
        return future

    def _watch(self, before: int, entered: threading.Event) -> None:
        admission = self._admission
        with admission._changed:
            while not entered.is_set() and len(admission._waiting) <= before:
                admission._changed.wait(0.01)
        entered.set()

    def go(self) -> None:
        """End the one that runs, and wait for the others."""
        self._running.close()
        self._pool.shutdown(wait=True)


def refused(future: "Future[int]") -> bool:
    return isinstance(future.exception(), BusyError)


def test_who_comes_when_all_places_are_taken_is_told_at_once(admission: AdmissionQueue) -> None:
    line = Line(admission, counting())
    waits = line.join(counting(BOB))

    with pytest.raises(BusyError, match="try again in ten seconds"):
        admission.run(counting(Visitor("cyd", "203.0.113.9")))
    line.go()
    assert waits.result() == 2


def test_one_address_gets_a_third_with_any_number_of_cookies() -> None:
    line = Line(queue(23), counting(ADA))
    crowd = [line.join(counting(Visitor(f"new {n}", ADA.address))) for n in range(33)]
    company = [line.join(counting(Visitor(f"b{n}", f"198.51.100.{n}"))) for n in range(16)]
    line.go()

    assert sum(not refused(future) for future in crowd) == 24 // 3 - 1
    assert not any(map(refused, company))


def test_one_visitor_gets_a_fourth_from_any_number_of_addresses() -> None:
    line = Line(queue(23), counting(ADA))
    own = [line.join(counting(Visitor("ada", f"192.0.2.{n}"))) for n in range(12)]
    line.go()

    assert sum(not refused(future) for future in own) == 24 // 4 - 1


def test_all_of_an_ipv6_customer_are_one_address() -> None:
    line = Line(queue(23), counting(Visitor("a", "2001:db8::1")))
    own = [line.join(counting(Visitor(f"{n}", f"2001:db8:0:{n:x}::1"))) for n in range(12)]
    line.go()

    assert sum(not refused(future) for future in own) == 24 // 3 - 1


@pytest.mark.parametrize(("cost", "most"), [(LIGHT, 12), (LOOK, 6), (COMPARE, 3)])
def test_a_share_is_of_costs(cost: int, most: int) -> None:
    line = Line(queue(23), counting(BOB))
    own = [line.join(counting(ADA, cost)) for _ in range(14)]
    line.go()

    assert sum(not refused(future) for future in own) == most


def test_the_next_is_of_who_had_no_turn() -> None:
    line = Line(queue(23), counting(ADA))
    futures = [line.join(counting(ADA), f"ada {n}") for n in range(3)]
    futures += [line.join(counting(BOB), f"bob {n}") for n in range(2)]
    line.go()

    assert [future.result() for future in futures] == [2] * 5
    assert line.order == ["bob 0", "ada 0", "bob 1", "ada 1", "ada 2"]


def test_a_server_for_one_person_has_no_shares() -> None:
    line = Line(queue(23, fair=False), counting(ADA))
    own = [line.join(counting(ADA)) for _ in range(23)]
    line.go()

    assert not any(map(refused, own))


def test_files_are_read_when_a_worker_is_free() -> None:
    line = Line(queue(23), counting(ADA))
    line.join(counting(BOB), "read")
    before = list(line.order)
    line.go()

    assert (before, line.order) == ([], ["read"])


@pytest.mark.parametrize("ends", ["closed", "read", "failed"])
def test_a_place_is_free_again_however_work_ends(admission: AdmissionQueue, ends: str) -> None:
    for _ in range(5):
        if ends == "failed":
            with pytest.raises(NotAPictureError):
                admission.run(Work(fail, tuple, ADA))
            continue
        work = admission.stream(counting())
        next(work)
        if ends == "closed":
            work.close()
        else:
            list(work)

    assert admission.run(counting()) == 2


def test_a_place_is_free_again_when_reading_fails(admission: AdmissionQueue) -> None:
    def gone() -> tuple[object, ...]:
        raise NotAPictureError("The file is gone.")

    for _ in range(5):
        with pytest.raises(NotAPictureError):
            admission.run(Work(count, gone, ADA))

    assert admission.run(counting()) == 2
