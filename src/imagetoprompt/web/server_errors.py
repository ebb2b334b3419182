"""Errors of the server: its storage, its limits, and what a caller may not do."""

from imagetoprompt.errors import ImageToPromptError


class StateError(ImageToPromptError):
    """The database or the file store does not answer; a later try may succeed."""


class ConflictError(ImageToPromptError):
    """The request contradicts stored state, such as a reused idempotency key."""


class GoneError(ImageToPromptError):
    """The resource has expired or never existed."""


class BusyError(ImageToPromptError):
    """The queue is full; retry after `seconds`."""

    seconds = 10


class QuotaError(ImageToPromptError):
    """The daily quota is used up; it is renewed in `seconds`."""

    def __init__(self, message: str, seconds: int = 0) -> None:
        super().__init__(message)
        self.seconds = seconds


class ForbiddenError(ImageToPromptError):
    """The caller may not do this: a foreign origin, or another visitor's resource."""
