"""Rates: so many requests of one address a minute.

Counted in this process, which is enough to keep one caller from filling it.
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
from imagetoprompt.web.middleware.reply import refuse

UNLIMITED_PATHS: Final = ("/static/", "/health/live")
"""Paths that cost next to nothing."""


class RateLimitMiddleware:
    """Refuses an address that asks for more than `a_minute` requests."""

    def __init__(self, app: ASGIApp, a_minute: int, address: Callable[[Scope], str]) -> None:
        self._app, self._address = app, address
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._most = RateLimitItemPerMinute(a_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its address has asked for little."""
        counts = scope["type"] == "http" and not scope["path"].startswith(UNLIMITED_PATHS)
        who = normalized_address(self._address(scope)) if counts else ""
        if not counts or self._limiter.hit(self._most, who):
            await self._app(scope, receive, send)
            return
        wait = max(1, ceil(self._limiter.get_window_stats(self._most, who).reset_time - time()))
        sentence = f"Too many requests: try again in {wait} seconds."
        await refuse(send, 429, sentence, {"retry-after": str(wait)})
