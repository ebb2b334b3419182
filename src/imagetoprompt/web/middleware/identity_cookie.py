"""Visits: puts the visitor into `scope["visitor"]`, and sets the cookie of one who is new.

An API key that nobody has is refused here.
"""

import ipaddress
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

from imagetoprompt.web.middleware.reply import refuse
from imagetoprompt.web.problem_details import headers, sentence, status
from imagetoprompt.web.server_errors import StateError


@dataclass(frozen=True)
class Visitor:
    """Who is calling; `key` is the name of the API key that was given, if any.

    fresh: whether the cookie has yet to be set.
    """

    id: str
    address: str
    key: str = ""
    fresh: bool = False


class CookieSigner:
    """Signs cookies and forms with one secret, so that nobody else can make them."""

    def __init__(self, secret: str) -> None:
        self._cookies = URLSafeSerializer(secret, salt="visit")
        self._forms = TimestampSigner(secret, salt="form")

    def cookie(self, visitor: str) -> str:
        """The value of the cookie of a visitor."""
        return str(self._cookies.dumps(visitor))

    def visitor(self, cookie: str) -> str:
        """The visitor of a cookie, or "" when nobody here has signed it."""
        try:
            return str(self._cookies.loads(cookie))
        except BadSignature:
            return ""

    def token(self, visitor: str) -> str:
        """What a form of this visitor carries, so that no other site can send it."""
        return self._forms.sign(visitor).decode()

    def owns(self, visitor: str, token: str) -> bool:
        """Whether the token was made for this visitor, not long ago."""
        try:
            return self._forms.unsign(token, max_age=TOKEN_SECONDS).decode() == visitor
        except BadSignature:
            return False


PLAIN: Final = ("/static/", "/health/", "/metrics", "/examples/")
"""Paths that are the same for everybody and set no cookie."""


BEARER: Final = "bearer "


UNKNOWN: Final = "That API key is not known here: see that it is whole, or ask for another."


# As RFC 6750 has it, so that programs know what is amiss.
CHALLENGE: Final = {"www-authenticate": 'Bearer realm="ImageToPrompt", error="invalid_token"'}


class IdentityMiddleware:
    """Tells who calls. `key_name` gives the name of an API key, or None when there is none."""

    def __init__(
        self,
        app: ASGIApp,
        signer: Callable[[], CookieSigner],
        address: Callable[[Scope], str],
        key_name: Callable[[str], str | None],
    ) -> None:
        self._app, self._seals, self._address, self._key_name = app, signer, address, key_name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its visitor."""
        if scope["type"] != "http" or scope["path"].startswith(PLAIN):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        secret = _secret(connection)
        try:
            # The database is asked in a thread: others are served meanwhile.
            key = await run_in_threadpool(self._key_name, secret) if secret else ""
        except StateError as error:
            await refuse(send, status(error), sentence(error), headers(error))
            return
        if key is None:
            await refuse(send, 401, UNKNOWN, CHALLENGE)
            return
        scope["visitor"] = visitor = self._visitor(connection, key)

        async def remembered(message: Message) -> None:
            if message["type"] == "http.response.start" and visitor.fresh and not visitor.key:
                secure = connection.url.scheme == "https"
                own = MutableHeaders(scope=message)
                own.append("set-cookie", _cookie(self._seals().cookie(visitor.id), secure))
            await send(message)

        await self._app(scope, receive, remembered)

    def _visitor(self, connection: HTTPConnection, key: str) -> Visitor:
        known = self._seals().visitor(connection.cookies.get(COOKIE, ""))
        address = self._address(connection.scope)
        if key:
            return Visitor(f"key:{key}", address, key)
        return Visitor(known or new_visitor_id(), address, fresh=not known)


COOKIE: Final = "visit"


COOKIE_SECONDS: Final = 30 * 24 * 3600
"""Seconds that a visitor is known; longer than anything is kept."""


TOKEN_SECONDS: Final = 24 * 3600


def _secret(connection: HTTPConnection) -> str:
    """The API key that was given; "" when none was."""
    given = connection.headers.get("authorization", "")
    return given[len(BEARER) :].strip() if given.lower().startswith(BEARER) else ""


def _cookie(value: str, secure: bool) -> str:
    cookie: SimpleCookie = SimpleCookie({COOKIE: value})
    crumb = cookie[COOKIE]
    crumb["path"], crumb["max-age"] = "/", COOKIE_SECONDS
    crumb["httponly"], crumb["samesite"] = True, "Lax"
    if secure:
        crumb["secure"] = True
    return cookie[COOKIE].OutputString()


def new_visitor_id() -> str:
    """The id of a visitor who has not been here."""
    return token_urlsafe(16)


def client_address(peer: str, headers: Mapping[str, str], trusted: Sequence[str]) -> str:
    """The caller's address: the last one in X-Forwarded-For that no trusted proxy has.

    The header is believed from a trusted proxy only; anybody could write it.
    """
    named = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
    chain = [*(part for part in named if part), peer]
    while len(chain) > 1 and is_trusted(chain[-1], trusted):
        chain.pop()
    return chain[-1] if _is_address(chain[-1]) else peer


def is_trusted(given: str, trusted: Sequence[str]) -> bool:
    """Whether the address is one of those, or in one of those networks."""
    if not _is_address(given):
        return False
    found = ipaddress.ip_address(given)
    # As a server that listens on IPv6 too sees those of IPv4.
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in ipaddress.ip_network(each, strict=False) for each in trusted)


def _is_address(given: str) -> bool:
    try:
        ipaddress.ip_address(given)
    except ValueError:
        return False
    return True
