"""The routes of the page: parse, call, render.

Every state of the page is an address; what changes something is a form with a token. It does not
know how anything looks.
"""

import json
from collections.abc import Callable, Iterator
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from starlette.responses import (
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from imagetoprompt.errors import ForbiddenError, ImageToPromptError, QuotaError
from imagetoprompt.web.dependencies import CookieSignerDep, DescribesDep, TransformsDep
from imagetoprompt.web.pages import page_view
from imagetoprompt.web.pages.deciding import Asking, Desk, asking, desk
from imagetoprompt.web.pages.replies import PRIVATE, html
from imagetoprompt.web.pages.templates import render
from imagetoprompt.web.pages.urls import address, tidied
from imagetoprompt.web.pages.visit import Shown
from imagetoprompt.web.query import parse_query
from imagetoprompt.web.services.describes import DescribedPicture
from imagetoprompt.web.services.transforms import TransformPayload
from imagetoprompt.web.uploads import SentPicture

router = APIRouter(include_in_schema=False)
ADesk = Annotated[Desk, Depends(desk)]

LINES: Final = "application/x-ndjson"


@router.get("/")
def start(request: Request, at: ADesk) -> Response:
    """Where everybody begins."""
    return html(request, render("start.html", start=page_view.start(at.visit)))


@router.post("/pictures")
def bring(
    request: Request, sent: SentPicture, at: ADesk, looker: DescribesDep, seals: CookieSignerDep
) -> Response:
    """A picture: look at it, and show what is seen as it is seen, or lead to its page."""
    _own_form(at, seals, sent.last("token"))
    asked = asking((), request.cookies)
    if LINES in request.headers.get("accept", ""):
        looks = looker.look(sent, at.visitor)
        lines = _lines(looks, lambda: desk(request), asked)
        return StreamingResponse(lines, media_type=LINES, headers=PRIVATE)
    seen = looker.all(sent, at.visitor)
    return RedirectResponse(address(seen.picture, ()), 303)


def _lines(
    looks: Iterator[DescribedPicture], at: Callable[[], Desk], asked: Asking
) -> Iterator[str]:
    """One line of JSON for each look: the page's main part with the facts so far.

    The desk is set anew for each, since looking costs a use.
    """
    try:
        for seen in looks:
            shown = at().growing(seen.picture, seen.scene, asked, whole=seen.whole)
            told = {"url": address(seen.picture, ()), "main": _main(shown), "whole": seen.whole}
            yield json.dumps(told) + "\n"
    except ImageToPromptError as error:
        yield json.dumps({"error": str(error), "quota": isinstance(error, QuotaError)}) + "\n"


@router.get("/p/{picture}")
def page(request: Request, picture: str, at: ADesk) -> Response:
    """The page of a picture in the state that its address tells; its main part with X-Part.

    An address as a form writes it leads to the plain one, which a part tells without the detour.
    """
    given = tuple(parse_qsl(request.url.query, keep_blank_values=True))
    plain, part = tidied(given), request.headers.get("x-part") == "main"
    if plain != given and not part:
        return RedirectResponse(address(picture, plain), 303, headers=PRIVATE)
    shown = at.shown(picture, asking(plain, request.cookies))
    if part:
        return html(request, _main(shown), {"Content-Location": address(picture, plain)})
    return html(request, render("page.html", page=page_view.page(shown)))


def _main(shown: Shown) -> str:
    return render("main.html", page=page_view.page(shown))


@router.post("/aside")
def aside(sent: SentPicture, at: ADesk, looker: DescribesDep, seals: CookieSignerDep) -> Response:
    """A second picture to take facts from, or, with `mask`, one that is only kept."""
    _own_form(at, seals, sent.last("token"))
    if sent.last("mask"):
        return JSONResponse({"id": looker.aside(sent.file, at.visitor).id, "scene": False})
    return JSONResponse({"id": looker.all(sent, at.visitor).picture, "scene": True})


@router.post("/p/{picture}/paint")
def paint(
    picture: str, sent: SentPicture, at: ADesk, office: TransformsDep, seals: CookieSignerDep
) -> Response:
    """Put a painting in the line, and lead to the page that shows how far it is."""
    _own_form(at, seals, sent.last("token"))
    fields = tidied([each for each in sent.fields if each[0] not in ("token", "job")])
    job = office.commission(TransformPayload(picture, parse_query(fields)), at.visitor)
    return RedirectResponse(address(picture, (*fields, ("job", job.id))), 303)


@router.post("/jobs/{job}/cancel")
def cancel(
    job: str, sent: SentPicture, at: ADesk, office: TransformsDep, seals: CookieSignerDep
) -> Response:
    """Stop a painting of one's own."""
    _own_form(at, seals, sent.last("token"))
    found = office.cancel(job, at.visitor)
    if found is None:
        raise ForbiddenError("That painting is not yours, or it is gone.")
    fields = [each for each in parse_qsl(found.order["ask"]) if each[0] != "job"]
    return RedirectResponse(address(found.picture, (*fields, ("job", job))), 303)


def _own_form(at: Desk, seals: CookieSignerDep, token: str) -> None:
    """ForbiddenError unless the form was made for this visitor."""
    if not seals.owns(at.visitor.id, token):
        raise ForbiddenError("This page has been open for too long: load it again, and try again.")
