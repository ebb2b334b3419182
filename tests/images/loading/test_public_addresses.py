import pytest

from imagetoprompt.errors import FetchError
from imagetoprompt.images.loading.download import is_public, resolve


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public_addresses(address: str) -> None:
    assert is_public(address) is True


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",  # noqa: S104
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001:0:7f00:1::",
        "not an address",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert is_public(address) is False


@pytest.mark.enable_socket
def test_an_address_resolves_to_itself() -> None:
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]


@pytest.mark.enable_socket
def test_a_name_that_cannot_be_resolved_is_refused() -> None:
    with pytest.raises(FetchError, match="The host"):
        resolve("a" * 70 + ".invalid", 80)
