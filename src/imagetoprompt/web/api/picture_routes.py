"""`/describe`, `/pictures` and `/compare`: facts of pictures, stored copies, and comparisons."""

from collections.abc import Generator, Iterator
from itertools import chain
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Header, Path, Query
from starlette.responses import Response

from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.scene import FACETS, Facet
from imagetoprompt.errors import ImageToPromptError, PictureError, UnknownNameError
from imagetoprompt.planning.options import US_SPELLINGS
from imagetoprompt.web.api.api_docs import COMPARES, picture_body
from imagetoprompt.web.api.request_models import EXAMPLE_ID, ID_PATTERN, PictureId
from imagetoprompt.web.api.response_models import DescribeResponse, DriftModel, PictureResponse
from imagetoprompt.web.api.responses import (
    CACHE_A_DAY,
    PARTIAL,
    ROOT,
    VERSION,
    iso_time,
    json_response,
    problems,
)
from imagetoprompt.web.api.scene_models import Model
from imagetoprompt.web.api.sse import EVENT, MEDIA_TYPE, event, event_response, in_threads
from imagetoprompt.web.db.pictures import StoredPicture
from imagetoprompt.web.dependencies import DescribesDep, PictureStoreDep, VisitorDep
from imagetoprompt.web.file_responses import StoredFileResponse
from imagetoprompt.web.problem_details import http_status, problem, public_detail
from imagetoprompt.web.server_errors import ForbiddenError
from imagetoprompt.web.services.describes import DescribedPicture
from imagetoprompt.web.services.picture_store import PictureStore
from imagetoprompt.web.uploads import SentPicture

router = APIRouter(tags=["pictures"])

FacetNames = Annotated[list[Facet], Query(max_length=len(FACETS))]


def _selected_facets(only: FacetNames = [], without: FacetNames = []) -> tuple[str, ...]:  # noqa: B006 - read only
    """The facets to look for; () for all."""
    selected = tuple(facet for facet in only or FACETS if facet not in without)
    if not selected:
        raise PictureError("No facet is left to look for: exclude fewer facets.")
    return () if selected == FACETS else selected


EVENTS: Final = {
    "description": "The facts; as two events `seen` with `Accept: text/event-stream`",
    "content": {MEDIA_TYPE: {"schema": EVENT}},
    "model": DescribeResponse,
}


@router.post(
    "/describe",
    summary="Describe a picture: its facts, each with a confidence",
    responses={200: EVENTS, **problems(415)},
    openapi_extra={"requestBody": picture_body(with_url=True)},
)
def describe(
    sent: SentPicture,
    visitor: VisitorDep,
    describes: DescribesDep,
    facets: Annotated[tuple[str, ...], Depends(_selected_facets)],
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """The facts of a picture; `only` and `without` select facets. It costs one use.

    With `Accept: text/event-stream` there are two events `seen`: first the facts of the quick
    measurements, then all facts; or one event `problem`.
    """
    stages = describes.stages(sent, visitor, facets)
    if MEDIA_TYPE not in accept:
        *_, last = stages
        return json_response(
            _description_json(last, describes.store), Location=f"{ROOT}/pictures/{last.picture}"
        )
    # An error before the first stage becomes an ordinary error response.
    first = next(stages)
    return event_response(in_threads(_events(chain((first,), stages), describes.store)))


def _description_json(described: DescribedPicture, store: PictureStore) -> dict[str, Any]:
    return {
        "version": VERSION,
        "picture": described.picture,
        "whole": described.complete,
        "scene": described.scene.to_json(),
        "expires": iso_time(store.get(described.picture).expires),
    }


def _events(stages: Iterator[DescribedPicture], store: PictureStore) -> Generator[str, None, None]:
    try:
        for described in stages:
            yield event("seen", _description_json(described, store))
    except ImageToPromptError as error:
        yield event("problem", problem(http_status(error), public_detail(error)))


PNG: Final = "image/png"
EXTENSIONS: Final = {"image/png": "png", "image/jpeg": "jpg"}
Id = Annotated[str, Path(pattern=ID_PATTERN, examples=[EXAMPLE_ID], description="Of the picture")]
Kind = Annotated[str, Path(pattern="^[a-z]{2,20}$", json_schema_extra={"enum": list(CONTROLS)})]
IMAGE: Final = {"schema": {"type": "string", "format": "binary"}}


def picture_json(stored: StoredPicture) -> dict[str, Any]:
    """The picture as JSON."""
    url = f"{ROOT}/pictures/{stored.id}"
    return {
        "version": VERSION,
        "picture": stored.id,
        "size": [stored.width, stored.height],
        "media_type": stored.media_type,
        "created": iso_time(stored.created),
        "expires": iso_time(stored.expires),
        "scene": stored.scene,
        "links": {"self": url, "image": f"{url}/image", "page": f"/p/{stored.id}"},
    }


@router.post(
    "/pictures",
    status_code=201,
    summary="Store a picture without describing it, such as a mask",
    responses={201: {"model": PictureResponse}, **problems(415)},
    openapi_extra={"requestBody": picture_body(with_url=False)},
)
def keep_picture(sent: SentPicture, visitor: VisitorDep, describes: DescribesDep) -> Response:
    """Store a mask, or a picture that is a reference for style or palette. It costs no use."""
    if not sent.file:
        raise PictureError("Give a picture: a file as 'picture', or the bytes as body.")
    stored = describes.store_only(sent.file, visitor)
    return json_response(picture_json(stored), 201, Location=f"{ROOT}/pictures/{stored.id}")


@router.get(
    "/pictures/{picture}",
    summary="A stored picture and its facts",
    responses={200: {"model": PictureResponse}, **problems(404)},
)
def get_picture(picture: Id, store: PictureStoreDep) -> Response:
    """Its size, its facts (null before it was described), and until when it is stored."""
    return json_response(picture_json(store.get(picture)))


@router.get(
    "/pictures/{picture}/image",
    summary="The picture itself, re-encoded",
    responses={
        200: {"content": {PNG: IMAGE, "image/jpeg": IMAGE}},
        **PARTIAL,
        **problems(404, 416),
    },
    response_class=Response,
)
def get_image(
    picture: Id,
    store: PictureStoreDep,
    size: Annotated[Literal["whole", "shown", "small"], Query()] = "whole",
) -> Response:
    """whole: in full size, without metadata. shown, small: at most 1280 and 240 pixels a side.

    A `Range` header gets a part of it, so that a download that broke off can go on.
    """
    opened = store.open_image(picture, size)
    name = f"imagetoprompt-{picture[:6]}-{size}.{EXTENSIONS[opened.media_type]}"
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return StoredFileResponse(opened, {**CACHE_A_DAY, **disposition})


@router.delete(
    "/pictures/{picture}",
    status_code=204,
    summary="Delete one of your pictures",
    responses={204: {"description": "The picture is deleted"}, **problems(404)},
    response_class=Response,
)
def delete_picture(picture: Id, visitor: VisitorDep, store: PictureStoreDep) -> Response:
    """Delete its files and facts; it takes the cookie or API key that it was uploaded with."""
    if store.get(picture).visitor != visitor.id:
        raise ForbiddenError(
            "This picture is another visitor's: you can delete only your own pictures."
        )
    store.delete(picture)
    return Response(status_code=204)


@router.get(
    "/pictures/{picture}/controls/{kind}",
    summary="A control map of a picture, as PNG",
    responses={200: {"content": {PNG: IMAGE}}, **PARTIAL, **problems(404, 416, 501)},
    response_class=Response,
)
def get_control(picture: Id, kind: Kind, visitor: VisitorDep, describes: DescribesDep) -> Response:
    """Edges, depth, pose and others, in the picture's size; GET /controls lists the kinds.

    It is free for a picture that was described, and costs one use for one that was only stored; a
    map that was drawn before is free.
    """
    kind = US_SPELLINGS.get(kind, kind)
    if kind not in CONTROLS:
        raise UnknownNameError("control", kind, CONTROLS)
    opened = describes.control_map(picture, kind, "whole", visitor)
    name = f"imagetoprompt-{picture[:6]}-{kind}.png"
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return StoredFileResponse(opened, {**CACHE_A_DAY, **disposition})


class CompareBody(Model):
    """The ids of two pictures, and of a mask in the first one's size: white may change."""

    reference: PictureId
    result: PictureId
    mask: PictureId | None = None


@router.post(
    "/compare",
    summary="What changed between two pictures, by facets and by pixels",
    responses={200: {"model": DriftModel}, **problems(404)},
)
def compare_pictures(
    body: Annotated[CompareBody, COMPARES], visitor: VisitorDep, describes: DescribesDep
) -> Response:
    """Which facts changed, and how similar the pixels are: overall, inside and outside the mask.

    It looks at both pictures anew and costs one use; the same comparison again is free.
    """
    pictures = (body.reference, body.result, body.mask or "")
    return json_response(describes.compare(pictures, visitor))
