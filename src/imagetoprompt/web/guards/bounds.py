"""Bounds: a request may only be so large and take so long to arrive.

Counted while it comes in, before anything is kept of it. It does not know what it carries.
"""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagetoprompt.web.guards.answers import headers, refuse

MEGABYTE: Final = 1_000_000
# What a form has around its pictures.
ROOM: Final = 65_536


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
        length = headers(scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > self._most:
            await refuse(send, 413, self._sentence)
            return
        watch = _Watch(receive, send, self._most, self._seconds)
        try:
            await self._app(scope, watch.receive, watch.send)
        except (_TooMuch, _TooSlow) as error:
            if not watch.begun:
                await refuse(send, *self._why(error))

    def _why(self, error: Exception) -> tuple[int, str]:
        if isinstance(error, _TooMuch):
            return 413, self._sentence
        return 408, "The request took too long to arrive: try again on a better line."


class _TooMuch(Exception):  # noqa: N818 - seen by nobody but the guard
    """More bytes came than may."""


class _TooSlow(Exception):  # noqa: N818 - seen by nobody but the guard
    """The body did not arrive in time."""


class _Watch:
    """Counts the bytes of one request, and the seconds until its last one."""

    def __init__(self, receive: Receive, send: Send, most: int, seconds: float) -> None:
        self._receive, self._send, self._most = receive, send, most
        self._until = asyncio.get_running_loop().time() + seconds
        self._bytes, self._whole, self.begun = 0, False, False

    async def receive(self) -> Message:
        """The next part of the request."""
        if self._whole:
            return await self._receive()
        left = self._until - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(self._receive(), max(left, 0))
        except TimeoutError as error:
            raise _TooSlow from error
        self._bytes += len(message.get("body", b""))
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        if self._bytes > self._most:
            raise _TooMuch
        return message

    async def send(self, message: Message) -> None:
        """Pass a part of the answer on."""
        self.begun = True
        await self._send(message)
