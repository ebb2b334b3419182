from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.safety.server_and_visitor import application, brought

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    pytest.importorskip("fastapi", reason="needs the extra [web]")


@pytest.fixture(scope="session")
def app(_installed: None, tmp_path_factory: pytest.TempPathFactory) -> "FastAPI":
    return application(tmp_path_factory.mktemp("safety"))


@pytest.fixture(scope="session")
def client(app: "FastAPI") -> Iterator["TestClient"]:
    """One visitor of a server that all tests share."""
    from fastapi.testclient import TestClient  # noqa: PLC0415 - needs the extra [web]

    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as running:
        yield running


@pytest.fixture(scope="session")
def picture(client: "TestClient") -> str:
    """The id of a picture of that visitor."""
    return brought(client)


@pytest.fixture
def other(app: "FastAPI", client: "TestClient") -> "TestClient":
    """Another visitor of the same server."""
    from fastapi.testclient import TestClient  # noqa: PLC0415 - needs the extra [web]

    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., "TestClient"]]:
    """Makes a visitor of a server of its own with these settings."""
    from fastapi.testclient import TestClient  # noqa: PLC0415 - needs the extra [web]

    with ExitStack() as stack:

        def served(peer: str = "127.0.0.1", **given: Any) -> "TestClient":  # noqa: ANN401
            app = application(tmp_path, **given)
            made = TestClient(
                app,
                raise_server_exceptions=False,
                follow_redirects=False,
                client=(peer, 50_000),
            )
            return stack.enter_context(made)

        yield served
