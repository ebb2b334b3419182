"""What a caller is told of an error that a task raised.

It does not know which runner ran the task.
"""

import logging
import traceback
from typing import Final

from imagetoprompt.errors import HeavyError, ImageToPromptError, WorkError

_log: Final = logging.getLogger(__name__)


def told(error: Exception) -> tuple[ImageToPromptError, str]:
    """The error for the caller, and the traceback for the log.

    An error of ours stays what it is, without a traceback. Of any other only the type is named:
    its message may hold what the picture shows.
    """
    if isinstance(error, ImageToPromptError):
        return error, ""
    # Whatever the frames hold may be what filled the memory.
    traceback.clear_frames(error.__traceback__)
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError):
        return HeavyError(
            "The work needs more memory than it may take; give it less to do, or more megabytes."
        ), trace
    return WorkError(
        f"The work stopped on {type(error).__name__}; please report it, with the log."
    ), trace


def log(error: ImageToPromptError, trace: str) -> None:
    """Write the traceback to the log, if there is one."""
    if trace:
        _log.error("%s\n%s", error, trace)
