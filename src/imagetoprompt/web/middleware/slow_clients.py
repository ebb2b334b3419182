"""Connections: whoever is slow to ask or to read is hung up on, and nobody holds too many.

uvicorn itself waits for as long as they like. A body is timed where it is read: by the guards. It
does not know what is asked.
"""

import asyncio
import logging
from functools import cache
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from imagetoprompt.web.config import read_config
from imagetoprompt.web.middleware.identity_cookie import is_trusted

HEAD: Final = 15.0
"""Seconds from the first byte of a request, or from the call, to the end of its head."""
TAKE: Final = 30.0
"""Seconds in which a reader takes the next 48 kB of an answer: a hundredth of a poor line."""
MAX_CONNECTIONS_PER_ADDRESS: Final = 100
"""Connections of one address: a browser has six, and a whole office may share an address."""
LEAST: Final = 64
LOG_NOISE: Final = ("Invalid HTTP request received.", "Unsupported upgrade request.")


class QuietFilter(logging.Filter):
    """Keeps out of the log what anybody on the internet could fill it with."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record says anything."""
        return record.getMessage() not in LOG_NOISE


class GuardedConnection(H11Protocol):
    """A connection to one caller, with patience that ends."""

    _head: asyncio.TimerHandle | None = None
    _take: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the call, unless this caller has many already, or all together."""
        super().connection_made(transport)
        if self._many():
            transport.abort()
        else:
            self._watch_head()

    def data_received(self, data: bytes) -> None:
        """Take what was sent, and see whether a whole head has come."""
        super().data_received(data)
        self._watch_head()

    def on_response_complete(self) -> None:
        """After an answer, give its reader time to take the rest of it, and no more."""
        super().on_response_complete()
        self._linger()

    def timeout_keep_alive_handler(self) -> None:
        """Hang up on one who asks no more."""
        super().timeout_keep_alive_handler()
        self._linger()

    def pause_writing(self) -> None:
        """Wait for the reader, for a while."""
        super().pause_writing()
        self._take = self._take or self.loop.call_later(TAKE, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader has caught up."""
        super().resume_writing()
        _cancel(self._take)
        self._take = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        _cancel(self._head)
        _cancel(self._take)
        super().connection_lost(exc)

    def _watch_head(self) -> None:
        # After our answer, what still comes of its request counts as slow, too.
        expected = self.conn.their_state is h11.IDLE or self.conn.our_state is h11.DONE
        if not expected:
            _cancel(self._head)
            self._head = None
        elif self._head is None and not self.transport.is_closing():
            self._head = self.loop.call_later(HEAD, self.transport.abort)

    def _linger(self) -> None:
        _cancel(self._head)
        self._head = None
        if self.transport.is_closing() and self._take is None:
            self._take = self.loop.call_later(TAKE, self.transport.abort)

    def _many(self) -> bool:
        if len(self.connections) > max_connections():
            return True
        peer = _peer(self)
        held = sum(_peer(connection) == peer for connection in self.connections)
        return held > MAX_CONNECTIONS_PER_ADDRESS and not is_trusted(
            peer, read_config().trusted_proxies
        )


def _peer(connection: object) -> str:
    client = getattr(connection, "client", None)
    return client[0] if client else ""


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


@cache
def max_connections() -> int:
    """All connections at once: half of the files that may be open, the rest is for the work."""
    try:
        import resource  # noqa: PLC0415 (absent from Windows)
    except ImportError:
        return LEAST * 4
    return max(LEAST, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
