"""Names of hosts to addresses that anyone on the internet may reach, and no others.

It does not know HTTP.
"""

import ipaddress
import socket
from typing import Final, TypeAlias

from imagetoprompt.errors import FetchError

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"

# IPv6 prefixes that carry an IPv4 address in their last 32 bits: NAT64 (RFC 6052).
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """All addresses of the host, in the resolver's order; FetchError when there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"No address is known for '{host}': check the URL.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether the address is on the public internet.

    Not: private, loopback, link-local, multicast, reserved, unspecified, and shared (carrier-grade
    NAT, RFC 6598) ones, nor an IPv6 address that stands for such an IPv4 address.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(
        each.is_global and not (each.is_multicast or each.is_reserved or each.is_unspecified)
        for each in _meant(parsed)
    )


def _meant(address: Address) -> list[Address]:
    """The address, or the IPv4 addresses that it stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    inner = [address.sixtofour, *(address.teredo or ())]
    return [address, *(each for each in inner if each is not None)]
