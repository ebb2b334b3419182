from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tests.web.safety.server_and_visitor import brought

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

Serve = Callable[..., "TestClient"]
HTTPS = {"X-Forwarded-Proto": "https"}


def cookie(client: "TestClient", headers: dict[str, str]) -> str:
    return str(client.get("/", headers=headers).headers["set-cookie"])


def test_scripts_and_other_sites_do_not_get_it(serve: Serve) -> None:
    given = cookie(serve(), {})

    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    assert "Path=/" in given


def test_behind_a_trusted_proxy_with_https_it_is_for_https_alone(serve: Serve) -> None:
    client = serve(peer="10.0.0.1", trusted_proxies=("10.0.0.0/8",))

    assert "Secure" in cookie(client, HTTPS)


def test_a_proxy_that_came_by_http_is_believed(serve: Serve) -> None:
    client = serve(peer="10.0.0.1", trusted_proxies=("10.0.0.0/8",))

    assert "Secure" not in cookie(client, {"X-Forwarded-Proto": "http"})


@pytest.mark.parametrize("peer", ["192.0.2.1", "not an address", "::ffff:192.0.2.1"])
def test_nobody_else_is_believed(serve: Serve, peer: str) -> None:
    client = serve(peer=peer, trusted_proxies=("10.0.0.0/8",))

    assert "Secure" not in cookie(client, HTTPS)


def test_the_last_proxy_counts(serve: Serve) -> None:
    client = serve(peer="::ffff:10.0.0.1", trusted_proxies=("10.0.0.0/8",))

    assert "Secure" in cookie(client, {"X-Forwarded-Proto": "http, https"})


@pytest.mark.parametrize("path", ["/static/base.css", "/examples/coffee/small.jpg"])
def test_what_is_the_same_for_all_sets_none(client: "TestClient", path: str) -> None:
    assert "set-cookie" not in client.get(path).headers


def test_a_forged_one_opens_nothing(client: "TestClient", other: "TestClient") -> None:
    brought(client)
    mine = client.cookies["visit"]
    other.cookies.set("visit", mine[:-3] + "AAA")

    got = other.get("/api/v1/jobs")

    assert got.json()["jobs"] == []
    assert "set-cookie" in got.headers
