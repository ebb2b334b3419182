from collections.abc import Iterator

import pytest

from imagetoprompt.errors import NotAPictureError
from imagetoprompt.runners import Limits, open_runner
from imagetoprompt.web.server_errors import BusyError
from imagetoprompt.web.services.admission import AdmissionQueue

LIMITS = Limits(seconds=10)


def count(most: int) -> Iterator[int]:
    yield from range(most)


def fail() -> Iterator[int]:
    raise NotAPictureError("This is no picture: give one.")
    yield 0


@pytest.fixture
def admission() -> AdmissionQueue:
    """One at work, one waiting."""
    return AdmissionQueue(open_runner("serial", size=1), 1, LIMITS)


def test_values_come_through(admission: AdmissionQueue) -> None:
    assert list(admission.stream(count, 3)) == [0, 1, 2]
    assert admission.run(count, 3) == 2


def test_who_comes_when_all_places_are_taken_is_told_at_once(admission: AdmissionQueue) -> None:
    taken = [admission.stream(count, 3), admission.stream(count, 3)]
    for each in taken:
        next(each)

    with pytest.raises(BusyError, match="try again in ten seconds"):
        admission.run(count, 3)


@pytest.mark.parametrize("ends", ["closed", "read", "failed"])
def test_a_place_is_free_again_however_work_ends(admission: AdmissionQueue, ends: str) -> None:
    for _ in range(5):
        if ends == "failed":
            with pytest.raises(NotAPictureError):
                admission.run(fail)
            continue
        work = admission.stream(count, 3)
        next(work)
        if ends == "closed":
            work.close()
        else:
            list(work)

    assert admission.run(count, 3) == 2
