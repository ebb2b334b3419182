"""Cross-site request forgery: requests that change something must not come from other sites.

Browsers name the site a request comes from (Sec-Fetch-Site, Origin); programs send neither header.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from imagetoprompt.web.problem_details import request_headers, send_problem

SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
SAME_SITE_VALUES: Final = ("same-origin", "none")
CROSS_SITE: Final = "Requests from other sites are not accepted: open the page itself."


class CsrfMiddleware:
    """Answers 403 to unsafe requests that a browser sends from another site.

    names: the only host names that our pages are served under, when those are known. A foreign name
    can be made to resolve to this server and then passes as the same origin (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, names: Sequence[str] = ()) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless it comes from another site."""
        if (
            scope["type"] == "http"
            and scope["method"] not in SAFE_METHODS
            and self._is_cross_site(scope)
        ):
            await send_problem(send, 403, CROSS_SITE)
        else:
            await self._app(scope, receive, send)

    def _is_cross_site(self, scope: Scope) -> bool:
        headers = request_headers(scope)
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if origin is not None and self._names and _host(origin) not in self._names:
            return True
        if site is not None:
            return site not in SAME_SITE_VALUES
        return origin is not None and origin.partition("://")[2] != headers.get("host", "")


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""
