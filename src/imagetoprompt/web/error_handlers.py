"""Errors become answers here, once: problem details for programs, a page for people.

Nothing of a traceback leaves the server.
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
from imagetoprompt.web.middleware.security_headers import ALWAYS
from imagetoprompt.web.pages.templates import render
from imagetoprompt.web.problem_details import (
    MEDIA_TYPE,
    PRIVATE,
    headers,
    problem,
    sentence,
    status,
    title,
)

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
log: Final = logging.getLogger(__name__)
SENTENCES: Final = {
    404: "There is nothing at this address: see /docs for the API, or begin at the page.",
    405: "This address does not take that method: see /docs for what it takes.",
}


def install_error_handlers(app: FastAPI) -> None:
    """Make every error of the application an answer."""
    app.add_exception_handler(ImageToPromptError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


def error_response(request: Request, code: int, detail: str, **more: object) -> Response:
    """The error for whoever asked: HTML for a browser that shows a page, else problem details."""
    told = problem(code, detail, **more)
    if "text/html" in request.headers.get("accept", "") and not _program(request):
        page = render("error.html", status=code, title=title(code), sentence=detail)
        return HTMLResponse(page, code)
    return JSONResponse({**told, "error": detail}, code, media_type=MEDIA_TYPE)


def _program(request: Request) -> bool:
    return request.url.path.startswith("/api/") or "x-part" in request.headers


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, ImageToPromptError)  # noqa: S101 - registered for nothing else
    if isinstance(error, PRIVATE):
        log.warning("A call failed: %s", error)
    made = error_response(request, status(error), sentence(error))
    made.headers.update(headers(error))
    return made


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    faults = [
        {
            "where": ".".join(str(part) for part in each["loc"]),
            "what": each["msg"].removeprefix("Value error, "),
        }
        for each in error.errors()
    ]
    first = faults[0] if faults else {"where": "the request", "what": "it is not valid"}
    detail = f"{first['where']}: {first['what']}. See /docs for what is taken."
    return error_response(request, 422, detail, faults=faults)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    made = error_response(
        request, error.status_code, SENTENCES.get(error.status_code, str(error.detail))
    )
    made.headers.update(error.headers or {})
    if error.status_code == 405:
        made.headers["Allow"] = ", ".join(_taken(request))
    return made


def _taken(request: Request) -> Iterator[str]:
    """The methods that this address takes, whichever routes take them."""
    for method in METHODS:
        asked = {**request.scope, "method": method}
        if any(route.matches(asked)[0] is Match.FULL for route in request.app.routes):
            yield method


def _unforeseen(request: Request, error: Exception) -> Response:
    """Starlette logs the traceback after this; the answer has none of it."""
    made = error_response(
        request, 500, "Something went wrong here that is our fault: please try again."
    )
    # This alone is answered outside the guards.
    made.headers.update({**ALWAYS, "cache-control": "no-store"})
    return made
