"""Map errors to HTTP statuses, and write them as problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Final

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
"""HTTP status per error class, subclasses first; any other error is a 500."""

PRIVATE: Final = (server_errors.StateError, errors.SettingError)
"""Errors whose messages only the operator may read: they name the database and file paths."""
DOWN: Final = "The storage is unavailable at the moment: try again in ten seconds."
RETRY: Final = 10
"""Retry-After of a 503, in seconds."""


def status(error: ImageToPromptError) -> int:
    """The HTTP status of the error."""
    return next((code for kind, code in STATUSES if isinstance(error, kind)), 500)


def sentence(error: ImageToPromptError) -> str:
    """The message for the caller, without paths or addresses of this server's storage."""
    return DOWN if isinstance(error, PRIVATE) else str(error)


def headers(error: ImageToPromptError) -> dict[str, str]:
    """The Retry-After header, where retrying helps."""
    seconds = getattr(error, "seconds", RETRY if status(error) == 503 else 0)
    return {"Retry-After": str(seconds)} if seconds else {}


def title(code: int) -> str:
    """The phrase of an HTTP status, such as "Not Found"."""
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Error"


def problem(code: int, detail: str, **more: object) -> dict[str, object]:
    """Problem details (RFC 9457); the title is the status phrase, as section 4.2.1 asks."""
    return {"type": "about:blank", "title": title(code), "status": code, "detail": detail, **more}
