"""Origins: what changes something is taken from our own pages and from programs, not other sites.

Browsers say where a request comes from (Sec-Fetch-Site, Origin); programs say nothing. It does not
know who the visitor is.
"""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from imagetoprompt.web.guards.answers import headers, refuse

SAFE: Final = ("GET", "HEAD", "OPTIONS")
OURS: Final = ("same-origin", "none")


class OriginsGuard:
    """Refuses unsafe requests that a browser sends for another site."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless it is another site's."""
        if scope["type"] == "http" and scope["method"] not in SAFE and _foreign(scope):
            await refuse(send, 403, "This page takes no forms from other sites: open it itself.")
        else:
            await self._app(scope, receive, send)


def _foreign(scope: Scope) -> bool:
    given = headers(scope)
    site = given.get("sec-fetch-site")
    if site is not None:
        return site not in OURS
    origin = given.get("origin")
    return origin is not None and origin.partition("://")[2] != given.get("host", "")
