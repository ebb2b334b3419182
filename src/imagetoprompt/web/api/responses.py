"""JSON responses, and the error responses in the OpenAPI document."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from starlette.responses import JSONResponse

from imagetoprompt.web.problem_details import MEDIA_TYPE, status_phrase

ROOT: Final = "/api/v1"
VERSION: Final = 1
NO_STORE: Final = {"Cache-Control": "no-store"}
CACHE_A_DAY: Final = {"Cache-Control": "private, max-age=86400, immutable"}
"""A picture never changes under its id."""
Responses = dict[int | str, dict[str, Any]]

STATUS_DESCRIPTIONS: Final[Mapping[int, str]] = {
    400: "The body cannot be parsed",
    401: "The API key is not valid",
    403: "Sent from another site, or about another visitor's picture or job",
    404: "Expired, or never existed",
    408: "The request took too long to arrive",
    409: "In conflict with what is stored",
    413: "Too large",
    415: "Not a picture",
    416: "The range lies behind the end of the file",
    422: "Not valid; `detail` says why",
    429: "Today's free uses are used up, or too many calls in a minute",
    501: "Needs a package that is not installed on this server",
    503: "The queue is full, or a service is down for the moment",
}
COMMON_STATUSES: Final = (400, 401, 403, 408, 413, 422, 429, 503)
"""Errors of the middleware, which any call may get."""

PARTIAL: Final[Responses] = {206: {"description": "The part of the file that `Range` asks for"}}


def json_response(content: object, status: int = 200, **headers: str) -> JSONResponse:
    """An uncached JSON response. headers: further headers, with _ for -."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse(content, status, headers={**NO_STORE, **more})


def iso_time(when: datetime | None) -> str | None:
    """The time in ISO 8601 with seconds, such as 2025-06-01T12:00:00Z; None for None."""
    return None if when is None else when.isoformat(timespec="seconds").replace("+00:00", "Z")


def problems(*codes: int) -> Responses:
    """The error responses of these statuses for the OpenAPI document."""
    return {code: _problem_response(code) for code in codes}


def _problem_response(code: int) -> dict[str, Any]:
    retry_header = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
    return {
        "description": STATUS_DESCRIPTIONS[code],
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": {
                    "type": "about:blank",
                    "title": status_phrase(code),
                    "status": code,
                    "detail": "One sentence that says what to do about it.",
                },
            }
        },
        **({"headers": retry_header} if code in (429, 503) else {}),
    }
