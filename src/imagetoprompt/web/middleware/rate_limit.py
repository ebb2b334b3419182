"""Rate limit: at most so many requests a minute from one address.

Counted by each process for itself, which is enough to keep one client from filling it.
"""

from collections.abc import Callable
from math import ceil
from time import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from imagetoprompt.web.db.quota_ledger import normalized_address
from imagetoprompt.web.middleware.reply import send_problem

UNLIMITED_PATHS: Final = ("/static/", "/health/live")
"""Paths that cost next to nothing to serve."""


class RateLimitMiddleware:
    """Answers 429 to an address that sends more than `a_minute` requests in a minute."""

    def __init__(self, app: ASGIApp, a_minute: int, address: Callable[[Scope], str]) -> None:
        self._app, self._address = app, address
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(a_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its address is below the limit."""
        counts = scope["type"] == "http" and not scope["path"].startswith(UNLIMITED_PATHS)
        address = normalized_address(self._address(scope)) if counts else ""
        if not counts or self._limiter.hit(self._limit, address):
            await self._app(scope, receive, send)
            return
        reset = self._limiter.get_window_stats(self._limit, address).reset_time
        seconds = max(1, ceil(reset - time()))
        detail = f"Too many requests: wait {seconds} seconds."
        await send_problem(send, 429, detail, {"retry-after": str(seconds)})
