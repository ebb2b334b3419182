"""Assemble the application: routes, static files, error handlers and middleware."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from imagetoprompt import __version__
from imagetoprompt.settings import settings
from imagetoprompt.web import api, error_handlers, health
from imagetoprompt.web.api import api_docs
from imagetoprompt.web.config import Config
from imagetoprompt.web.db.api_keys import Keys
from imagetoprompt.web.lifespan import lifespan
from imagetoprompt.web.metrics import RequestMetricsMiddleware
from imagetoprompt.web.middleware.csrf import CsrfMiddleware
from imagetoprompt.web.middleware.identity import IdentityMiddleware, ProxyHeadersMiddleware
from imagetoprompt.web.middleware.request_limits import BodyLimitsMiddleware, RateLimitMiddleware
from imagetoprompt.web.middleware.security_headers import SecurityHeadersMiddleware
from imagetoprompt.web.pages import page_routes

STATIC: Final = Path(__file__).parent / "static"
MAX_PICTURES_IN_MEMORY: Final = 12
"""Uploads of the largest size that this process may hold in memory at once."""
UPLOAD_SECONDS: Final = 60.0
"""Seconds in which a request must arrive: 50 MB at 7 Mbit/s."""


def create_application(config: Config) -> FastAPI:
    """The application with this configuration."""
    app = FastAPI(
        title="ImageToPrompt",
        version=__version__,
        summary="Describe pictures as facts, and write prompts for image generators.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.config = config
    error_handlers.install_error_handlers(app)
    api_docs.install(app)
    app.include_router(health.router)
    app.include_router(api.router)
    app.include_router(api_docs.router)
    app.include_router(page_routes.router)
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC), minimum_size=1000))
    _add_middleware(app, config)
    return app


def _add_middleware(app: FastAPI, config: Config) -> None:
    """Add the middleware, the innermost first."""

    def caller(scope: Scope) -> str:
        return str((scope.get("client") or ("", 0))[0])

    def key_name(secret: str) -> str | None:
        keys: Keys = app.state.keys
        return keys.name_of(secret)

    app.add_middleware(
        IdentityMiddleware,
        signer=lambda: app.state.signer,
        address=caller,
        key_name=key_name,
    )
    app.add_middleware(CsrfMiddleware, names=config.host_names)
    app.add_middleware(RateLimitMiddleware, a_minute=config.requests_a_minute, address=caller)
    megabytes = settings().max_megabytes
    app.add_middleware(
        BodyLimitsMiddleware,
        megabytes=megabytes,
        seconds=UPLOAD_SECONDS,
        room=MAX_PICTURES_IN_MEMORY * megabytes,
    )
    app.add_middleware(ProxyHeadersMiddleware, trusted=config.trusted_proxies)
    app.add_middleware(SecurityHeadersMiddleware)
    app.add_middleware(RequestMetricsMiddleware)
