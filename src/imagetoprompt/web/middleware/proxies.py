"""X-Forwarded-For and X-Forwarded-Proto of trusted proxies.

uvicorn's own middleware is not used: it sets the client to whatever text stands in the header, and
does not trust an IPv4 proxy whose connection arrives on an IPv6 socket (::ffff:10.0.0.1).
"""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from imagetoprompt.web.middleware.reply import request_headers

SCHEMES: Final = ("http", "https")


class ProxyHeadersMiddleware:
    """Sets `scope["client"]` and `scope["scheme"]` from the headers of a trusted proxy.

    trusted: addresses and networks of the proxies. From any other peer the headers are ignored.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app, self._trusted = app, trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as the proxy received it."""
        peer, port = scope.get("client") or ("", 0)
        if scope["type"] == "http" and is_trusted(peer, self._trusted):
            headers = request_headers(scope)
            scheme = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
            # The header may be repeated; all its lines form one list.
            forwarded = {"x-forwarded-for": ",".join(headers.getlist("x-forwarded-for"))}
            scope["client"] = (client_address(peer, forwarded, self._trusted), port)
            scope["scheme"] = scheme if scheme in SCHEMES else scope["scheme"]
        await self._app(scope, receive, send)


def client_address(peer: str, headers: Mapping[str, str], trusted: Sequence[str]) -> str:
    """The client's address: the last one in X-Forwarded-For that is not a trusted proxy's.

    `peer` when it is not a trusted proxy itself, since any client can send the header, and when the
    header holds no valid address.
    """
    forwarded = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
    chain = [*(address for address in forwarded if address), peer]
    while len(chain) > 1 and is_trusted(chain[-1], trusted):
        chain.pop()
    return chain[-1] if _is_address(chain[-1]) else peer


def is_trusted(address: str, trusted: Sequence[str]) -> bool:
    """Whether the address is in one of those networks; a single address is a network of one."""
    if not _is_address(address):
        return False
    parsed = ipaddress.ip_address(address)
    # A dual-stack socket reports IPv4 peers as ::ffff:a.b.c.d.
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(parsed in ipaddress.ip_network(network, strict=False) for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
