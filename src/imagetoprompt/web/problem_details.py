"""Maps errors to HTTP statuses and to problem details (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope, Send

from imagetoprompt import errors
from imagetoprompt.errors import ImageToPromptError
from imagetoprompt.web import server_errors

MEDIA_TYPE: Final = "application/problem+json"

STATUSES: Final[tuple[tuple[type[ImageToPromptError], int], ...]] = (
    (errors.NotAPictureError, 415),
    (errors.TooLargeError, 413),
    (errors.PictureError, 422),
    (errors.UnknownNameError, 422),
    (errors.EditError, 422),
    (errors.PlanError, 422),
    (errors.SceneError, 422),
    (errors.RefusedError, 422),
    (errors.UnreachableError, 503),
    (server_errors.StateError, 503),
    (errors.LateError, 503),
    (errors.LostError, 503),
    (errors.HeavyError, 413),
    (server_errors.BusyError, 503),
    (errors.MissingPartError, 501),
    (server_errors.ConflictError, 409),
    (server_errors.GoneError, 404),
    (server_errors.QuotaError, 429),
    (server_errors.ForbiddenError, 403),
)
"""The status of each error class, subclasses first; any other error is a 500."""

RFC_9110_PHRASES: Final[Mapping[int, str]] = {
    413: "Content Too Large",
    422: "Unprocessable Content",
}
"""Status phrases that `http.HTTPStatus` still spells the old way before Python 3.13."""
INTERNAL_ERRORS: Final = (server_errors.StateError, errors.SettingError)
"""Errors whose messages are for the operator: they name the database and its files."""
UNAVAILABLE_DETAIL: Final = "The server's storage is unavailable: try again in ten seconds."
RETRY_SECONDS: Final = 10
"""`Retry-After` of a 503 whose error names no time of its own."""


def http_status(error: ImageToPromptError) -> int:
    """The HTTP status for the error."""
    return next((code for kind, code in STATUSES if isinstance(error, kind)), 500)


def status_phrase(code: int) -> str:
    """The phrase of an HTTP status, such as "Not Found"; "" for a code that has none."""
    if code in RFC_9110_PHRASES:
        return RFC_9110_PHRASES[code]
    return HTTPStatus(code).phrase if code in set(HTTPStatus) else ""


def public_detail(error: ImageToPromptError) -> str:
    """The message of the error for clients, without anything about the server's storage."""
    return UNAVAILABLE_DETAIL if isinstance(error, INTERNAL_ERRORS) else str(error)


def retry_headers(error: ImageToPromptError) -> dict[str, str]:
    """`Retry-After` for errors that may pass, else no headers."""
    seconds = getattr(error, "seconds", RETRY_SECONDS if http_status(error) == 503 else 0)
    return {"Retry-After": str(seconds)} if seconds else {}


def problem(code: int, detail: str, **members: object) -> dict[str, object]:
    """Problem details of type about:blank, whose title is the status phrase (RFC 9457, 4.2.1).

    detail: one sentence that says what to do about it. members: extension members.
    """
    title = status_phrase(code)
    return {"type": "about:blank", "title": title, "status": code, "detail": detail, **members}


def request_headers(scope: Scope) -> Headers:
    """The headers of the request."""
    return Headers(scope=scope)


async def send_problem(
    send: Send, code: int, detail: str, headers: Mapping[str, str] | None = None
) -> None:
    """Send problem details as the whole response; `headers` are added to it.

    The page's script reads `error`, which every other error response has as well.
    """
    body = json.dumps({**problem(code, detail), "error": detail}).encode()
    all_headers = {
        "content-type": MEDIA_TYPE,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "connection": "close",
        **(headers or {}),
    }
    pairs = [(name.encode(), value.encode()) for name, value in all_headers.items()]
    await send({"type": "http.response.start", "status": code, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
