"""Who is calling: a signed cookie, an address, or the name of an API key.

It counts nothing. It does not know pictures or pages.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Final

from itsdangerous import BadSignature, TimestampSigner, URLSafeSerializer

COOKIE: Final = "visit"
LASTS: Final = 30 * 24 * 3600
"""Seconds that a visitor is known; longer than anything is kept."""
FORM_LASTS: Final = 24 * 3600


@dataclass(frozen=True)
class Visitor:
    """Who is calling; `key` is the name of the API key that was given, if any.

    fresh: whether the cookie has yet to be set.
    """

    id: str
    address: str
    key: str = ""
    fresh: bool = False


class Seals:
    """Signs cookies and forms with one secret, so that nobody else can make them."""

    def __init__(self, secret: str) -> None:
        self._cookies = URLSafeSerializer(secret, salt="visit")
        self._forms = TimestampSigner(secret, salt="form")

    def cookie(self, visitor: str) -> str:
        """The value of the cookie of a visitor."""
        return str(self._cookies.dumps(visitor))

    def visitor(self, cookie: str) -> str:
        """The visitor of a cookie, or "" when nobody here has signed it."""
        try:
            return str(self._cookies.loads(cookie))
        except BadSignature:
            return ""

    def token(self, visitor: str) -> str:
        """What a form of this visitor carries, so that no other site can send it."""
        return self._forms.sign(visitor).decode()

    def owns(self, visitor: str, token: str) -> bool:
        """Whether the token was made for this visitor, not long ago."""
        try:
            return self._forms.unsign(token, max_age=FORM_LASTS).decode() == visitor
        except BadSignature:
            return False


def stranger() -> str:
    """The id of a visitor who has not been here."""
    return token_urlsafe(16)


def address(peer: str, headers: Mapping[str, str], trusted: Sequence[str]) -> str:
    """The caller's address: the last one in X-Forwarded-For that no trusted proxy has.

    The header is believed from a trusted proxy only; anybody could write it.
    """
    named = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
    chain = [*(part for part in named if part), peer]
    while len(chain) > 1 and among(chain[-1], trusted):
        chain.pop()
    return chain[-1] if _is_address(chain[-1]) else peer


def among(given: str, trusted: Sequence[str]) -> bool:
    """Whether the address is one of those, or in one of those networks."""
    if not _is_address(given):
        return False
    found = ipaddress.ip_address(given)
    # As a server that listens on IPv6 too sees those of IPv4.
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in ipaddress.ip_network(each, strict=False) for each in trusted)


def _is_address(given: str) -> bool:
    try:
        ipaddress.ip_address(given)
    except ValueError:
        return False
    return True
