"""Errors that only the web server raises; problem_details maps them to HTTP statuses.

ImageToPromptError
├── StateError                503: the database or the file store does not answer
├── ConflictError             409: the request contradicts what is stored
├── GoneError                 404: what was stored has expired, or never existed
├── BusyError                 503: the queue is full
├── QuotaError                429: the free uses of the day are used up
└── ForbiddenError            403: the request is not allowed for this client

Each message is one clear sentence that says what to do about it.
"""

from imagetoprompt.errors import ImageToPromptError


class StateError(ImageToPromptError):
    """The server's database or its file store does not answer; it may later."""


class ConflictError(ImageToPromptError):
    """The request contradicts what is stored, such as another job under the same key."""


class GoneError(ImageToPromptError):
    """What was stored has expired, or never existed."""


class BusyError(ImageToPromptError):
    """The queue is full; try again after `seconds`."""

    seconds = 10


class QuotaError(ImageToPromptError):
    """The free uses of the day are used up; there are new ones after `seconds`."""

    def __init__(self, message: str, seconds: int = 0) -> None:
        super().__init__(message)
        self.seconds = seconds


class ForbiddenError(ImageToPromptError):
    """The request is not allowed for this client, such as deleting another visitor's picture."""
