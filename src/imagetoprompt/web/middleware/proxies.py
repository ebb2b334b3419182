"""Proxies: who calls and by what scheme, as a proxy that is trusted says it.

Whatever comes after finds them in `scope["client"]` and `scope["scheme"]`.
"""

from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from imagetoprompt.web.middleware.identity_cookie import client_address, is_trusted
from imagetoprompt.web.middleware.reply import headers

SCHEMES: Final = ("http", "https")


class ProxyHeadersMiddleware:
    """Believes the X-Forwarded headers of the trusted, and of nobody else."""

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app, self._trusted = app, trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as it was before the proxy took it."""
        peer, port = scope.get("client") or ("", 0)
        if scope["type"] == "http" and is_trusted(peer, self._trusted):
            given = headers(scope)
            scheme = given.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
            # The header may come more than once; every line of it counts.
            chain = {"x-forwarded-for": ",".join(given.getlist("x-forwarded-for"))}
            scope["client"] = (client_address(peer, chain, self._trusted), port)
            scope["scheme"] = scheme if scheme in SCHEMES else scope["scheme"]
        await self._app(scope, receive, send)
