"""The runner in a Ray cluster on this machine; skipped only where Ray is not installed."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.runners import sample_tasks
from tests.runners.test_process_runner import gone

from imagetoprompt.errors import LateError, LostError, MissingPartError, UnknownNameError, WorkError
from imagetoprompt.runners import Limits, Runner, open_runner

WITHOUT_RAY = find_spec("ray") is None
WITHOUT_CLIENT = find_spec("grpc") is None
ADDRESS = re.compile(r"--address='([^']+)'")
# Away from the ports that Ray gives to workers.
CLIENT_PORT = 20001 + os.getpid() % 10000
CLIENT = """
import sys
from contextlib import closing
from pathlib import Path
from imagetoprompt.errors import UnknownNameError, WorkError
from imagetoprompt.runners import open_runner
from tests.runners import sample_tasks

mark = Path(sys.argv[2])
with open_runner(sys.argv[1]) as runner:
    print(*runner.stream(sample_tasks.count, 3))
    with closing(runner.stream(sample_tasks.endless, mark)) as stream:
        next(stream)
    print(mark.read_text("utf-8"))
    try:
        list(runner.stream(sample_tasks.unknown))
    except UnknownNameError as error:
        print(error)
    stream = runner.stream(sample_tasks.endless, mark)
    next(stream)
try:
    next(stream)
except WorkError as error:
    print(error)
"""
AFTER = """
import sys
import ray
from imagetoprompt.errors import WorkError
from imagetoprompt.runners import open_runner
from tests.runners import sample_tasks

with open_runner(sys.argv[1]) as runner:
    stream = runner.stream(sample_tasks.endless, sys.argv[2])
    next(stream)
try:
    next(stream)
except WorkError as error:
    print(error, ray.is_initialized())
"""


@pytest.mark.skipif(not WITHOUT_RAY, reason="Ray is installed")
def test_without_ray_the_remedy_is_named() -> None:
    with pytest.raises(MissingPartError, match=r"pip install '\.\[ray\]'"):
        open_runner("ray").__enter__()


@pytest.mark.parametrize("address", ["ray:", "ray:/", "ray:host", "ray://host"])
def test_another_address_is_unknown(address: str) -> None:
    with pytest.raises(UnknownNameError):
        open_runner(address)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A cluster of this machine only; what talks to it are Ray's own sockets."""
    if WITHOUT_RAY:
        pytest.skip("needs Ray: pip install '.[ray]'")
    words = ("--num-cpus=2", "--include-dashboard=false", "--disable-usage-stats", "--port=0")
    client = () if WITHOUT_CLIENT else (f"--ray-client-server-port={CLIENT_PORT}",)
    with subprocess.Popen(
        [Path(sys.executable).with_name("ray"), "start", "--head", "--block", *words, *client],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Without gRPC's own handlers a fork is safe: see ray_runner._CONNECT_ATTEMPTS.
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "GRPC_ENABLE_FORK_SUPPORT": "false",
        },
    ) as head:
        assert head.stdout is not None
        yield next(found[1] for line in head.stdout if (found := ADDRESS.search(line)))
        head.terminate()
        head.stdout.read()


@pytest.fixture(scope="module")
def runner(cluster: str) -> Iterator[Runner]:
    with open_runner(f"ray:{cluster}", warm=sample_tasks.warm) as opened:
        yield opened


def test_values_come_as_they_are_made(runner: Runner, tmp_path: Path) -> None:
    seen = []
    for value in runner.stream(sample_tasks.as_asked, 3, tmp_path, limits=Limits(seconds=20)):
        seen.append(value)
        (tmp_path / str(value)).touch()
    assert [*range(3)] == seen


def test_each_worker_is_warmed(runner: Runner) -> None:
    assert [*runner.stream(sample_tasks.warmth)] == [["warm"]]


def test_as_many_run_at_once_as_there_are_cores(runner: Runner, tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    with ThreadPoolExecutor(2) as threads:
        met = threads.map(
            lambda two: list(runner.stream(sample_tasks.meet, *two)), [(a, b), (b, a)]
        )
        assert [*met] == [["a"], ["b"]]


def test_closing_runs_the_finally_of_the_task(runner: Runner, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with closing(runner.stream(sample_tasks.endless, mark)) as stream:
        next(stream)
    assert mark.read_text("utf-8") == "closed"


def test_another_thread_cancels(runner: Runner, tmp_path: Path) -> None:
    stream = runner.stream(sample_tasks.endless, tmp_path / "mark")
    next(stream)
    reader = threading.Thread(target=list, args=(stream,))
    reader.start()
    stream.close()
    reader.join(10)
    assert not reader.is_alive()


def test_a_task_that_does_not_close_is_killed(runner: Runner) -> None:
    with closing(runner.stream(sample_tasks.stubborn)) as stream:
        pid = next(stream)
    assert gone(pid)


def test_a_task_past_its_time_is_killed(runner: Runner) -> None:
    stream = runner.stream(sample_tasks.stubborn, limits=Limits(seconds=0.2))
    pid = next(stream)
    with pytest.raises(LateError):
        next(stream)
    assert gone(pid)


def test_the_death_of_a_worker_is_told(runner: Runner, tmp_path: Path) -> None:
    stream = runner.stream(sample_tasks.endless, tmp_path / "mark")
    pid = next(stream)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(LostError, match=r"WorkerCrashedError.*; try again\.$"):
        list(stream)
    assert gone(pid)
    assert list(runner.stream(sample_tasks.count, 2)) == [0, 1]


def test_errors_keep_class_and_message(runner: Runner) -> None:
    with pytest.raises(UnknownNameError, match=r"^No target named 'dali'\. There are: flux, "):
        list(runner.stream(sample_tasks.unknown))


def test_of_other_errors_only_the_type_is_told(runner: Runner) -> None:
    with pytest.raises(WorkError, match=r"^The task failed with ZeroDivisionError: "):
        list(runner.stream(sample_tasks.stumble))


def said(program: str, *words: str) -> list[str]:
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        env=paths,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.usefixtures("cluster")
@pytest.mark.skipif(WITHOUT_CLIENT, reason="needs Ray's client: pip install '.[ray]'")
def test_a_caller_outside_of_the_cluster_is_served(tmp_path: Path) -> None:
    assert [*said(CLIENT, f"ray://127.0.0.1:{CLIENT_PORT}", str(tmp_path / "mark"))] == [
        "0 1 2",
        "closed",
        "No target named 'dali'. There are: flux, firefly.",
        "The runner is closed: open it again.",
    ]


def test_no_cluster_of_its_own_is_begun_after_the_exit(cluster: str, tmp_path: Path) -> None:
    lines = said(AFTER, f"ray:{cluster}", str(tmp_path / "mark"))
    assert lines == ["The runner is closed: open it again. False"]
