from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tests.web.safety.server_and_visitor import COFFEE, token

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

PATHS = [
    "/",
    "/p/{picture}",
    "/p/{picture}?set=time=dusk&set=time=dusk",
    "/p/{picture}/shown.jpg",
    "/p/{picture}/whole",
    "/p/{picture}/sharp.png",
    "/p/nothing",
    "/nothing",
    "/api/v1/nothing",
    "/api/v1/targets",
    "/api/v1/openapi.json",
    "/static/base.css",
    "/static/nothing.css",
    "/examples/coffee/small.jpg",
    "/health/live",
    "/metrics",
]


def check(headers: object) -> None:
    from imagetoprompt.web.middleware.security_headers import SECURITY_HEADERS  # noqa: PLC0415 - needs the extra [web]

    assert {name: headers.get(name) for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", PATHS)
def test_every_kind_of_answer_has_them(client: "TestClient", picture: str, path: str) -> None:
    check(client.get(path.format(picture=picture)).headers)


@pytest.mark.parametrize("accept", ["text/html", "application/json", "application/x-ndjson"])
@pytest.mark.parametrize("path", ["/pictures", "/api/v1/describe", "/p/x/paint", "/nothing"])
def test_every_refusal_has_them(client: "TestClient", path: str, accept: str) -> None:
    got = client.post(path, content=b"x", headers={"Accept": accept})

    check(got.headers)
    assert 400 <= got.status_code < 500
    assert got.headers["cache-control"] == "no-store"


def test_what_is_too_large_has_them(client: "TestClient") -> None:
    check(client.post("/pictures", content=b"", headers={"Content-Length": "9" * 30}).headers)


def test_a_foreign_form_has_them(client: "TestClient") -> None:
    check(client.post("/pictures", headers={"Sec-Fetch-Site": "cross-site"}).headers)


def test_a_stream_of_lines_has_them(client: "TestClient") -> None:
    got = client.post(
        "/pictures",
        data={"token": token(client)},
        files={"picture": COFFEE},
        headers={"Accept": "application/x-ndjson"},
    )

    assert len(got.text.splitlines()) == 2
    check(got.headers)


def test_a_stream_of_events_has_them(client: "TestClient") -> None:
    got = client.post("/api/v1/describe", content=COFFEE, headers={"Accept": "text/event-stream"})

    assert got.headers["content-type"].startswith("text/event-stream")
    check(got.headers)


def test_too_many_requests_have_them(serve: "Callable[..., TestClient]") -> None:
    client = serve(requests_a_minute=1)
    got = [client.get("/") for _ in range(3)][-1]

    assert got.status_code == 429
    check(got.headers)


def test_a_defect_has_them_and_tells_nothing(app: "FastAPI", client: "TestClient") -> None:
    @app.get("/defect")
    def defect() -> None:
        raise ValueError("a secret")

    got = client.get("/defect")

    assert got.status_code == 500
    assert "secret" not in got.text
    check(got.headers)


def test_no_template_has_inline_scripts_or_styles(client: "TestClient", picture: str) -> None:
    from html.parser import HTMLParser  # noqa: PLC0415

    found: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if tag == "style" or (tag == "script" and "src" not in given):
                found.append(tag)
            found.extend(name for name in given if name == "style" or name.startswith("on"))

    Parser().feed(client.get("/").text + client.get(f"/p/{picture}").text)

    assert found == []
