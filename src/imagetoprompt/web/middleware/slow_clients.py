"""Connection limits: slow clients are disconnected, and one address may hold only so many.

uvicorn has no timeouts for request heads or slow readers; BodyLimitsMiddleware times the bodies. A
reader is slow by what it takes in an interval, never by how long the whole response takes.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from imagetoprompt.web.config import read_config
from imagetoprompt.web.db.quota_ledger import WIDE_FACTOR, normalized_address, wide_address
from imagetoprompt.web.middleware.identity import is_trusted

HEAD_SECONDS: Final = 15.0
"""From the connection, or the first byte of a later request, to the end of the request's head."""
READ_SECONDS: Final = 30.0
"""Interval in which a client must take MIN_READ_BYTES while the server waits for it."""
MIN_READ_BYTES: Final = 16_000
"""Half a kilobyte a second, far below any usable line; however long the whole response takes."""
MAX_CONNECTIONS_PER_ADDRESS: Final = 100
"""A browser opens six, and a whole company may share one address; IPv6 counts as its /64."""
MIN_CONNECTIONS: Final = 64
LOG_NOISE: Final = ("Invalid HTTP request received.",)


class QuietFilter(logging.Filter):
    """Drops log records that any client could cause in bulk."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to keep the record."""
        return record.getMessage() not in LOG_NOISE


class GuardedConnection(H11Protocol):
    """A connection with timeouts for slow senders and slow readers."""

    _head_timer: asyncio.TimerHandle | None = None
    _read_timer: asyncio.TimerHandle | None = None
    _unread: int = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept the connection unless its address, or the server, has too many."""
        super().connection_made(transport)
        if self._too_many():
            transport.abort()
        else:
            self._watch_head()

    def data_received(self, data: bytes) -> None:
        """Handle the data, and start or stop the timer for the request's head."""
        super().data_received(data)
        self._watch_head()

    def on_response_complete(self) -> None:
        """After a response, start the timer for reading the rest of it."""
        super().on_response_complete()
        self._limit_lingering()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection."""
        super().timeout_keep_alive_handler()
        self._limit_lingering()

    def pause_writing(self) -> None:
        """Start the timer of a client that does not read."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """Stop the timer: the client has read enough."""
        super().resume_writing()
        _cancel(self._read_timer)
        self._read_timer = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        _cancel(self._head_timer)
        _cancel(self._read_timer)
        super().connection_lost(exc)

    def _should_upgrade(self) -> bool:
        # There are no WebSockets here. uvicorn would log two lines for each request that asks for
        # one, before any limit on requests; it is answered as the plain request that it also is.
        return False

    def _watch_reader(self) -> None:
        """Check after READ_SECONDS how much the client has taken, unless it is checked already."""
        if self._read_timer is None:
            self._unread = _unread_bytes(self.transport)
            self._read_timer = self.loop.call_later(READ_SECONDS, self._check_reader)

    def _check_reader(self) -> None:
        self._read_timer = None
        if self._unread - _unread_bytes(self.transport) < MIN_READ_BYTES:
            self.transport.abort()
        else:
            self._watch_reader()

    def _watch_head(self) -> None:
        # What still arrives of a request after its response is timed as well.
        expected = self.conn.their_state is h11.IDLE or self.conn.our_state is h11.DONE
        if not expected:
            _cancel(self._head_timer)
            self._head_timer = None
        elif self._head_timer is None and not self.transport.is_closing():
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _limit_lingering(self) -> None:
        _cancel(self._head_timer)
        self._head_timer = None
        if self.transport.is_closing():
            self._watch_reader()

    def _too_many(self) -> bool:
        if len(self.connections) > max_connections():
            return True
        peer = _peer(self)
        if is_trusted(peer, read_config().trusted_proxies):
            return False
        peers = [_peer(connection) for connection in self.connections]
        return (
            _count(peers, peer, normalized_address) > MAX_CONNECTIONS_PER_ADDRESS
            or _count(peers, peer, wide_address) > WIDE_FACTOR * MAX_CONNECTIONS_PER_ADDRESS
        )


def _count(peers: Sequence[str], peer: str, network: Callable[[str], str]) -> int:
    """How many peers are in the peer's network."""
    own = network(peer)
    return sum(network(each) == own for each in peers)


def _unread_bytes(transport: asyncio.Transport) -> int:
    """Bytes that the client has not acknowledged: in our buffer, and on Linux in the kernel's.

    The kernel takes megabytes at once from a client that reads, and lets us write again only after
    a third of them has gone, which on a slow line is later than READ_SECONDS.
    """
    unread = transport.get_write_buffer_size()
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415 (absent from Windows)
        import termios  # noqa: PLC0415

        queued = bytearray(4)
        connected = transport.get_extra_info("socket")
        with suppress(OSError, ValueError):
            fcntl.ioctl(connected.fileno(), termios.TIOCOUTQ, queued)
        unread += int.from_bytes(queued, sys.byteorder)
    return unread


def _peer(connection: object) -> str:
    client = getattr(connection, "client", None)
    return client[0] if client else ""


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


@cache
def max_connections() -> int:
    """A third of the files that the process may open: each may be sending one, and more is work."""
    try:
        import resource  # noqa: PLC0415 (absent from Windows)
    except ImportError:
        return MIN_CONNECTIONS * 4
    return max(MIN_CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 3)
