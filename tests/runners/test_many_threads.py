"""Many threads at one runner, and the end of the process that holds it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.runners import sample_tasks
from tests.runners.test_process_runner import gone

from imagetoprompt.errors import LostError
from imagetoprompt.runners import Limits, Runner, Stream
from imagetoprompt.runners.process_runner import ProcessRunner
from imagetoprompt.runners.worker_main import WorkerSettings


@pytest.fixture(scope="module")
def pair() -> Iterator[Runner]:
    with ProcessRunner(2, WorkerSettings(Limits(seconds=20), patience=0.2)) as opened:
        yield opened


def test_two_tasks_run_at_once(pair: Runner, tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    with ThreadPoolExecutor(2) as threads:
        met = threads.map(lambda two: list(pair.stream(sample_tasks.meet, *two)), [(a, b), (b, a)])
        assert list(met) == [["a"], ["b"]]


def test_many_threads_get_their_own_values(pair: Runner) -> None:
    with ThreadPoolExecutor(16) as threads:
        got = threads.map(lambda end: list(pair.stream(sample_tasks.count, end)), range(200))
        assert [list(range(end)) for end in range(200)] == list(got)


def test_deaths_do_not_disturb_the_others(pair: Runner) -> None:
    def work(number: int) -> object:
        if number % 10:
            return list(pair.stream(sample_tasks.count, number))
        with pytest.raises(LostError):
            list(pair.stream(sample_tasks.die, "SIGKILL"))
        return None

    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(work, range(60)))
    assert [list(range(n)) if n % 10 else None for n in range(60)] == got


def close_while_read(stream: Stream, after: float) -> None:
    """Close a stream that another thread reads, after so many seconds; the reader then ends."""
    reader = threading.Thread(target=list, args=(stream,))
    reader.start()
    time.sleep(after)
    stream.close()
    reader.join(5)
    assert not reader.is_alive()


def test_another_thread_cancels_a_task_under_way(pair: Runner, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    stream = pair.stream(sample_tasks.endless, mark)
    close_while_read(stream, after=0.1)
    assert mark.read_text("utf-8") == "closed"


def test_another_thread_cancels_a_task_that_hangs(pair: Runner) -> None:
    stream = pair.stream(sample_tasks.stubborn)
    pid = next(stream)
    close_while_read(stream, after=0.05)
    assert gone(pid)


def test_waiting_for_a_worker_can_be_cancelled() -> None:
    with ProcessRunner(1, WorkerSettings(Limits(), patience=0.2)) as runner:
        busy = runner.stream(sample_tasks.stubborn)
        next(busy)
        waiting = runner.stream(sample_tasks.count, 3)
        got: list[object] = []
        reader = threading.Thread(target=lambda: got.extend(waiting))
        reader.start()
        time.sleep(0.05)
        waiting.close()
        reader.join(5)
        assert not reader.is_alive()
        assert got == []


PARENT = """
import sys, time
from imagetoprompt.runners import Limits
from imagetoprompt.runners.worker_main import WorkerSettings
from imagetoprompt.runners.process_runner import ProcessRunner
from tests.runners import sample_tasks

if __name__ == "__main__":
    runner = ProcessRunner(2, WorkerSettings(Limits(), patience=0.2)).__enter__()
    stream = runner.stream(getattr(sample_tasks, sys.argv[1]))
    print(next(stream), *runner.stream(sample_tasks.pid), flush=True)
    if sys.argv[2:]:
        sys.exit()
    time.sleep(60)
"""


def parent(folder: Path, *words: str) -> "subprocess.Popen[str]":
    script = folder / "parent.py"
    script.write_text(PARENT, "utf-8")
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, script, *words], stdout=subprocess.PIPE, text=True, env=paths
    )


@pytest.mark.parametrize("task", ["stubborn", "in_machine_code"])
def test_workers_die_with_their_parent(tmp_path: Path, task: str) -> None:
    with parent(tmp_path, task) as process:
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        process.send_signal(signal.SIGKILL)
    assert [gone(pid) for pid in pids] == [True, True]


def test_a_program_that_never_closes_its_runner_ends(tmp_path: Path) -> None:
    with parent(tmp_path, "stubborn", "leave") as process:
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        assert process.wait(20) == 0
    assert [gone(pid) for pid in pids] == [True, True]
