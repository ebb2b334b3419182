"""fetch(url) -> bytes: a picture from the public internet, within limits of time and size.

The host name is resolved once, every address is checked, and the connection goes to a checked
address, which prevents DNS rebinding. Each redirect is a new request that is checked again. No
cookies, credentials or referrer are sent, and no proxy is used.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Thread
from typing import Any, Final, TypeAlias

import httpcore
import httpx

from imagetoprompt.errors import FetchError, TooLargeError
from imagetoprompt.images.loading.decode import check_bytes, max_bytes, too_large_error
from imagetoprompt.settings import settings

MAX_REDIRECTS: Final = 5
_REDIRECT_STATUSES: Final = (301, 302, 303, 307, 308)
_REQUEST_HEADERS: Final = {
    "Accept": "image/*",
    "Accept-Encoding": "identity",
    "User-Agent": "imagetoprompt",
}
Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"
# IPv6 prefixes that carry an IPv4 address in their last 32 bits: NAT64 (RFC 6052).
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
# Port 0 cannot be connected to (RFC 6335, section 6); TCP has 16 bits for the rest.
_PORTS: Final = range(1, 65_536)
# Addresses of one host that are tried before it counts as unreachable.
_MAX_CONNECTION_ATTEMPTS: Final = 3


def resolve(host: str, port: int) -> list[str]:
    """All addresses of the host, in the resolver's order; FetchError when there are none."""
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"The host '{host}' cannot be found: check the URL.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def is_public(address: str) -> bool:
    """Whether the address is on the public internet.

    False for private, loopback, link-local, multicast, reserved, unspecified and shared addresses
    (carrier-grade NAT, RFC 6598), and for IPv6 addresses that embed such an IPv4 address.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(
        target.is_global
        and not (target.is_multicast or target.is_reserved or target.is_unspecified)
        for target in _embedded_addresses(parsed)
    )


@dataclass(frozen=True)
class NetworkAccess:
    """resolve: host and port to addresses. allows: whether an address may be connected to."""

    resolve: Callable[[str, int], list[str]] = resolve
    allows: Callable[[str], bool] = is_public


@dataclass
class PinnedBackend(httpcore.NetworkBackend):
    """Connect only to addresses that were checked; `deadline` is in time.monotonic() seconds."""

    deadline: float
    net: NetworkAccess
    plain: httpcore.SyncBackend = field(default_factory=httpcore.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Open a stream to the host; FetchError if any of its addresses is not allowed."""
        addresses = self._resolved(host, port)
        if not addresses or not all(map(self.net.allows, addresses)):
            raise FetchError(
                f"'{host}' is not on the public internet: download the picture and give the file."
            )
        *first, last = addresses[:_MAX_CONNECTION_ATTEMPTS]
        for address in first:
            with suppress(httpcore.ConnectError):
                return self._connect(address, port)
        return self._connect(last, port)

    def _resolved(self, host: str, port: int) -> list[str]:
        """Resolve the host in a thread, since the resolver itself has no deadline."""
        answers: Queue[list[str] | FetchError] = Queue()

        def resolve_host() -> None:
            try:
                answers.put(self.net.resolve(host, port))
            except FetchError as error:
                answers.put(error)

        Thread(target=resolve_host, daemon=True).start()
        try:
            answer = answers.get(timeout=_seconds_left(self.deadline))
        except Empty:
            raise TimeoutError from None
        if isinstance(answer, FetchError):
            raise answer
        return answer

    def _connect(self, address: str, port: int) -> "TimedStream":
        left = _seconds_left(self.deadline)
        return TimedStream(self.plain.connect_tcp(address, port, timeout=left), self.deadline)


@dataclass
class TimedStream(httpcore.NetworkStream):
    """A stream whose operations all end before one deadline, however slowly a server sends."""

    stream: httpcore.NetworkStream
    deadline: float

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has arrived; TimeoutError after the deadline."""
        return self.stream.read(max_bytes, _seconds_left(self.deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send the bytes; TimeoutError after the deadline."""
        self.stream.write(buffer, _seconds_left(self.deadline))

    def close(self) -> None:
        """Close the connection."""
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "TimedStream":
        """The stream with TLS; the certificate must be for `server_hostname`."""
        secure = self.stream.start_tls(ssl_context, server_hostname, _seconds_left(self.deadline))
        return TimedStream(secure, self.deadline)

    def get_extra_info(self, info: str) -> object:
        """Information from the wrapped stream."""
        return self.stream.get_extra_info(info)


def fetch(url: str, net: NetworkAccess | None = None) -> bytes:
    """The bytes at an http(s) URL.

    FetchError if it cannot or must not be fetched; TooLargeError if it has more bytes or takes
    longer than the settings allow. net: a different resolver and rule for addresses, for tests.
    """
    backend = PinnedBackend(time.monotonic() + settings().fetch_seconds, net or NetworkAccess())
    with httpcore.ConnectionPool(
        network_backend=backend, ssl_context=httpx.create_ssl_context(), http2=False
    ) as pool:
        try:
            return _follow(pool, url)
        except (httpcore.TimeoutException, TimeoutError) as error:
            raise TooLargeError(
                f"The URL took longer than {settings().fetch_seconds:g} s: download the picture "
                "and give its path, or raise IMAGETOPROMPT_FETCH_SECONDS."
            ) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise FetchError(f"The URL cannot be fetched: {error or 'no answer'}.") from error


def _follow(pool: httpcore.ConnectionPool, url: str) -> bytes:
    address = _checked(url)
    for _ in range(MAX_REDIRECTS + 1):
        with pool.stream("GET", str(address), headers=_headers(address)) as response:
            if response.status not in _REDIRECT_STATUSES:
                return _body(response, address.host)
            address = _checked(_header(response, b"location"), address)
    raise FetchError(f"The URL redirects more than {MAX_REDIRECTS} times: give the final URL.")


def _checked(url: str, base: httpx.URL | None = None) -> httpx.URL:
    """Parse the URL, relative to `base`; FetchError unless it is a plain http(s) address."""
    try:
        address = httpx.URL(url.partition("#")[0])
        address = address if base is None else base.join(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"'{url[:200]}' is not a URL: check the spelling.") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise FetchError("Only http and https URLs with a host name are supported: check the URL.")
    if address.port is not None and address.port not in _PORTS:
        raise FetchError(
            f"There is no port {address.port}: give a URL whose port is between 1 and 65535."
        )
    if address.userinfo:
        raise FetchError("URLs with a user name or password are not supported: remove them.")
    return address


def _headers(address: httpx.URL) -> list[tuple[bytes | str, bytes | str]]:
    return [("Host", address.netloc), *_REQUEST_HEADERS.items()]


def _body(response: httpcore.Response, host: str) -> bytes:
    if response.status != 200:
        raise FetchError(f"{host} answered with status {response.status}: check the URL.")
    if _header(response, b"content-type").startswith("text/"):
        raise FetchError(f"{host} answered with a web page: give the URL of the picture itself.")
    length = _header(response, b"content-length")
    if length.isdecimal() and int(length) > max_bytes():
        raise TooLargeError(too_large_error("The picture at the URL"))
    data = bytearray()
    for chunk in response.iter_stream():
        data += chunk
        if len(data) > max_bytes():
            raise TooLargeError(too_large_error("The picture at the URL"))
    return check_bytes(bytes(data), "The picture at the URL")


def _header(response: httpcore.Response, name: bytes) -> str:
    values = (value for key, value in response.headers if key.lower() == name)
    return next(values, b"").decode("latin-1").strip()


def _embedded_addresses(address: Address) -> list[Address]:
    """The address, and the IPv4 addresses that an IPv6 address embeds."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    inner = [address.sixtofour, *(address.teredo or ())]
    return [address, *(target for target in inner if target is not None)]


def _seconds_left(deadline: float) -> float:
    """Seconds until the deadline; TimeoutError if it has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
