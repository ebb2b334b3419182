"""run(): the server itself, on uvicorn, until it is told to stop."""

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
GRACE: Final = 5
"""Seconds that open connections have to end; jobs under way are given back."""
NEEDED: Final = ("uvicorn", "fastapi", "sqlalchemy", "alembic", "jinja2", "itsdangerous", "limits")


def run(processes: int, launch: Callable[[str], object] | None) -> None:
    """Serve until interrupted; `launch` is called with the address once it listens.

    MissingPartError when a package is not installed, SettingError for a setting without sense.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise MissingPartError(f"{INSTALL} ({', '.join(missing)} not found)")
    import uvicorn  # noqa: PLC0415

    from imagetoprompt.web.middleware.slow_clients import GuardedConnection  # noqa: PLC0415

    config = read_config()
    if config.workers != 1:
        # Each core has a picture of its own: threads of several would only wait for one another
        # (on two cores 10 describes a second, against 6.4 with two threads each).
        os.environ.setdefault(variable("threads"), "1")
    _greet(config)
    if launch:
        Thread(target=_opened, args=(launch, address(config)), daemon=True).start()
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
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=65_536,
    )


def address(config: Config) -> str:
    """Where a browser finds the page."""
    host = "127.0.0.1" if config.host in ("0.0.0.0", "::") else config.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{config.port}"


def _logging() -> dict[str, Any]:
    """How uvicorn logs, without what strangers could fill the log with."""
    from uvicorn.config import LOGGING_CONFIG  # noqa: PLC0415

    made = deepcopy(LOGGING_CONFIG)
    made["filters"] = {"quiet": {"()": "imagetoprompt.web.middleware.slow_clients.QuietFilter"}}
    made["handlers"]["default"]["filters"] = ["quiet"]
    return made


def _greet(config: Config) -> None:
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    # It writes a line for each form that is amiss, and anybody can send those.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    limit = config.uses_a_day
    uses = "no limit of uses" if limit == UNLIMITED else f"{limit} free uses a day and visitor"
    print(f"ImageToPrompt on {address(config)} ({uses}); Ctrl-C ends it.", flush=True)  # noqa: T201


def _opened(launch: Callable[[str], object], where: str) -> None:
    sleep(1.5)
    launch(where)
