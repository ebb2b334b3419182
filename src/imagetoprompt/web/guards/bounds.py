"""Bounds: a request may only be so large and take so long to arrive.

Counted while it comes in, before anything is kept of it. It does not know what it carries.
"""

import asyncio
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagetoprompt.web.guards.answers import headers, refuse

MEGABYTE: Final = 1_000_000
# What a form has around its pictures.
ROOM: Final = 65_536
SLOW: Final = "The request took too long to arrive: try again on a better line."
JSON: Final = "application/json"
JSON_BYTES: Final = 1_000_000
"""A scene with its measurements takes a tenth of it; more would only keep the parser busy."""
TOO_LONG: Final = "At most 1 MB of JSON is taken at once: say less."


class BoundsGuard:
    """Refuses bodies of more than `megabytes`, or that take more than `seconds` to arrive."""

    def __init__(self, app: ASGIApp, megabytes: float, seconds: float) -> None:
        self._app, self._seconds = app, seconds
        self._most = int(megabytes * MEGABYTE) + ROOM
        self._sentence = (
            f"At most {megabytes:g} MB are taken at once: give a smaller file of the picture."
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as long as it stays within bounds."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        words = headers(scope).get("content-type", "").lower().startswith(JSON)
        most, sentence = (JSON_BYTES, TOO_LONG) if words else (self._most, self._sentence)
        length = headers(scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > most:
            await refuse(send, 413, sentence)
            return
        watch = _Watch(receive, most, self._seconds, sentence)
        await self._app(scope, watch.receive, send)


class _Watch:
    """Counts the bytes of one request, and the seconds until its last one.

    What it raises reaches the application where it reads the body, as an error of HTTP.
    """

    def __init__(self, receive: Receive, most: int, seconds: float, sentence: str) -> None:
        self._receive, self._most, self._sentence = receive, most, sentence
        self._until = asyncio.get_running_loop().time() + seconds
        self._bytes, self._whole = 0, False

    async def receive(self) -> Message:
        """The next part of the request."""
        if self._whole:
            return await self._receive()
        left = self._until - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(self._receive(), max(left, 0))
        except TimeoutError as error:
            raise HTTPException(408, SLOW) from error
        self._bytes += len(message.get("body", b""))
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        if self._bytes > self._most:
            raise HTTPException(413, self._sentence)
        return message
