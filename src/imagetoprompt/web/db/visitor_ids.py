"""Whos: what a visitor is known by in the counts, which says nothing of who it is.

It does not know what is counted.
"""

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address
from typing import Final

# A home or a phone is handed at least so much of IPv6, and may use any address in it.
HOME_BITS: Final = 64


def who_of_address(address: str, salt: bytes) -> str:
    """The hash of an address; all of an IPv6 /64 are one, and so are IPv4 and its form in IPv6."""
    return _hash("address", home(address), salt)


def who_of_visitor(visitor: str, salt: bytes) -> str:
    """The hash of what a visitor's cookie holds."""
    return _hash("visitor", visitor, salt)


def home(address: str) -> str:
    """The address as it counts: all of an IPv6 /64 as one, and IPv4 in IPv6 as IPv4."""
    try:
        known = ip_address(address)
    except ValueError:
        # Such as the peer of a UNIX socket, which has no address: all of those are one.
        return "none"
    if isinstance(known, IPv6Address):
        known = known.ipv4_mapped or IPv6Address(int(known) >> HOME_BITS << HOME_BITS)
    return str(known)


def _hash(kind: str, text: str, salt: bytes) -> str:
    said = f"{kind}:{text}".encode("utf-8", "surrogatepass")
    return hmac.new(salt, said, hashlib.sha256).hexdigest()
