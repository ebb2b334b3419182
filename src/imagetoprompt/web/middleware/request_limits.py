"""Limits on requests: how many an address may send, and how large and how slow bodies may be.

The bytes of bodies are counted while they arrive, before anything is stored.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf
from time import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagetoprompt.web.db.quota_ledger import WIDE_FACTOR, normalized_address, wide_address
from imagetoprompt.web.problem_details import request_headers, send_problem

MEGABYTE: Final = 1_000_000
FORM_OVERHEAD_BYTES: Final = 65_536
"""What a multipart form adds around its pictures: boundaries, headers and the other fields."""
SLOW: Final = "The request took too long to arrive: try again on a faster connection."
FULL: Final = "Too many uploads at once: try again in ten seconds."
RETRY: Final = {"retry-after": "10"}
MAX_LENGTH_DIGITS: Final = 15
"""Digits of a Content-Length; int() itself refuses numbers of more than 4300 digits."""
JSON: Final = "application/json"
JSON_BYTES: Final = 1_000_000
"""Ten times what a scene with all its measurements needs; more only costs parsing time."""
JSON_TOO_LARGE: Final = "The JSON is larger than 1 MB: send less."


class BodyLimitsMiddleware:
    """Answers 413 to bodies of more than `megabytes`, 408 after `seconds`, 503 beyond `room`.

    room: megabytes of the bodies of all unfinished requests together.
    """

    def __init__(self, app: ASGIApp, megabytes: float, seconds: float, room: float = inf) -> None:
        self._app, self._seconds = app, seconds
        self._total = _TotalBytes(room * MEGABYTE)
        self._upload_limit = _BodyLimit(
            int(megabytes * MEGABYTE) + FORM_OVERHEAD_BYTES,
            f"The upload is larger than {megabytes:g} MB: send a smaller file.",
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as long as its body stays within the limits."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = request_headers(scope)
        is_json = headers.get("content-type", "").lower().startswith(JSON)
        limit = _BodyLimit(JSON_BYTES, JSON_TOO_LARGE) if is_json else self._upload_limit
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > MAX_LENGTH_DIGITS or int(length) > limit.bytes:
            await send_problem(send, 413, limit.detail)
        elif not self._total.fits(int(length)):
            await send_problem(send, 503, FULL, RETRY)
        else:
            body = _CountedBody(receive, self._total, limit, self._seconds)
            try:
                await self._app(scope, body.receive, send)
            finally:
                self._total.taken -= body.bytes


@dataclass(frozen=True)
class _BodyLimit:
    """How many bytes one body may have, and the error detail beyond that."""

    bytes: int
    detail: str


@dataclass
class _TotalBytes:
    """The bytes received of all unfinished requests; announced bytes are not counted."""

    size: float
    taken: int = 0

    def fits(self, more: int) -> bool:
        return self.taken + more <= self.size


class _CountedBody:
    """Receives one body and counts its bytes, until a deadline.

    It raises HTTPException where the application reads the body.
    """

    def __init__(
        self, receive: Receive, total: _TotalBytes, limit: _BodyLimit, seconds: float
    ) -> None:
        self._receive, self._total, self._limit = receive, total, limit
        self._deadline = asyncio.get_running_loop().time() + seconds
        self.bytes, self._complete = 0, False

    async def receive(self) -> Message:
        """The next message of the request."""
        if self._complete:
            return await self._receive()
        remaining = self._deadline - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(self._receive(), max(remaining, 0))
        except TimeoutError as error:
            raise HTTPException(408, SLOW) from error
        self._count(len(message.get("body", b"")))
        self._complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    def _count(self, more: int) -> None:
        self.bytes, self._total.taken = self.bytes + more, self._total.taken + more
        if self.bytes > self._limit.bytes:
            raise HTTPException(413, self._limit.detail)
        if not self._total.fits(0):
            raise HTTPException(503, FULL, RETRY)


UNLIMITED_PATHS: Final = ("/static/", "/health/live")
"""Paths that cost next to nothing to serve."""


class RateLimitMiddleware:
    """Answers 429 to an address that sends more than `a_minute` requests in a minute.

    An IPv6 address counts as its /64, and all of a /56 have WIDE_FACTOR times as many together.
    Each process counts for itself, which is enough to keep one client from filling it.
    """

    def __init__(self, app: ASGIApp, a_minute: int, address: Callable[[Scope], str]) -> None:
        self._app, self._address = app, address
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(a_minute)
        self._wide_limit = RateLimitItemPerMinute(a_minute * WIDE_FACTOR)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its address is below the limit."""
        counts = scope["type"] == "http" and not scope["path"].startswith(UNLIMITED_PATHS)
        exceeded = self._exceeded(self._address(scope)) if counts else None
        if exceeded is None:
            await self._app(scope, receive, send)
            return
        reset = self._limiter.get_window_stats(*exceeded).reset_time
        seconds = max(1, ceil(reset - time()))
        detail = f"Too many requests: wait {seconds} seconds."
        await send_problem(send, 429, detail, {"retry-after": str(seconds)})

    def _exceeded(self, address: str) -> tuple[RateLimitItemPerMinute, str] | None:
        """Count the request; the limit that it exceeds, and the network that it counts for."""
        counted = (self._limit, normalized_address(address))
        wide = (self._wide_limit, f"wide {wide_address(address)}")
        return next((each for each in (counted, wide) if not self._limiter.hit(*each)), None)
