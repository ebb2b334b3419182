"""The page and the HTTP API.

    request ▶ middleware ▶ a route parses it ▶ pipeline, in a worker ▶ a page, or its JSON

`create_app` makes the application; nothing is opened before it starts.
"""

from typing import TYPE_CHECKING

from imagetoprompt.errors import MissingPartError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from imagetoprompt.web.config import Config

INSTALL = "The page needs more packages: run \"pip install '.[web]'\" in the clone."


def create_app(config: "Config | None" = None) -> "FastAPI":
    """The application; MissingPartError when what it needs is not installed."""
    try:
        from imagetoprompt.web.app import create_application  # noqa: PLC0415
    except ImportError as error:
        raise MissingPartError(f"{INSTALL} ({error})") from error
    from imagetoprompt.web.config import read_config  # noqa: PLC0415

    return create_application(config or read_config())
