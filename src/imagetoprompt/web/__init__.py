"""The web page and the HTTP API.

    request ▶ middleware ▶ route ▶ service ▶ pipeline, in a worker process ▶ HTML or JSON

`create_app` makes the application; its database and workers are opened when it starts.
"""

from typing import TYPE_CHECKING

from imagetoprompt.errors import MissingPartError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from imagetoprompt.web.config import Config

INSTALL = "The server needs more packages: run \"pip install '.[web]'\" in the clone."


def create_app(config: "Config | None" = None) -> "FastAPI":
    """The application; MissingPartError if a package is not installed."""
    try:
        from imagetoprompt.web.app import create_application  # noqa: PLC0415
    except ImportError as error:
        raise MissingPartError(f"{INSTALL} ({error})") from error
    from imagetoprompt.web.config import read_config  # noqa: PLC0415

    return create_application(config or read_config())
