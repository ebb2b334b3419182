"""assembled(configuration) -> the application: guards around routes.

It does not know what any route does.
"""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from imagetoprompt import __version__
from imagetoprompt.settings import settings
from imagetoprompt.web import api, error_handlers, health
from imagetoprompt.web.api import docs_page, openapi
from imagetoprompt.web.config import Configuration
from imagetoprompt.web.db.api_keys import Keys
from imagetoprompt.web.lifespan import lifespan
from imagetoprompt.web.middleware.body_limits import BoundsGuard
from imagetoprompt.web.middleware.csrf import OriginsGuard
from imagetoprompt.web.middleware.identity_cookie import VisitsGuard
from imagetoprompt.web.middleware.proxies import ProxiesGuard
from imagetoprompt.web.middleware.rate_limit import RatesGuard
from imagetoprompt.web.middleware.request_metrics import TimesGuard
from imagetoprompt.web.middleware.security_headers import HeadersGuard
from imagetoprompt.web.pages import page_routes

STATIC: Final = Path(__file__).parent / "static"
ROOM: Final = 12
"""Largest pictures that may be in the memory of this process at once."""
ARRIVES: Final = 60.0
"""Seconds within which a request must have arrived: 50 MB over 7 Mbit/s."""


def assembled(set_up: Configuration) -> FastAPI:
    """The application for this configuration."""
    app = FastAPI(
        title="ImageToPrompt",
        version=__version__,
        summary="Look at a picture, keep what is seen as facts, write the prompt for a generator.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.configuration = set_up
    error_handlers.install(app)
    openapi.install(app)
    app.include_router(health.router)
    app.include_router(api.router)
    app.include_router(docs_page.router)
    app.include_router(page_routes.router)
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC), minimum_size=1000))
    _guard(app, set_up)
    return app


def _guard(app: FastAPI, set_up: Configuration) -> None:
    """The guards, the innermost first."""

    def caller(scope: Scope) -> str:
        return str((scope.get("client") or ("", 0))[0])

    def key_name(secret: str) -> str | None:
        keys: Keys = app.state.keys
        return keys.name_of(secret)

    app.add_middleware(
        VisitsGuard,
        seals=lambda: app.state.seals,
        address=caller,
        key_name=key_name,
    )
    app.add_middleware(OriginsGuard, names=set_up.names)
    app.add_middleware(RatesGuard, a_minute=set_up.requests_a_minute, address=caller)
    most = settings().max_megabytes
    app.add_middleware(BoundsGuard, megabytes=most, seconds=ARRIVES, room=ROOM * most)
    app.add_middleware(ProxiesGuard, trusted=set_up.trusted_proxies)
    app.add_middleware(HeadersGuard)
    app.add_middleware(TimesGuard)
