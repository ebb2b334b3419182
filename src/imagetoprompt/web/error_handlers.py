"""Turn errors into responses: problem details for programs, an HTML page for browsers.

Tracebacks never leave the server.
"""

import logging
from collections.abc import Iterator
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Match

from imagetoprompt.errors import ImageToPromptError
from imagetoprompt.web.middleware.security_headers import SECURITY_HEADERS
from imagetoprompt.web.pages.templates import render
from imagetoprompt.web.problem_details import (
    INTERNAL_ERRORS,
    MEDIA_TYPE,
    http_status,
    problem,
    public_detail,
    retry_headers,
    status_phrase,
)

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
log: Final = logging.getLogger(__name__)
SENTENCES: Final = {
    404: "There is nothing at this address: see /docs for the API, or go to the start page.",
    405: "This address does not support the method: see /docs for the supported ones.",
}


def install_error_handlers(app: FastAPI) -> None:
    """Register a handler for every kind of error."""
    app.add_exception_handler(ImageToPromptError, _handle_own)
    app.add_exception_handler(RequestValidationError, _handle_invalid)
    app.add_exception_handler(HTTPException, _handle_http)
    app.add_exception_handler(Exception, _handle_unexpected)


def error_response(request: Request, code: int, detail: str, **members: object) -> Response:
    """The error as HTML for a page request of a browser, else as problem details."""
    details = problem(code, detail, **members)
    if "text/html" in request.headers.get("accept", "") and not _is_program(request):
        page = render("error.html", status=code, title=status_phrase(code), sentence=detail)
        return HTMLResponse(page, code)
    return JSONResponse({**details, "error": detail}, code, media_type=MEDIA_TYPE)


def _is_program(request: Request) -> bool:
    return request.url.path.startswith("/api/") or "x-part" in request.headers


def _handle_own(request: Request, error: Exception) -> Response:
    assert isinstance(error, ImageToPromptError)  # noqa: S101 - registered for this class only
    if isinstance(error, INTERNAL_ERRORS):
        log.warning("A request failed: %s", error)
    response = error_response(request, http_status(error), public_detail(error))
    response.headers.update(retry_headers(error))
    return response


def _handle_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    faults = [
        {
            "where": ".".join(str(part) for part in error_item["loc"]),
            "what": error_item["msg"].removeprefix("Value error, "),
        }
        for error_item in error.errors()
    ]
    first = faults[0] if faults else {"where": "the request", "what": "it is not valid"}
    detail = f"{first['where']}: {first['what']}. See /docs for what is accepted."
    return error_response(request, 422, detail, faults=faults)


def _handle_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    response = error_response(
        request, error.status_code, SENTENCES.get(error.status_code, str(error.detail))
    )
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(_allowed_methods(request))
    return response


def _allowed_methods(request: Request) -> Iterator[str]:
    """The methods that any route accepts at this address."""
    for method in METHODS:
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            yield method


def _handle_unexpected(request: Request, error: Exception) -> Response:
    """Starlette logs the traceback after this; the response does not contain it."""
    response = error_response(request, 500, "Something went wrong on the server: please try again.")
    # Starlette sends this response outside all other middleware.
    response.headers.update({**SECURITY_HEADERS, "cache-control": "no-store"})
    return response
