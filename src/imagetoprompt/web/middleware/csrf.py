"""Origins: what changes something is taken from our own pages and from programs, not other sites.

Browsers say where a request comes from (Sec-Fetch-Site, Origin); programs say nothing. It does not
know who the visitor is.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from imagetoprompt.web.middleware.reply import headers, refuse

SAFE: Final = ("GET", "HEAD", "OPTIONS")
OURS: Final = ("same-origin", "none")


class CsrfMiddleware:
    """Refuses unsafe requests that a browser sends for another site.

    names: of the only hosts that pages of ours come from, when those are known. A foreign name may
    be made to lead here, and then calls itself the same origin (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, names: Sequence[str] = ()) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless it is another site's."""
        if scope["type"] == "http" and scope["method"] not in SAFE and self._foreign(scope):
            await refuse(send, 403, "This page takes no forms from other sites: open it itself.")
        else:
            await self._app(scope, receive, send)

    def _foreign(self, scope: Scope) -> bool:
        given = headers(scope)
        site, origin = given.get("sec-fetch-site"), given.get("origin")
        if origin is not None and self._names and _host(origin) not in self._names:
            return True
        if site is not None:
            return site not in OURS
        return origin is not None and origin.partition("://")[2] != given.get("host", "")


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""
