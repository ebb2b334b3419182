"""A connection that reaches only allowed addresses and hangs up at a deadline.

It does not know HTTP: httpcore speaks it over this line.
"""

import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Thread
from typing import Any, Final

import httpcore

from imagetoprompt.errors import FetchError
from imagetoprompt.images.loading.addresses import is_public, resolve

# How many addresses of one host are tried before it counts as unreachable.
_TRIES: Final = 3


@dataclass(frozen=True)
class Net:
    """How hosts are found, and which of their addresses may be reached."""

    resolve: Callable[[str, int], list[str]] = resolve
    allows: Callable[[str], bool] = is_public


@dataclass
class Line(httpcore.NetworkBackend):
    """Connects to the very addresses that were checked; `deadline` is on the monotonic clock."""

    deadline: float
    net: Net
    plain: httpcore.SyncBackend = field(default_factory=httpcore.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the host; FetchError when any of its addresses is not allowed."""
        addresses = self._resolved(host, port)
        if not addresses or not all(map(self.net.allows, addresses)):
            raise FetchError(
                f"'{host}' is not on the public internet: download the picture and give the file."
            )
        *others, last = addresses[:_TRIES]
        for address in others:
            with suppress(httpcore.ConnectError):
                return self._connect(address, port)
        return self._connect(last, port)

    def _resolved(self, host: str, port: int) -> list[str]:
        """The addresses of the host; resolvers keep their own time, so one is left to itself."""
        answers: Queue[list[str] | FetchError] = Queue()

        def ask() -> None:
            try:
                answers.put(self.net.resolve(host, port))
            except FetchError as error:
                answers.put(error)

        Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=_left(self.deadline))
        except Empty:
            raise TimeoutError from None
        if isinstance(answer, FetchError):
            raise answer
        return answer

    def _connect(self, address: str, port: int) -> "TimedStream":
        left = _left(self.deadline)
        return TimedStream(self.plain.connect_tcp(address, port, timeout=left), self.deadline)


@dataclass
class TimedStream(httpcore.NetworkStream):
    """A stream of which every step must end before the deadline, however slowly bytes drip."""

    stream: httpcore.NetworkStream
    deadline: float

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has arrived; TimeoutError after the deadline."""
        return self.stream.read(max_bytes, _left(self.deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send the bytes; TimeoutError after the deadline."""
        self.stream.write(buffer, _left(self.deadline))

    def close(self) -> None:
        """Hang up."""
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "TimedStream":
        """The same stream, encrypted; the certificate must be of `server_hostname`."""
        secure = self.stream.start_tls(ssl_context, server_hostname, _left(self.deadline))
        return TimedStream(secure, self.deadline)

    def get_extra_info(self, info: str) -> object:
        """What the stream below knows of itself."""
        return self.stream.get_extra_info(info)


def _left(deadline: float) -> float:
    """The seconds until the deadline; TimeoutError when it has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
