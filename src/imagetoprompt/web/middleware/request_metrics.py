"""Times: how long each answer took, by route, method and status.

The route is its template, never the path that was asked for. It does not know what is answered.
"""

from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagetoprompt.web.metrics import REQUESTS

METHODS: Final = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")
NOWHERE: Final = "none"
"""The route of a request that a guard refused, or that leads nowhere."""


class TimesGuard:
    """Notes each request when its answer is out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            told = REQUESTS.labels(method, _route(scope), str(status))
            told.observe(perf_counter() - began)


def _route(scope: Scope) -> str:
    """The template of the route, such as /api/v1/jobs/{job}."""
    if scope["path"].startswith("/static/"):
        return "/static"
    if "route" not in scope:
        return NOWHERE
    names = {str(value): f"{{{name}}}" for name, value in scope.get("path_params", {}).items()}
    return "/".join(names.get(part, part) for part in scope["path"].split("/"))
