"""What a guard needs of ASGI: who asked, and a short answer."""

import json
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import Scope, Send

from imagetoprompt.web.problem_details import MEDIA_TYPE, problem


def headers(scope: Scope) -> Headers:
    """The headers of the request."""
    return Headers(scope=scope)


async def refuse(send: Send, code: int, detail: str, more: Mapping[str, str] | None = None) -> None:
    """Answer with problem details, at once; `more` are further headers.

    `error` is what the page reads, as in every other answer.
    """
    body = json.dumps({**problem(code, detail), "error": detail}).encode()
    told = {
        "content-type": MEDIA_TYPE,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "connection": "close",
        **(more or {}),
    }
    pairs = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": code, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
