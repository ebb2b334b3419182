"""Who calls the API in the tests, and how the server is set up for them."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from imagetoprompt.web.config import Config

ROOT = "/api/v1"
OVER = ("done", "failed", "cancelled", "lost")


class Answer(Protocol):
    """What the tests look at of an answer."""

    @property
    def status_code(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def content(self) -> bytes: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    def json(self) -> Any: ...  # noqa: ANN401 - any JSON


def configured(folder: Path) -> "Config":
    """A server of one worker that keeps everything in the folder and counts no uses."""
    from imagetoprompt.web.config import Config  # noqa: PLC0415 - the extra [web]

    return Config(
        data=str(folder),
        database=f"sqlite:///{folder}/state.db",
        files=f"{folder}/files",
        runner="serial",
        workers=2,
        free_uses="none",
        requests_a_minute=100_000,
        engines=("draft", "echo"),
    )


@dataclass(frozen=True)
class Caller:
    """One visitor: a client that keeps its cookie. Headers are given with _ for -."""

    client: "TestClient"

    def get(self, path: str, **headers: str) -> Answer:
        return cast(Answer, self.client.get(ROOT + path, headers=_named(headers)))

    def post(self, path: str, body: object, **headers: str) -> Answer:
        return cast(Answer, self.client.post(ROOT + path, json=body, headers=_named(headers)))

    def send(self, path: str, data: bytes, kind: str = "image/jpeg", **headers: str) -> Answer:
        told = {"Content-Type": kind, **_named(headers)}
        return cast(Answer, self.client.post(ROOT + path, content=data, headers=told))

    def delete(self, path: str, **headers: str) -> Answer:
        return cast(Answer, self.client.delete(ROOT + path, headers=_named(headers)))

    def kept(self, data: bytes) -> str:
        """The id of a picture that is kept aside."""
        return str(self.send("/pictures", data).json()["picture"])

    def ended(self, job: str, seconds: float = 30) -> dict[str, Any]:
        """The job when it is over."""
        until = time.monotonic() + seconds
        while True:
            found: dict[str, Any] = self.get(f"/jobs/{job}").json()
            if found["state"] in OVER:
                return found
            assert time.monotonic() < until, found
            time.sleep(0.05)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Names and data of server-sent events."""
    parts = [dict(_fields(block)) for block in text.split("\n\n") if "data: " in block]
    return [(part["event"], json.loads(part["data"])) for part in parts]


def _fields(block: str) -> list[tuple[str, str]]:
    lines = (line.partition(": ") for line in block.splitlines() if not line.startswith(":"))
    return [(name, value) for name, _, value in lines]


def problem(answer: Answer) -> tuple[int, str]:
    """Status and sentence of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    assert told["status"] == answer.status_code
    return int(told["status"]), str(told["detail"])
