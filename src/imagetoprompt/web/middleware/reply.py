"""Request headers and problem details for ASGI middleware, which has no Request or Response."""

import json
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import Scope, Send

from imagetoprompt.web.problem_details import MEDIA_TYPE, problem


def request_headers(scope: Scope) -> Headers:
    """The headers of the request."""
    return Headers(scope=scope)


async def send_problem(
    send: Send, code: int, detail: str, more: Mapping[str, str] | None = None
) -> None:
    """Send problem details as the whole response; `more` are further headers.

    The page's script reads `error`, which every other error response has as well.
    """
    body = json.dumps({**problem(code, detail), "error": detail}).encode()
    headers = {
        "content-type": MEDIA_TYPE,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "connection": "close",
        **(more or {}),
    }
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": code, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
