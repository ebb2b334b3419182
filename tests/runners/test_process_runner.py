"""What becomes of processes that hang, crash, or take too much."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from tests.runners import sample_tasks

from imagetoprompt.errors import LateError, LostError, PictureError, WorkError
from imagetoprompt.runners import Limits, Runner, Task, open_runner
from imagetoprompt.runners.process_runner import ProcessRunner
from imagetoprompt.runners.worker_main import WorkerSettings

linux = pytest.mark.skipif(sys.platform != "linux", reason="bounds are those of Linux")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """One worker, so that the next task shows what became of it."""
    with ProcessRunner(1, WorkerSettings(Limits(), patience=0.2)) as opened:
        yield opened


def only(runner: Runner, task: Task, *arguments: object) -> object:
    (value,) = runner.stream(task, *arguments)
    return value


def gone(pid: int) -> bool:
    """Whether the process ends, zombies included."""
    for _ in range(400):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def test_a_task_works_in_another_process(runner: Runner) -> None:
    assert os.getpid() != only(runner, sample_tasks.pid)


def test_a_worker_serves_many_tasks(runner: Runner) -> None:
    assert only(runner, sample_tasks.pid) == only(runner, sample_tasks.pid)


@pytest.mark.parametrize("task", [sample_tasks.stubborn, sample_tasks.in_machine_code])
def test_a_task_that_does_not_close_is_killed(runner: Runner, task: Task) -> None:
    with closing(runner.stream(task)) as stream:
        pid = next(stream)
    assert gone(pid)
    assert pid != only(runner, sample_tasks.pid)


@pytest.mark.parametrize("task", [sample_tasks.stubborn, sample_tasks.in_machine_code])
def test_a_task_past_its_time_is_killed(runner: Runner, task: Task) -> None:
    stream = runner.stream(task, limits=Limits(seconds=0.2))
    pid = next(stream)
    with pytest.raises(LateError):
        next(stream)
    assert gone(pid)
    assert pid != only(runner, sample_tasks.pid)


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGTERM"])
def test_the_death_of_a_worker_is_told(runner: Runner, name: str) -> None:
    stream = runner.stream(sample_tasks.die, name)
    assert next(stream) == 1
    with pytest.raises(LostError, match=f"^The worker process died [(]{name}.*: try again[.]$"):
        next(stream)
    assert list(runner.stream(sample_tasks.count, 2)) == [0, 1]


def test_an_exit_of_a_worker_is_told(runner: Runner) -> None:
    with pytest.raises(LostError, match=r"exit code 3[)]: try again"):
        list(runner.stream(sample_tasks.leave, 3))


def test_a_worker_that_died_while_idle_costs_nobody_a_task(runner: Runner) -> None:
    pid = only(runner, sample_tasks.pid)
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    assert pid != only(runner, sample_tasks.pid)


def test_a_value_that_cannot_be_sent_is_told(runner: Runner) -> None:
    with pytest.raises(WorkError, match=r"^The task failed with TypeError: "):
        list(runner.stream(sample_tasks.unspeakable))


@linux
def test_memory_is_bounded(runner: Runner) -> None:
    first = only(runner, sample_tasks.pid)
    with pytest.raises(WorkError, match=r"^The task needs more memory than its limit: "):
        list(runner.stream(sample_tasks.fill, 500, limits=Limits(megabytes=400)))
    assert first != only(runner, sample_tasks.pid)
    assert only(runner, sample_tasks.fill, 500) == 500


@linux
def test_computing_time_is_bounded_anew_for_each_task(runner: Runner) -> None:
    started = time.monotonic()
    with pytest.raises(LateError, match=r"^The task took more CPU time than its limit: "):
        list(runner.stream(sample_tasks.spin, limits=Limits(cpu_seconds=1)))
    assert time.monotonic() - started < 8
    assert list(runner.stream(sample_tasks.count, 1, limits=Limits(cpu_seconds=1))) == [0]


def test_a_worker_is_replaced_after_its_number_of_tasks() -> None:
    with ProcessRunner(1, WorkerSettings(Limits(), max_tasks=2)) as runner:
        pids = [only(runner, sample_tasks.pid) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


@linux
def test_a_worker_that_grows_is_replaced() -> None:
    with ProcessRunner(1, WorkerSettings(Limits(), max_growth=50)) as runner:
        pids = [only(runner, sample_tasks.hoard, 30) for _ in range(4)]
    assert pids[0] == pids[1] == pids[2] != pids[3]


def test_workers_that_cannot_start_say_why() -> None:
    with (
        open_runner("processes:1", warm=sample_tasks.cold) as runner,
        pytest.raises(PictureError, match="The model is absent"),
    ):
        list(runner.stream(sample_tasks.count, 1))


def test_workers_start_once_they_can(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with open_runner("processes:1", warm=partial(sample_tasks.cold_until, mark)) as runner:
        with pytest.raises(PictureError):
            list(runner.stream(sample_tasks.count, 1))
        mark.touch()
        for _ in range(200):
            with contextlib.suppress(PictureError):
                assert list(runner.stream(sample_tasks.count, 1)) == [0]
                return
            time.sleep(0.05)
    pytest.fail("no worker came")


def test_an_error_of_unpicklable_orders_is_the_callers(runner: Runner) -> None:
    with pytest.raises(TypeError, match="pickle"):
        runner.stream(sample_tasks.count, (number for number in range(3)))


def test_a_runner_that_is_not_open_says_so() -> None:
    with pytest.raises(WorkError, match="open it again"):
        open_runner("processes:1").stream(sample_tasks.count, 1)


def test_the_exit_ends_work_and_workers(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with open_runner("processes:2") as runner:
        stream = runner.stream(sample_tasks.endless, mark)
        pid = next(stream)
        other = only(runner, sample_tasks.pid)
    assert gone(pid)
    assert isinstance(other, int)
    assert gone(other)
    assert mark.read_text("utf-8") == "closed"
    with pytest.raises(WorkError, match="The runner is closed"):
        list(stream)


def test_the_exit_does_not_wait_for_a_task_that_hangs() -> None:
    started = time.monotonic()
    with ProcessRunner(1, WorkerSettings(Limits(), patience=0.2)) as runner:
        stream = runner.stream(sample_tasks.stubborn)
        pid = next(stream)
        started = time.monotonic()
    assert time.monotonic() - started < 2
    assert gone(pid)
    stream.close()


@linux
def test_nothing_stays_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with ProcessRunner(2, WorkerSettings(Limits(), patience=0.2)) as runner:
        for _ in range(3):
            with pytest.raises(LostError):
                list(runner.stream(sample_tasks.die, "SIGKILL"))
            assert list(runner.stream(sample_tasks.count, 1)) == [0]
    assert before == len(list(Path("/proc/self/fd").iterdir()))


def test_who_else_asks_after_the_children_does_no_harm() -> None:
    """multiprocessing does so in any thread that starts a process of its own."""
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            multiprocessing.active_children()

    with ProcessRunner(1, WorkerSettings(Limits())) as runner:
        asking = threading.Thread(target=ask)
        asking.start()
        for _ in range(8):
            with pytest.raises(LostError, match=r"^The worker process died [(]SIGKILL"):
                [*runner.stream(sample_tasks.die, "SIGKILL")]
        ended.set()
        asking.join()
        assert only(runner, sample_tasks.pid) != os.getpid()
