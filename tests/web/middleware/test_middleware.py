import asyncio
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message

from imagetoprompt.web.middleware.csrf import CsrfMiddleware
from imagetoprompt.web.middleware.identity import COOKIE, CookieSigner, IdentityMiddleware
from imagetoprompt.web.middleware.request_limits import BodyLimitsMiddleware, RateLimitMiddleware
from imagetoprompt.web.middleware.security_headers import (
    SECURITY_HEADERS,
    SecurityHeadersMiddleware,
)

SEALS = CookieSigner("secret")


async def told(request: Request) -> Response:
    body = await request.body()
    visitor = request.scope.get("visitor")
    return PlainTextResponse(f"{len(body)} {visitor.id if visitor else ''}")


def app() -> ASGIApp:
    return Starlette(routes=[Route("/{path:path}", told, methods=["GET", "POST"])])


def bounded() -> TestClient:
    return TestClient(BodyLimitsMiddleware(app(), megabytes=0.1, seconds=5))


def test_every_answer_has_the_headers() -> None:
    got = TestClient(SecurityHeadersMiddleware(app())).get("/")

    assert {name: got.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "unsafe" not in got.headers["content-security-policy"]


def test_a_body_within_bounds_arrives() -> None:
    assert bounded().post("/", content=b"x" * 150_000).text.startswith("150000")


def test_a_body_that_says_it_is_too_large_is_refused_unread() -> None:
    got = bounded().post("/", content=b"x" * 300_000)

    assert got.status_code == 413
    assert got.json()["detail"].startswith("The upload is larger than 0.1 MB")


def test_a_body_that_does_not_say_how_large_it_is_is_counted() -> None:
    got = bounded().post("/", content=(b"x" * 10_000 for _ in range(30)))

    assert got.status_code == 413


@pytest.mark.parametrize("length", ["-1", "many", "1e9"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    got = bounded().post("/", content=b"x", headers={"Content-Length": length})

    assert got.status_code == 413


def test_a_body_that_does_not_arrive_is_given_up() -> None:
    sent: list[Message] = []
    guard = BodyLimitsMiddleware(app(), megabytes=1, seconds=0.05)

    async def never() -> Message:
        await asyncio.sleep(30)
        return {"type": "http.disconnect"}

    async def keep(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    asyncio.run(guard(scope, never, keep))

    assert sent[0]["status"] == 408


def posted(headers: dict[str, str]) -> int:
    client = TestClient(CsrfMiddleware(app()), base_url="http://ours")
    return client.post("/", headers=headers).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://ours"},
    ],
)
def test_our_own_pages_and_programs_may_post(headers: dict[str, str]) -> None:
    assert posted(headers) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://theirs"},
        {"Origin": "null"},
    ],
)
def test_other_sites_may_not(headers: dict[str, str]) -> None:
    assert posted(headers) == 403


def test_anybody_may_read() -> None:
    client = TestClient(CsrfMiddleware(app()))

    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_an_address_that_asks_too_often_is_told_when_to_come_back() -> None:
    who = iter(["192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.1"])
    client = TestClient(RateLimitMiddleware(app(), 2, lambda scope: next(who)))

    statuses = [client.get("/").status_code for _ in range(3)]
    refused = client.get("/")

    assert statuses == [200, 200, 200]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 61


def test_styles_and_health_do_not_count() -> None:
    client = TestClient(RateLimitMiddleware(app(), 1, lambda scope: "192.0.2.1"))

    assert [client.get("/static/x.css").status_code for _ in range(3)] == [200, 200, 200]


@pytest.fixture
def visited() -> Callable[[dict[str, str]], TestClient]:
    def client(cookies: dict[str, str]) -> TestClient:
        guard = IdentityMiddleware(app(), lambda: SEALS, lambda scope: "192.0.2.1", {"k": "ci"}.get)
        return TestClient(guard, cookies=cookies)

    return client


def test_who_is_new_gets_a_cookie_that_scripts_cannot_read(
    visited: Callable[[dict[str, str]], TestClient],
) -> None:
    got = visited({}).get("/")
    cookie = got.headers["set-cookie"]

    assert SEALS.visitor(got.cookies[COOKIE].strip('"')) == got.text.split()[1]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_who_was_here_is_known(visited: Callable[[dict[str, str]], TestClient]) -> None:
    got = visited({COOKIE: SEALS.cookie("ada")}).get("/")

    assert got.text.split()[1] == "ada"
    assert "set-cookie" not in got.headers


def test_a_forged_cookie_is_a_strangers(visited: Callable[[dict[str, str]], TestClient]) -> None:
    got = visited({COOKIE: CookieSigner("forger").cookie("ada")}).get("/")

    assert got.text.split()[1] != "ada"
    assert "set-cookie" in got.headers


def test_a_key_is_known_by_its_name(visited: Callable[[dict[str, str]], TestClient]) -> None:
    got = visited({}).get("/", headers={"Authorization": "Bearer k"})

    assert got.text.split()[1] == "key:ci"
    assert "set-cookie" not in got.headers
