"""Visits: puts the visitor into `scope["visitor"]`, and sets the cookie of one who is new.

An API key that nobody has is refused here. It does not know what visitors may do.
"""

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagetoprompt.errors import StateError
from imagetoprompt.web.identity import COOKIE, LASTS, Seals, Visitor, stranger
from imagetoprompt.web.middleware.reply import refuse
from imagetoprompt.web.problem_details import headers, sentence, status

PLAIN: Final = ("/static/", "/health/", "/metrics", "/examples/")
"""Paths that are the same for everybody and set no cookie."""
BEARER: Final = "bearer "
UNKNOWN: Final = "That API key is not known here: see that it is whole, or ask for another."
# As RFC 6750 has it, so that programs know what is amiss.
CHALLENGE: Final = {"www-authenticate": 'Bearer realm="ImageToPrompt", error="invalid_token"'}


class VisitsGuard:
    """Tells who calls. `key_name` gives the name of an API key, or None when there is none."""

    def __init__(
        self,
        app: ASGIApp,
        seals: Callable[[], Seals],
        address: Callable[[Scope], str],
        key_name: Callable[[str], str | None],
    ) -> None:
        self._app, self._seals, self._address, self._key_name = app, seals, address, key_name

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
        return Visitor(known or stranger(), address, fresh=not known)


def _secret(connection: HTTPConnection) -> str:
    """The API key that was given; "" when none was."""
    given = connection.headers.get("authorization", "")
    return given[len(BEARER) :].strip() if given.lower().startswith(BEARER) else ""


def _cookie(value: str, secure: bool) -> str:
    cookie: SimpleCookie = SimpleCookie({COOKIE: value})
    crumb = cookie[COOKIE]
    crumb["path"], crumb["max-age"] = "/", LASTS
    crumb["httponly"], crumb["samesite"] = True, "Lax"
    if secure:
        crumb["secure"] = True
    return cookie[COOKIE].OutputString()
