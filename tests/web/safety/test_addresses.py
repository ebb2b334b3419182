"""Addresses that a visitor gives: what must not be reached is refused; sockets are switched off."""

from typing import TYPE_CHECKING

import pytest
from tests.web.safety.server_and_visitor import token

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient

    Serve = Callable[..., TestClient]

# Names are looked up, and refused before anything is connected to.
pytestmark = pytest.mark.enable_socket

INSIDE = [
    "http://127.0.0.1/",
    "http://127.0.0.1:8000/health/live",
    "http://localhost/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::7f00:1]/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://172.16.0.1/",
    "http://100.64.0.1/",
    "http://[fd00::1]/",
    "http://[fe80::1%25eth0]/",
    "http://user:password@127.0.0.1/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/a.png",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "data:image/png;base64,AAAA",
    "//127.0.0.1/",
    "/etc/passwd",
    "-",
    "http://",
    "http://\u2025/",
    "http://a\0b/",
    "http://1.1.1.1:99999/",
    "http://1.1.1.1:-1/",
    "http://1.1.1.1:0/",
]


@pytest.mark.parametrize("url", INSIDE)
def test_the_page_reaches_nothing_inside(client: "TestClient", url: str) -> None:
    got = client.post("/pictures", data={"token": token(client), "url": url})

    assert got.status_code == 422
    assert len(got.json()["detail"]) < 400


@pytest.mark.parametrize("url", INSIDE)
def test_the_api_reaches_nothing_inside(client: "TestClient", url: str) -> None:
    assert client.post("/api/v1/describe", json={"url": url}).status_code == 422
    assert client.post("/api/v1/pictures", json={"url": url}).status_code == 422


@pytest.mark.parametrize("url", ["http://1.1.1.1:99999/", "http://127.0.0.1/", "ftp://a/b"])
def test_an_address_that_is_refused_takes_no_use(serve: "Serve", url: str) -> None:
    client = serve(free_uses="2")
    form = {"token": token(client), "url": url}

    answers = [client.post("/api/v1/describe", json={"url": url}) for _ in range(3)]
    answers += [client.post("/pictures", data=form) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422] * 6
    assert client.get("/api/v1/uses").json()["left"] == 2


def test_so_many_are_fetched_at_once_and_no_more(client: "TestClient") -> None:
    from imagetoprompt.web.uploads import FETCH_SLOTS  # noqa: PLC0415 - needs the extra [web]

    taken = 0
    while FETCH_SLOTS.acquire(blocking=False):
        taken += 1
    try:
        got = client.post("/api/v1/describe", json={"url": "http://192.0.2.1/"})
    finally:
        for _ in range(taken):
            FETCH_SLOTS.release()

    assert taken == 4
    assert got.status_code == 503
    assert got.headers["retry-after"] == "10"
