"""Bounds: a request may only be so large and take so long to arrive, and all together so large.

Counted while it comes in, before anything is kept of it.
"""

import asyncio
from dataclasses import dataclass
from math import inf
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagetoprompt.web.middleware.reply import headers, refuse

MEGABYTE: Final = 1_000_000
# What a form has around its pictures.
ROOM: Final = 65_536
SLOW: Final = "The request took too long to arrive: try again on a better line."
FULL: Final = "Too many pictures are coming in at once: try again in ten seconds."
RETRY: Final = {"retry-after": "10"}
DIGITS: Final = 15
"""Of a length: more are no honest one, and Python itself reads only so many."""
JSON: Final = "application/json"
JSON_BYTES: Final = 1_000_000
"""A scene with its measurements takes a tenth of it; more would only keep the parser busy."""
TOO_LONG: Final = "At most 1 MB of JSON is taken at once: say less."


class BodyLimitsMiddleware:
    """Refuses bodies of more than `megabytes`, or that take more than `seconds` to arrive.

    room: megabytes of all bodies together whose requests are not over.
    """

    def __init__(self, app: ASGIApp, megabytes: float, seconds: float, room: float = inf) -> None:
        self._app, self._seconds = app, seconds
        self._room = _Room(room * MEGABYTE)
        self._usual = _Most(
            int(megabytes * MEGABYTE) + ROOM,
            f"At most {megabytes:g} MB are taken at once: give a smaller file of the picture.",
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as long as it stays within bounds."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        words = headers(scope).get("content-type", "").lower().startswith(JSON)
        most = _Most(JSON_BYTES, TOO_LONG) if words else self._usual
        length = headers(scope).get("content-length", "0")
        if not length.isdecimal() or len(length) > DIGITS or int(length) > most.bytes:
            await refuse(send, 413, most.sentence)
        elif not self._room.fits(int(length)):
            await refuse(send, 503, FULL, RETRY)
        else:
            watch = _Watch(receive, self._room, most, self._seconds)
            try:
                await self._app(scope, watch.receive, send)
            finally:
                self._room.taken -= watch.bytes


@dataclass(frozen=True)
class _Most:
    """How many bytes one body may have, and what is said of more."""

    bytes: int
    sentence: str


@dataclass
class _Room:
    """The bytes of all requests under way; what only says that it will come takes no room."""

    size: float
    taken: int = 0

    def fits(self, more: int) -> bool:
        return self.taken + more <= self.size


class _Watch:
    """Counts the bytes of one request, and the seconds until its last one.

    What it raises reaches the application where it reads the body, as an error of HTTP.
    """

    def __init__(self, receive: Receive, room: _Room, most: _Most, seconds: float) -> None:
        self._receive, self._room, self._most = receive, room, most
        self._until = asyncio.get_running_loop().time() + seconds
        self.bytes, self._whole = 0, False

    async def receive(self) -> Message:
        """The next part of the request."""
        if self._whole:
            return await self._receive()
        left = self._until - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(self._receive(), max(left, 0))
        except TimeoutError as error:
            raise HTTPException(408, SLOW) from error
        self._count(len(message.get("body", b"")))
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    def _count(self, more: int) -> None:
        self.bytes, self._room.taken = self.bytes + more, self._room.taken + more
        if self.bytes > self._most.bytes:
            raise HTTPException(413, self._most.sentence)
        if not self._room.fits(0):
            raise HTTPException(503, FULL, RETRY)
