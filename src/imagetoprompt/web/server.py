"""Run the server on uvicorn."""

import logging
import os
from collections.abc import Callable
from copy import deepcopy
from importlib.util import find_spec
from threading import Thread
from time import sleep
from typing import Any, Final

from imagetoprompt.errors import MissingPartError
from imagetoprompt.settings import variable
from imagetoprompt.web import INSTALL
from imagetoprompt.web.config import UNLIMITED, Config, read_config

APP: Final = "imagetoprompt.web:create_app"
SHUTDOWN_SECONDS: Final = 5
"""Seconds that open connections have to end; running jobs go back to the queue."""
REQUIRED_PACKAGES: Final = (
    "uvicorn",
    "fastapi",
    "sqlalchemy",
    "alembic",
    "jinja2",
    "itsdangerous",
    "limits",
)


def run(processes: int, launch: Callable[[str], object] | None) -> None:
    """Serve until interrupted.

    processes: web processes. launch: called with the URL once the server listens, such as to open a
    browser. MissingPartError if a package is not installed, SettingError for an invalid setting.
    """
    missing = [name for name in REQUIRED_PACKAGES if find_spec(name) is None]
    if missing:
        raise MissingPartError(f"{INSTALL} ({', '.join(missing)} not found)")
    import uvicorn  # noqa: PLC0415

    from imagetoprompt.web.middleware.slow_clients import GuardedConnection  # noqa: PLC0415

    config = read_config()
    if config.workers != 1:
        # One thread per worker: the workers already occupy all cores (measured on two cores: 10
        # describes a second, against 6.4 with two threads each).
        os.environ.setdefault(variable("threads"), "1")
    _print_address(config)
    if launch:
        Thread(target=_launch_later, args=(launch, address(config)), daemon=True).start()
    uvicorn.run(
        APP,
        factory=True,
        host=config.host,
        port=config.port,
        workers=processes,
        http=GuardedConnection,
        ws="none",
        log_config=_logging(),
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=65_536,
    )


def address(config: Config) -> str:
    """The URL of the page for a browser on this machine."""
    host = "127.0.0.1" if config.host in ("0.0.0.0", "::") else config.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{config.port}"


def _logging() -> dict[str, Any]:
    """Uvicorn's logging, without the messages that any client could cause in bulk."""
    from uvicorn.config import LOGGING_CONFIG  # noqa: PLC0415

    logging_config = deepcopy(LOGGING_CONFIG)
    logging_config["filters"] = {
        "quiet": {"()": "imagetoprompt.web.middleware.slow_clients.QuietFilter"}
    }
    logging_config["handlers"]["default"]["filters"] = ["quiet"]
    return logging_config


def _print_address(config: Config) -> None:
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    # It logs each malformed form, and any client can send those.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    limit = config.uses_a_day
    uses = "no limit of uses" if limit == UNLIMITED else f"{limit} free uses a day and visitor"
    print(f"ImageToPrompt on {address(config)} ({uses}); Ctrl-C ends it.", flush=True)  # noqa: T201


def _launch_later(launch: Callable[[str], object], url: str) -> None:
    sleep(1.5)
    launch(url)
