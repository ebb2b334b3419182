from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tests.web.safety.server_and_visitor import ROOT

from imagetoprompt.errors import SettingError

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

Serve = Callable[..., "TestClient"]


def last(client: "TestClient", *forwarded: str, path: str = "/health/ready") -> int:
    """The status of the last of so many requests."""
    got = [client.get(path, headers={"X-Forwarded-For": each}) for each in forwarded]
    return int(got[-1].status_code)


def test_an_address_has_so_many_a_minute(serve: Serve) -> None:
    assert last(serve(requests_a_minute=2), "", "", "") == 429


def test_who_invents_addresses_gains_nothing(serve: Serve) -> None:
    client = serve(peer="192.0.2.1", requests_a_minute=2)

    assert last(client, "198.51.100.1", "198.51.100.2", "198.51.100.3") == 429


def test_a_trusted_proxy_speaks_for_many(serve: Serve) -> None:
    client = serve(peer="10.0.0.1", trusted_proxies=("10.0.0.1",), requests_a_minute=2)

    assert last(client, "198.51.100.1", "198.51.100.2", "198.51.100.3") == 200
    assert last(client, "198.51.100.1", "6.6.6.6, 198.51.100.1", "7.7.7.7,198.51.100.1") == 429


def test_all_of_an_ipv6_network_are_one(serve: Serve) -> None:
    client = serve(peer="::1", trusted_proxies=("::1",), requests_a_minute=2)

    assert last(client, "2001:db8::1", "2001:db8::2", "2001:db8::ffff:3") == 429
    assert last(client, "2001:db8:1::1") == 200


def test_the_networks_of_an_ipv6_customer_have_four_times_as_many(serve: Serve) -> None:
    client = serve(peer="::1", trusted_proxies=("::1",), requests_a_minute=2)

    assert last(client, *[f"2001:db8:0:{number:x}::1" for number in range(8)]) == 200
    assert last(client, "2001:db8:0:ff::1") == 429
    assert last(client, "2001:db8:0:100::1") == 200


@pytest.mark.parametrize("path", ["/", "/metrics", "/health/ready", "/api/v1/targets", "/nothing"])
def test_whatever_costs_counts(serve: Serve, path: str) -> None:
    assert last(serve(requests_a_minute=2), "", "", "", path=path) == 429


def test_uses_are_counted_by_the_forwarded_address(serve: Serve) -> None:
    client = serve(peer="10.0.0.1", trusted_proxies=("10.0.0.1",), free_uses="1")
    ask = {"X-Forwarded-For": "2001:db8::1"}, {"X-Forwarded-For": "2001:db8::2"}

    codes: list[int] = []
    for headers in ask:
        client.cookies.clear()
        body = b"no picture" if codes else (ROOT / "examples" / "coffee.jpg").read_bytes()
        codes.append(client.post("/api/v1/describe", content=body, headers=headers).status_code)

    assert codes == [200, 429]


def test_a_proxy_that_is_no_address_is_named_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    from imagetoprompt.web.config import read_config  # noqa: PLC0415

    monkeypatch.setenv("IMAGETOPROMPT_TRUSTED_PROXIES", "10.0.0.1, nginx")

    with pytest.raises(SettingError, match="TRUSTED_PROXIES names 'nginx'"):
        read_config()
