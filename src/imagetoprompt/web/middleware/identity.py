"""Who sent the request: the client's address behind proxies, and the visitor by key or cookie.

ProxyHeadersMiddleware sets `scope["client"]`, IdentityMiddleware `scope["visitor"]`. uvicorn's own
middleware for proxies is not used: it sets the client to whatever text stands in the header, and
does not trust an IPv4 proxy whose connection arrives on an IPv6 socket (::ffff:10.0.0.1).
"""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from secrets import token_urlsafe
from typing import Final

from itsdangerous import BadSignature, TimestampSigner, URLSafeSerializer
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagetoprompt.web.problem_details import (
    http_status,
    public_detail,
    request_headers,
    retry_headers,
    send_problem,
)
from imagetoprompt.web.server_errors import StateError

COOKIE: Final = "visit"
COOKIE_SECONDS: Final = 30 * 24 * 3600
"""Longer than any picture or job is kept."""
TOKEN_SECONDS: Final = 24 * 3600
ANONYMOUS_PATHS: Final = ("/static/", "/health/", "/metrics", "/examples/")
"""Paths that are the same for everybody and set no cookie."""
ADDRESS_WITH_PORT: Final = re.compile(r"\[([0-9a-fA-F:.]+)\](?::\d{1,5})?|([0-9.]+):\d{1,5}")
BEARER: Final = "bearer "
INVALID_KEY: Final = "The API key is not valid: check that it is complete, or create another."
CHALLENGE: Final = {"www-authenticate": 'Bearer realm="ImageToPrompt", error="invalid_token"'}
"""RFC 6750, section 3.1."""


@dataclass(frozen=True)
class Visitor:
    """Who sent the request. key: the name of the API key that came with it, or "".

    fresh: whether the visitor came without a valid cookie.
    """

    id: str
    address: str
    key: str = ""
    fresh: bool = False


class CookieSigner:
    """Signs visitor cookies and form tokens with the server's secret."""

    def __init__(self, secret: str) -> None:
        self._cookies = URLSafeSerializer(secret, salt="visit")
        self._forms = TimestampSigner(secret, salt="form")

    def cookie(self, visitor: str) -> str:
        """The value of a visitor's cookie."""
        return str(self._cookies.dumps(visitor))

    def visitor(self, cookie: str) -> str:
        """The visitor id in a cookie, or "" when its signature is not valid."""
        try:
            return str(self._cookies.loads(cookie))
        except BadSignature:
            return ""

    def token(self, visitor: str) -> str:
        """The CSRF token for the visitor's forms, which no other site can make."""
        return self._forms.sign(visitor).decode()

    def owns(self, visitor: str, token: str) -> bool:
        """Whether the token was made for this visitor within TOKEN_SECONDS."""
        try:
            return self._forms.unsign(token, max_age=TOKEN_SECONDS).decode() == visitor
        except BadSignature:
            return False


class IdentityMiddleware:
    """Puts the Visitor into the scope; a new one gets a cookie, an unknown API key a 401.

    signer: gives the CookieSigner, which exists once the application has started. address: the
    client's address of a scope. key_name: the name of an API key by its secret, None if unknown.
    """

    def __init__(
        self,
        app: ASGIApp,
        signer: Callable[[], CookieSigner],
        address: Callable[[Scope], str],
        key_name: Callable[[str], str | None],
    ) -> None:
        self._app, self._signer, self._address, self._key_name = app, signer, address, key_name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its visitor."""
        if scope["type"] != "http" or scope["path"].startswith(ANONYMOUS_PATHS):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        secret = _bearer_token(connection)
        try:
            # The database blocks, so it is queried in a thread.
            key = await run_in_threadpool(self._key_name, secret) if secret else ""
        except StateError as error:
            await send_problem(send, http_status(error), public_detail(error), retry_headers(error))
            return
        if key is None:
            await send_problem(send, 401, INVALID_KEY, CHALLENGE)
            return
        scope["visitor"] = visitor = self._visitor(connection, key)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and visitor.fresh and not visitor.key:
                secure = connection.url.scheme == "https"
                headers = MutableHeaders(scope=message)
                headers.append(
                    "set-cookie", _set_cookie_header(self._signer().cookie(visitor.id), secure)
                )
            await send(message)

        await self._app(scope, receive, send_with_cookie)

    def _visitor(self, connection: HTTPConnection, key: str) -> Visitor:
        known = self._signer().visitor(connection.cookies.get(COOKIE, ""))
        address = self._address(connection.scope)
        if key:
            return Visitor(f"key:{key}", address, key)
        return Visitor(known or new_visitor_id(), address, fresh=not known)


def _bearer_token(connection: HTTPConnection) -> str:
    """The secret in the Authorization header; "" when there is none."""
    header = connection.headers.get("authorization", "")
    return header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else ""


def _set_cookie_header(value: str, secure: bool) -> str:
    cookie: SimpleCookie = SimpleCookie({COOKIE: value})
    morsel = cookie[COOKIE]
    morsel["path"], morsel["max-age"] = "/", COOKIE_SECONDS
    morsel["httponly"], morsel["samesite"] = True, "Lax"
    if secure:
        morsel["secure"] = True
    return morsel.OutputString()


def new_visitor_id() -> str:
    """A random id for a new visitor: 128 bits."""
    return token_urlsafe(16)


SCHEMES: Final = ("http", "https")


class ProxyHeadersMiddleware:
    """Sets `scope["client"]` and `scope["scheme"]` from the headers of a trusted proxy.

    trusted: addresses and networks of the proxies. From any other peer the headers are ignored.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app, self._trusted = app, trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as the proxy received it."""
        peer, port = scope.get("client") or ("", 0)
        if scope["type"] == "http" and is_trusted(peer, self._trusted):
            headers = request_headers(scope)
            scheme = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
            # The header may be repeated; all its lines form one list.
            forwarded = {"x-forwarded-for": ",".join(headers.getlist("x-forwarded-for"))}
            scope["client"] = (client_address(peer, forwarded, self._trusted), port)
            scope["scheme"] = scheme if scheme in SCHEMES else scope["scheme"]
        await self._app(scope, receive, send)


def client_address(peer: str, headers: Mapping[str, str], trusted: Sequence[str]) -> str:
    """The client's address: the last one in X-Forwarded-For that is not a trusted proxy's.

    `peer` when it is not a trusted proxy itself, since any client can send the header, and when the
    header holds no valid address.
    """
    forwarded = [_without_port(part) for part in headers.get("x-forwarded-for", "").split(",")]
    chain = [*(address for address in forwarded if address), peer]
    while len(chain) > 1 and is_trusted(chain[-1], trusted):
        chain.pop()
    return chain[-1] if _is_address(chain[-1]) else peer


def _without_port(text: str) -> str:
    """The address of 192.0.2.1:80, [2001:db8::1]:80 or [2001:db8::1], as some proxies write it."""
    found = ADDRESS_WITH_PORT.fullmatch(text.strip().strip('"'))
    return (found[1] or found[2]) if found else text.strip()


def is_trusted(address: str, trusted: Sequence[str]) -> bool:
    """Whether the address is in one of those networks; a single address is a network of one."""
    if not _is_address(address):
        return False
    parsed = ipaddress.ip_address(address)
    # A dual-stack socket reports IPv4 peers as ::ffff:a.b.c.d.
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(parsed in ipaddress.ip_network(network, strict=False) for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
