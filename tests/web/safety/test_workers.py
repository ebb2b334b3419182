"""Work that harms its worker: its visitor gets one sentence, and the next one is served."""

import logging
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.web.safety import harmful_tasks
from tests.web.safety.server_and_visitor import COFFEE, chunk

from imagetoprompt.runners import Limits, Task, open_runner

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from imagetoprompt.runners import Task
    from imagetoprompt.web.services.admission import Work

# What a describe of a small picture needs, and no more.
NARROW = 1700


def work(task: "Task") -> "Work":
    """The task for a visitor."""
    from imagetoprompt.web.middleware.identity import Visitor  # noqa: PLC0415 - needs the extra [web]
    from imagetoprompt.web.services.admission import Work  # noqa: PLC0415

    return Work(task, tuple, Visitor("ada", "192.0.2.1"))


def heavy() -> bytes:
    """300 kB that become 100 million pixels with alpha: over 2 GB on the way to their facts."""
    packer = zlib.compressobj(1)
    lines = b"".join(packer.compress(b"\0" * 40_001_000) for _ in range(10))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 10_000, 10_000, 8, 6, 0, 0, 0))
    body = chunk(b"IDAT", lines + packer.flush())
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def narrow(_installed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator["TestClient"]:
    """A visitor of a server with one worker, which is bounded as a server's own are."""
    from fastapi.testclient import TestClient  # noqa: PLC0415 - needs the extra [web]
    from tests.web.safety.server_and_visitor import application  # noqa: PLC0415

    app = application(
        tmp_path_factory.mktemp("narrow"), runner="processes:1", worker_megabytes=NARROW
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("task", "status", "words"),
    [
        (harmful_tasks.eat, 413, "more memory"),
        (harmful_tasks.fill, 413, "more memory"),
        (harmful_tasks.crowd, 413, "more memory"),
        (harmful_tasks.burn, 503, "CPU time"),
        (harmful_tasks.hang, 503, "took more than"),
        (harmful_tasks.die, 503, "died .SIGKILL"),
    ],
)
def test_harm_costs_its_own_visitor_alone(task: Task, status: int, words: str) -> None:
    from imagetoprompt.errors import WorkError  # noqa: PLC0415
    from imagetoprompt.web.problem_details import http_status as told  # noqa: PLC0415
    from imagetoprompt.web.services.admission import AdmissionQueue  # noqa: PLC0415 - needs the extra [web]

    # Only what waits for nothing comes to the limit of time before its own.
    limits = Limits(seconds=1 if task is harmful_tasks.hang else 60, cpu_seconds=1, megabytes=600)
    with open_runner("processes:1", limits=limits) as runner:
        admission = AdmissionQueue(runner, 1, limits)
        with pytest.raises(WorkError, match=words) as caught:
            admission.run(work(task))
        after = admission.run(work(harmless))

    assert told(caught.value) == status
    assert "\n" not in str(caught.value)
    assert after == 2


def harmless() -> Iterator[int]:
    yield from range(3)


def test_a_picture_too_heavy_for_its_worker(narrow: "TestClient") -> None:
    got = narrow.post("/api/v1/describe", content=heavy())
    after = narrow.post("/api/v1/describe", content=COFFEE)

    assert got.status_code == 413
    assert "memory" in got.json()["detail"]
    assert after.status_code == 200


def test_lost_work_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    from imagetoprompt.errors import LostError  # noqa: PLC0415
    from imagetoprompt.web.services.admission import AdmissionQueue  # noqa: PLC0415 - needs the extra [web]

    with (
        caplog.at_level(logging.WARNING),
        open_runner("processes:1") as runner,
        pytest.raises(LostError),
    ):
        AdmissionQueue(runner, 1, Limits(seconds=5)).run(work(harmful_tasks.die))

    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_who_comes_when_all_are_busy_is_told_when_to_come_back(
    serve: "Callable[..., TestClient]",
) -> None:
    client = serve(waiting=0)
    admission = client.app.state.admission  # type: ignore[attr-defined]
    taken = admission.stream(work(harmless))
    next(taken)
    try:
        got = client.post("/api/v1/describe", content=COFFEE)
    finally:
        taken.close()

    assert (got.status_code, got.headers["retry-after"]) == (503, "10")
    assert client.post("/api/v1/describe", content=COFFEE).status_code == 200


def test_every_server_bounds_both_kinds_of_work() -> None:
    from imagetoprompt.web.config import Config  # noqa: PLC0415

    for limits in (Config().describe_limits, Config().transform_limits):
        assert limits.seconds > 0
        assert limits.cpu_seconds >= limits.seconds
        assert 4000 <= limits.megabytes <= 8000


def test_nothing_that_was_sent_is_decoded_outside_of_a_worker() -> None:
    """No module of the server but that of the tasks can open a picture."""
    from imagetoprompt import web  # noqa: PLC0415

    folder = Path(web.__file__).parent
    opens = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if "open_picture" in path.read_text() or "from PIL" in path.read_text()
    }

    assert opens == {"worker_tasks.py"}
