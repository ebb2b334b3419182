"""Answers: JSON that nobody keeps, links, and the errors that a call may end with."""

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

MEANINGS: Final[Mapping[int, str]] = {
    400: "The body cannot be read",
    401: "The API key is not known",
    403: "From another site, or of another visitor",
    404: "Gone: expired, or never here",
    408: "It took too long to arrive",
    409: "It contradicts what is kept",
    413: "Too large",
    415: "Not a picture",
    422: "It makes no sense, and why",
    429: "The free uses of the day are used up, or too many calls in a minute",
    501: "Something is not installed here",
    503: "As much waits as can, or something is down for the moment",
}
ANY: Final = (400, 401, 403, 408, 413, 422, 429, 503)
"""With what any call may end, by the guards that stand before it."""


def json_response(content: object, status: int = 200, **headers: str) -> JSONResponse:
    """The JSON, for this caller alone; `headers` with _ for -."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse(content, status, headers={**NO_STORE, **more})


def iso_time(when: datetime | None) -> str | None:
    """A point in time as JSON has it."""
    return None if when is None else when.isoformat(timespec="seconds").replace("+00:00", "Z")


def problems(*codes: int) -> Responses:
    """How the errors stand in the document."""
    return {code: _documented(code) for code in codes}


def _documented(code: int) -> dict[str, Any]:
    again = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
    return {
        "description": MEANINGS[code],
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": {
                    "type": "about:blank",
                    "status_phrase": status_phrase(code),
                    "status": code,
                    "detail": "One sentence that says what mends it.",
                },
            }
        },
        **({"headers": again} if code in (429, 503) else {}),
    }
