"""Routes of the HTML page: the page itself, its forms, and the images that it shows.

Every state of the page is an address; what changes something on the server is a form with a CSRF
token. Images are always encoded by this server, never passed through as they were uploaded.
"""

import json
from collections.abc import Callable, Iterator
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from fastapi import Path as PathParameter
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from imagetoprompt.controls import CONTROLS
from imagetoprompt.errors import ImageToPromptError, UnknownNameError
from imagetoprompt.facts.edits import presets
from imagetoprompt.planning.options import US_SPELLINGS
from imagetoprompt.web.dependencies import (
    CookieSignerDep,
    DescribesDep,
    JobQueueDep,
    PictureStoreDep,
    TransformsDep,
    VisitorDep,
)
from imagetoprompt.web.file_responses import StoredFileResponse
from imagetoprompt.web.lifespan import examples_folder
from imagetoprompt.web.pages import page_view
from imagetoprompt.web.pages.context import (
    PageBuilder,
    PageState,
    ParsedAddress,
    page_builder,
    parse_address,
)
from imagetoprompt.web.pages.templates import PRIVATE, html, render
from imagetoprompt.web.pages.urls import address, tidied
from imagetoprompt.web.query import parse_query
from imagetoprompt.web.server_errors import ForbiddenError, GoneError, QuotaError
from imagetoprompt.web.services.describes import DescribedPicture
from imagetoprompt.web.services.transforms import TransformPayload
from imagetoprompt.web.uploads import SentPicture, example_upload

router = APIRouter(include_in_schema=False)
Builder = Annotated[PageBuilder, Depends(page_builder)]
Name = Annotated[str, PathParameter(pattern="^[a-z-]{2,20}$")]

NDJSON: Final = "application/x-ndjson"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
EXTENSIONS: Final = {PNG: "png", JPEG: "jpg"}
IMMUTABLE: Final = {"Cache-Control": "private, max-age=86400, immutable"}
"""A picture never changes under its id."""
ONE_WEEK: Final = {"Cache-Control": "public, max-age=604800"}
NO_STORE: Final = {"Cache-Control": "no-store"}


@router.get("/")
def start(request: Request, builder: Builder) -> Response:
    """The start page."""
    return html(request, render("start.html", start=page_view.start(builder.visit)))


@router.post("/pictures")
def upload(
    request: Request,
    sent: SentPicture,
    builder: Builder,
    describes: DescribesDep,
    signer: CookieSignerDep,
) -> Response:
    """Analyze an uploaded picture, and redirect to its page.

    A script asks for NDJSON instead: the page's main part, first with fast facts, then with all.
    """
    _check_token(builder, signer, sent.last("token"))
    parsed = parse_address((), request.cookies)
    if NDJSON in request.headers.get("accept", ""):
        stages = describes.stages(sent, builder.visitor)
        lines = _ndjson(stages, lambda: page_builder(request), parsed)
        return StreamingResponse(lines, media_type=NDJSON, headers=PRIVATE)
    seen = describes.describe(sent, builder.visitor)
    return RedirectResponse(address(seen.picture, ()), 303)


def _ndjson(
    stages: Iterator[DescribedPicture], builder: Callable[[], PageBuilder], parsed: ParsedAddress
) -> Iterator[str]:
    """One JSON line for each partial analysis. The builder is made anew, as the quota changes."""
    try:
        for described in stages:
            state = builder().partial_state(
                described.picture, described.scene, parsed, complete=described.complete
            )
            line = {
                "url": address(described.picture, ()),
                "main": _main(state),
                "whole": described.complete,
            }
            yield json.dumps(line) + "\n"
    except ImageToPromptError as error:
        yield json.dumps({"error": str(error), "quota": isinstance(error, QuotaError)}) + "\n"


@router.get("/p/{picture}")
def page(request: Request, picture: str, builder: Builder) -> Response:
    """The page of a picture in the state of its address; only its main part with `X-Part: main`.

    The address of a submitted form redirects to its short form; a part names it in a header.
    """
    fields = tuple(parse_qsl(request.url.query, keep_blank_values=True))
    short, part = tidied(fields), request.headers.get("x-part") == "main"
    if short != fields and not part:
        return RedirectResponse(address(picture, short), 303, headers=PRIVATE)
    state = builder.page_state(picture, parse_address(short, request.cookies))
    if part:
        return html(request, _main(state), {"Content-Location": address(picture, short)})
    return html(request, render("page.html", page=page_view.page(state)))


def _main(state: PageState) -> str:
    return render("main.html", page=page_view.page(state))


@router.post("/aside")
def upload_second(
    sent: SentPicture, builder: Builder, describes: DescribesDep, signer: CookieSignerDep
) -> Response:
    """Store a second picture to take facts from, or, with `mask`, a mask that is not analyzed."""
    _check_token(builder, signer, sent.last("token"))
    if sent.last("mask"):
        return JSONResponse(
            {"id": describes.store_only(sent.file, builder.visitor).id, "scene": False}
        )
    return JSONResponse({"id": describes.describe(sent, builder.visitor).picture, "scene": True})


@router.post("/p/{picture}/paint")
def transform(
    picture: str,
    sent: SentPicture,
    builder: Builder,
    transforms: TransformsDep,
    signer: CookieSignerDep,
) -> Response:
    """Queue a transform job, and redirect to the page that shows its progress."""
    _check_token(builder, signer, sent.last("token"))
    fields = tidied([pair for pair in sent.fields if pair[0] not in ("token", "job")])
    job = transforms.submit(TransformPayload(picture, parse_query(fields)), builder.visitor)
    return RedirectResponse(address(picture, (*fields, ("job", job.id))), 303)


@router.post("/jobs/{job}/cancel")
def cancel(
    job: str,
    sent: SentPicture,
    builder: Builder,
    transforms: TransformsDep,
    signer: CookieSignerDep,
) -> Response:
    """Cancel a job of the visitor."""
    _check_token(builder, signer, sent.last("token"))
    cancelled = transforms.cancel(job, builder.visitor)
    if cancelled is None:
        raise ForbiddenError("This job is another visitor's, or it was deleted.")
    fields = [pair for pair in parse_qsl(cancelled.order["ask"]) if pair[0] != "job"]
    return RedirectResponse(address(cancelled.picture, (*fields, ("job", job))), 303)


def _check_token(builder: PageBuilder, signer: CookieSignerDep, token: str) -> None:
    """Raise ForbiddenError unless the form was made for this visitor."""
    if not signer.owns(builder.visitor.id, token):
        raise ForbiddenError("This page has been open for too long: reload it and try again.")


@router.get("/p/{picture}/shown.jpg")
def shown(picture: str, pictures: PictureStoreDep) -> Response:
    """The picture as large as the page shows it."""
    return StoredFileResponse(pictures.open_image(picture, "shown"), IMMUTABLE)


@router.get("/p/{picture}/small.jpg")
def small(picture: str, pictures: PictureStoreDep) -> Response:
    """The picture as a thumbnail."""
    return StoredFileResponse(pictures.open_image(picture, "small"), IMMUTABLE)


@router.get("/p/{picture}/whole")
def download(picture: str, pictures: PictureStoreDep) -> Response:
    """The picture in full size, as a download."""
    opened = pictures.open_image(picture)
    name = f"imagetoprompt-{picture[:6]}.{EXTENSIONS[opened.media_type]}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StoredFileResponse(opened, {**IMMUTABLE, **disposition})


@router.get("/p/{picture}/map/{kind}.png")
def control_map(picture: str, kind: Name, visitor: VisitorDep, describes: DescribesDep) -> Response:
    """The control map of one kind, at the size that the page shows."""
    kind = US_SPELLINGS.get(kind, kind)
    if kind not in CONTROLS:
        raise UnknownNameError("control", kind, CONTROLS)
    return StoredFileResponse(describes.control_map(picture, kind, "shown", visitor), IMMUTABLE)


@router.get("/p/{picture}/sharp.png")
def sharpness_map(picture: str, visitor: VisitorDep, describes: DescribesDep) -> Response:
    """The map of sharpness: bright where the picture is sharp."""
    return StoredFileResponse(describes.sharpness_map(picture, visitor), IMMUTABLE)


@router.get("/p/{picture}/presets/{kind}.jpg")
def preset_thumbnails(
    picture: str, kind: Name, visitor: VisitorDep, describes: DescribesDep
) -> Response:
    """The picture under each preset of a kind: square cells in one column."""
    names = [preset.name for preset in presets() if preset.kind == kind]
    if not names:
        raise GoneError(f"There are no presets of the kind '{kind}'.")
    opened = describes.preset_thumbnails(picture, kind, names, visitor)
    return StoredFileResponse(opened, IMMUTABLE)


@router.get("/jobs/{job}/preview.jpg")
def preview(job: str, jobs: JobQueueDep, pictures: PictureStoreDep) -> Response:
    """What the job has made so far."""
    running = jobs.get(job)
    if running is None or not running.preview:
        raise GoneError("This job has no preview yet.")
    return Response(pictures.read_file(running.preview), media_type=JPEG, headers=NO_STORE)


@router.get("/examples/{name}/small.jpg")
def example_picture(name: Name) -> Response:
    """An example picture."""
    return Response(
        example_upload(name, examples_folder()).read_bytes(), media_type=JPEG, headers=ONE_WEEK
    )
