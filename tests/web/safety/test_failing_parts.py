"""A disk that is full, a defect in a painting: nothing is half done, and all is well after."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.web.safety.server_and_visitor import COFFEE, brought, token

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

Serve = Callable[..., "TestClient"]


def full(client: "TestClient", patch: pytest.MonkeyPatch, after: int) -> None:
    """Let the disk of the server be full after so many more files."""
    from imagetoprompt.web.db.blob_store import BlobStore  # noqa: PLC0415 - needs the extra [web]
    from imagetoprompt.web.server_errors import StateError  # noqa: PLC0415

    put, left = BlobStore.put, iter(range(after))

    def refused(files: BlobStore, name: str, data: bytes) -> None:
        if next(left, None) is None:
            raise StateError(f"The file '{name}' cannot be written: No space left on device.")
        put(files, name, data)

    patch.setattr(BlobStore, "put", refused)


@pytest.mark.parametrize("after", [0, 1, 2])
def test_half_a_picture_is_none(serve: Serve, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    client = serve(free_uses="5", host="0.0.0.0")  # noqa: S104 - never bound
    state = client.app.state  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        full(client, patch, after)
        got = client.post("/api/v1/describe", content=COFFEE)

    kept = [path for path in Path(state.config.files).rglob("*") if path.is_file()]
    assert (got.status_code, got.headers["retry-after"]) == (503, "10")
    assert "device" not in got.text
    assert kept == []
    assert client.get("/api/v1/uses").json()["left"] == 5
    assert client.post("/api/v1/describe", content=COFFEE).status_code == 200


def test_a_server_that_cannot_write_files_is_not_ready(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve()
    with monkeypatch.context() as patch:
        full(client, patch, 0)
        got = client.get("/health/ready")

    assert (got.status_code, got.json()["status"]) == (503, "the files cannot be written")
    assert client.get("/health/ready").status_code == 200
    state = client.app.state  # type: ignore[attr-defined]
    assert [path for path in Path(state.config.files).rglob("*") if path.is_file()] == []


def test_a_server_whose_database_is_deleted_says_so(serve: Serve) -> None:
    client = serve()
    state = client.app.state  # type: ignore[attr-defined]
    Path(state.config.database.removeprefix("sqlite:///")).unlink()

    ready = client.get("/health/ready")
    described = client.post("/api/v1/describe", content=COFFEE)

    assert (ready.status_code, ready.json()["status"]) == (503, "the database cannot be written")
    assert (described.status_code, described.headers["retry-after"]) == (503, "10")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is lost is given up soon."""
    from imagetoprompt.web.services import transform_workers  # noqa: PLC0415 - needs the extra [web]

    monkeypatch.setattr(transform_workers, "LEASE_SECONDS", 0.5)
    monkeypatch.setattr(transform_workers, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr("imagetoprompt.web.lifespan.REAP_SECONDS", 0.1)


@pytest.mark.usefixtures("hasty")
def test_a_painting_that_cannot_be_filed_is_not_lost_in_silence(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve()
    picture = brought(client)
    with monkeypatch.context() as patch:
        full(client, patch, 0)
        job = painted(client, picture)
        told = over(client, job)

    assert told["state"] == "lost"
    assert over(client, painted(client, picture))["state"] == "done"


@pytest.mark.usefixtures("hasty")
def test_a_defect_in_a_painting_ends_no_painter(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve()
    picture = brought(client)
    with monkeypatch.context() as patch:
        patch.setattr("imagetoprompt.web.services.transforms.transform_payload", defective)
        told = over(client, painted(client, picture))

    assert told["state"] == "lost"
    assert over(client, painted(client, picture))["state"] == "done"


def defective(job: object) -> object:
    raise ZeroDivisionError


def painted(client: "TestClient", picture: str) -> str:
    """The id of a job."""
    form = {"token": token(client), "preset": "watercolor"}
    got = client.post(f"/p/{picture}/paint", data=form)
    return str(got.headers["location"].rpartition("job=")[2])


def over(client: "TestClient", job: str) -> dict[str, str]:
    """The job when it is over."""
    for _ in range(300):
        told: dict[str, str] = client.get(f"/api/v1/jobs/{job}").json()
        if told["state"] not in ("queued", "running"):
            return told
        time.sleep(0.05)
    raise AssertionError(told)
