"""The page and the HTTP API.

    request ▶ guards ▶ a route parses it ▶ pipeline, in a worker ▶ a page, or its JSON

`create_app` makes the application; nothing is opened before it starts. It does not know the
command line.
"""

from typing import TYPE_CHECKING

from imagetoprompt.errors import MissingPartError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from imagetoprompt.web.config import Configuration

INSTALL = "The page needs more packages: run \"pip install '.[web]'\" in the clone."


def create_app(set_up: "Configuration | None" = None) -> "FastAPI":
    """The application; MissingPartError when what it needs is not installed."""
    try:
        from imagetoprompt.web.app import assembled  # noqa: PLC0415
    except ImportError as error:
        raise MissingPartError(f"{INSTALL} ({error})") from error
    from imagetoprompt.web.config import configuration  # noqa: PLC0415

    return assembled(set_up or configuration())
