"""fetch(url) -> bytes: a picture from the public internet, within limits of time and size.

The name is resolved once, every address is checked, and the connection goes to a checked address,
so a name that changes its mind (DNS rebinding) gains nothing. Each redirect is a new request that
is checked again. Nothing of the user's is sent: no cookies, credentials, proxies or referrer.
It does not know image formats.
"""

import time
from typing import Final

import httpcore
import httpx

from imagetoprompt.errors import FetchError, TooLargeError
from imagetoprompt.images.loading.pinned_backend import Line, Net
from imagetoprompt.images.loading.sources import check_bytes, most_bytes, too_many_bytes
from imagetoprompt.settings import settings

MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_ASKED: Final = {"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "imagetoprompt"}


def fetch(url: str, net: Net | None = None) -> bytes:
    """The bytes at an http(s) URL.

    FetchError when it cannot or must not be fetched, TooLargeError when it has more bytes or takes
    longer than the settings allow. `net` replaces the resolver and the rule for addresses.
    """
    line = Line(time.monotonic() + settings().fetch_seconds, net or Net())
    with httpcore.ConnectionPool(
        network_backend=line, ssl_context=httpx.create_ssl_context(), http2=False
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
            if response.status not in _REDIRECTS:
                return _body(response, address.host)
            address = _checked(_header(response, b"location"), address)
    raise FetchError(f"The URL leads on more than {MAX_REDIRECTS} times: give the last address.")


def _checked(url: str, base: httpx.URL | None = None) -> httpx.URL:
    """The URL, relative to `base`, parsed; FetchError when it is not a plain http(s) address."""
    try:
        address = httpx.URL(url.partition("#")[0])
        address = address if base is None else base.join(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"'{url[:200]}' is not a URL: check it.") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise FetchError("Only http and https addresses with a host are fetched: check the URL.")
    if address.userinfo:
        raise FetchError("A URL with a user name or password is not fetched: remove it.")
    return address


def _headers(address: httpx.URL) -> list[tuple[bytes | str, bytes | str]]:
    return [("Host", address.netloc), *_ASKED.items()]


def _body(response: httpcore.Response, host: str) -> bytes:
    if response.status != 200:
        raise FetchError(f"{host} answered with status {response.status}: check the URL.")
    if _header(response, b"content-type").startswith("text/"):
        raise FetchError(f"{host} answered with a page: give the address of the picture itself.")
    length = _header(response, b"content-length")
    if length.isdecimal() and int(length) > most_bytes():
        raise TooLargeError(too_many_bytes("The picture at the URL"))
    data = bytearray()
    for chunk in response.iter_stream():
        data += chunk
        if len(data) > most_bytes():
            raise TooLargeError(too_many_bytes("The picture at the URL"))
    return check_bytes(bytes(data), "The picture at the URL")


def _header(response: httpcore.Response, name: bytes) -> str:
    found = (value for key, value in response.headers if key.lower() == name)
    return next(found, b"").decode("latin-1").strip()
