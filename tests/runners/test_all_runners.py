"""What every runner does in the same way."""

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.runners import sample_tasks

from imagetoprompt.errors import (
    LateError,
    PictureError,
    TooLargeError,
    UnknownNameError,
    WorkError,
)
from imagetoprompt.runners import Limits, Runner, open_runner
from imagetoprompt.runners.stream import is_out_of_memory


@pytest.fixture(params=["serial", "processes:1"], scope="module")
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    with open_runner(request.param) as opened:
        yield opened


def test_values_come_in_order(runner: Runner) -> None:
    assert list(range(100)) == list(runner.stream(sample_tasks.count, 100))


def test_values_come_as_they_are_made(runner: Runner, tmp_path: Path) -> None:
    seen = []
    for value in runner.stream(sample_tasks.as_asked, 3, tmp_path, limits=Limits(seconds=10)):
        seen.append(value)
        (tmp_path / str(value)).touch()
    assert seen == [0, 1, 2]


def test_a_task_may_return_any_iterator(runner: Runner) -> None:
    assert list(runner.stream(sample_tasks.listed)) == [1, 2]


def test_closing_runs_the_finally_of_the_task(runner: Runner, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with closing(runner.stream(sample_tasks.endless, mark)) as stream:
        first = next(stream)
    assert mark.read_text("utf-8") == "closed"
    assert list(stream) == []
    assert [first] == list(runner.stream(sample_tasks.pid))


def test_a_stream_that_is_forgotten_is_closed(runner: Runner, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    next(runner.stream(sample_tasks.endless, mark))
    assert mark.read_text("utf-8") == "closed"


def test_a_stream_that_is_closed_before_it_begins_does_nothing(
    runner: Runner, tmp_path: Path
) -> None:
    stream = runner.stream(sample_tasks.endless, tmp_path / "mark")
    stream.close()
    assert list(stream) == []
    assert not (tmp_path / "mark").exists()


def test_errors_of_ours_keep_class_and_message(runner: Runner) -> None:
    with pytest.raises(PictureError, match=r"^A sentence\.$"):
        list(runner.stream(sample_tasks.refuse, "A sentence."))


def test_errors_whose_making_takes_more_cross_too(runner: Runner) -> None:
    with pytest.raises(UnknownNameError) as raised:
        list(runner.stream(sample_tasks.unknown))
    assert str(raised.value) == "No target named 'dali'. There are: flux, firefly."


def test_of_other_errors_only_the_type_is_told(
    runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(WorkError) as raised:
        list(runner.stream(sample_tasks.stumble))
    assert (
        str(raised.value)
        == "The task failed with ZeroDivisionError: please report it, with the log."
    )
    assert 'raise ZeroDivisionError("what the picture says")' in caplog.text


def test_values_before_an_error_are_given(runner: Runner) -> None:
    stream = runner.stream(sample_tasks.stumble)
    assert next(stream) == 1
    with pytest.raises(WorkError):
        next(stream)


def test_a_task_past_its_time_is_late(runner: Runner, tmp_path: Path) -> None:
    with pytest.raises(LateError, match=r"^The work took more than 0\.1 s; "):
        list(runner.stream(sample_tasks.endless, tmp_path / "mark", limits=Limits(seconds=0.1)))


@pytest.mark.parametrize("address", ["serial", "processes:1"])
def test_each_worker_is_warmed(address: str) -> None:
    sample_tasks.WARM.clear()
    with open_runner(address, warm=sample_tasks.warm) as runner:
        assert list(runner.stream(sample_tasks.warmth)) == [["warm"]]


@pytest.mark.parametrize(
    "address", ["", "threads", "serial:2", "processes:", "processes:0", "processes:-1"]
)
def test_another_address_is_unknown(address: str) -> None:
    with pytest.raises(UnknownNameError, match="There are: serial, processes, processes:4, "):
        open_runner(address)


@pytest.mark.parametrize(
    ("address", "size", "expected"), [("serial", 0, 1), ("processes:3", 2, 3), ("processes", 2, 2)]
)
def test_the_number_in_the_address_goes_first(address: str, size: int, expected: int) -> None:
    assert expected == open_runner(address, size=size).size


@pytest.mark.parametrize("error", [SystemError("resize failed"), TooLargeError("Shrink it.")])
def test_memory_that_ran_out_below_another_error_counts(error: Exception) -> None:
    assert not is_out_of_memory(error)
    error.__cause__ = MemoryError()
    assert is_out_of_memory(error)
