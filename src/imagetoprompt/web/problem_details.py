"""Errors as HTTP: the one table of statuses, and problem details as RFC 9457 has them."""

from collections.abc import Mapping
from typing import Final

from imagetoprompt import errors
from imagetoprompt.errors import ImageToPromptError

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
    (errors.StateError, 503),
    (errors.LateError, 503),
    (errors.LostError, 503),
    (errors.HeavyError, 413),
    (errors.BusyError, 503),
    (errors.MissingPartError, 501),
    (errors.ConflictError, 409),
    (errors.GoneError, 404),
    (errors.QuotaError, 429),
    (errors.ForbiddenError, 403),
)
"""The status of each error, the narrower kinds first; what is not here is our own fault: 500."""

TITLES: Final[Mapping[int, str]] = {
    400: "That could not be read",
    401: "Who is it",
    403: "Not from there",
    404: "Not here",
    405: "Not that way",
    408: "Too slow",
    409: "Already otherwise",
    413: "Too large",
    415: "Not a picture",
    422: "That makes no sense",
    429: "Enough for now",
    500: "Our fault",
    501: "Not installed",
    503: "Busy",
}
PRIVATE: Final = (errors.StateError, errors.SettingError)
"""Errors whose sentences are for whoever runs the server: they name its database and its files."""
DOWN: Final = "What is kept here cannot be read or written just now: try again in ten seconds."
RETRY: Final = 10
"""Seconds after which something that is down for the moment may be asked again."""


def status(error: ImageToPromptError) -> int:
    """The HTTP status that fits the error."""
    return next((code for kind, code in STATUSES if isinstance(error, kind)), 500)


def sentence(error: ImageToPromptError) -> str:
    """What a caller is told of the error: nothing of where this server keeps what."""
    return DOWN if isinstance(error, PRIVATE) else str(error)


def headers(error: ImageToPromptError) -> dict[str, str]:
    """When to try again, where that helps."""
    seconds = getattr(error, "seconds", RETRY if status(error) == 503 else 0)
    return {"Retry-After": str(seconds)} if seconds else {}


def problem(code: int, detail: str, **more: object) -> dict[str, object]:
    """Problem details (RFC 9457): a title for the status, and one sentence that mends it."""
    title = TITLES.get(code, "That did not work")
    return {"type": "about:blank", "title": title, "status": code, "detail": detail, **more}
