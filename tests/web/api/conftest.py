import io
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.web.api.callers import Caller, configured

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from imagetoprompt.web.config import Config

ROOT = Path(__file__).parents[3]
NUMBERS = count()


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> "Config":
    """How the server of a module is set up; some modules have their own."""
    pytest.importorskip("fastapi", reason="needs the extra [web]")
    return configured(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def app(config: "Config") -> "FastAPI":
    from imagetoprompt.web import create_app  # noqa: PLC0415 - needs the extra [web]

    return create_app(config)


@pytest.fixture(scope="module")
def running(app: "FastAPI") -> Iterator["TestClient"]:
    """The application from its start to its end, shared by the tests of a module."""
    from fastapi.testclient import TestClient  # noqa: PLC0415 - needs the extra [web]

    with TestClient(app) as client:
        yield client


@pytest.fixture
def visit(app: "FastAPI", running: "TestClient") -> Callable[[], Caller]:
    """Makes visitors who have not been here, each at an address of its own."""
    from fastapi.testclient import TestClient  # noqa: PLC0415 - needs the extra [web]

    def made() -> Caller:
        number = next(NUMBERS)
        return Caller(TestClient(app, client=(f"203.0.{number // 250}.{number % 250}", 1)))

    return made


@pytest.fixture
def caller(visit: Callable[[], Caller]) -> Caller:
    return visit()


@pytest.fixture(scope="session")
def cat() -> bytes:
    return (ROOT / "examples" / "cat.jpg").read_bytes()


@pytest.fixture(scope="module")
def described(running: "TestClient", cat: bytes) -> str:
    """The id of a picture that somebody described."""
    answer = Caller(running).send("/describe", cat)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["picture"])


@pytest.fixture(scope="session")
def png() -> Callable[..., bytes]:
    """Makes a black PNG of a size, with a white box (left, top, right, bottom)."""

    def made(width: int, height: int, box: tuple[int, int, int, int] = (0, 0, 0, 0)) -> bytes:
        from PIL import Image  # noqa: PLC0415 - loaded when a picture is needed

        pixels = np.zeros((height, width), np.uint8)
        left, top, right, bottom = box
        pixels[top:bottom, left:right] = 255
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG")
        return buffer.getvalue()

    return made
