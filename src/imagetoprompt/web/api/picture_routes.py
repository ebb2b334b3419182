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
from imagetoprompt.web import worker_tasks
from imagetoprompt.web.api.api_docs import COMPARES, picture_body
from imagetoprompt.web.api.request_models import AN_ID, ID_PATTERN, PictureId
from imagetoprompt.web.api.response_models import DescribeResponse, DriftModel, PictureResponse
from imagetoprompt.web.api.responses import (
    CACHE_A_DAY,
    ROOT,
    VERSION,
    iso_time,
    json_response,
    problems,
)
from imagetoprompt.web.api.scene_models import Model
from imagetoprompt.web.api.sse import EVENT, MEDIA_TYPE, event, event_response, in_threads
from imagetoprompt.web.db.pictures import StoredPicture
from imagetoprompt.web.dependencies import AdmissionDep, DescribesDep, PictureStoreDep, VisitorDep
from imagetoprompt.web.problem_details import http_status, problem, public_detail
from imagetoprompt.web.server_errors import ForbiddenError
from imagetoprompt.web.services.describes import DescribedPicture
from imagetoprompt.web.services.picture_store import PictureStore
from imagetoprompt.web.uploads import SentPicture

router = APIRouter(tags=["pictures"])

Some = Annotated[list[Facet], Query(max_length=len(FACETS))]


def _wanted(only: Some = [], without: Some = []) -> tuple[str, ...]:  # noqa: B006 - read only
    """The facets that are looked for; () for all."""
    wanted = tuple(each for each in only or FACETS if each not in without)
    if not wanted:
        raise PictureError("Nothing is left to look for: leave some facet in.")
    return () if wanted == FACETS else wanted


EVENTS: Final = {
    "description": "The facts: twice as events `seen` when text/event-stream is asked for",
    "content": {MEDIA_TYPE: {"schema": EVENT}},
    "model": DescribeResponse,
}


@router.post(
    "/describe",
    summary="Look at a picture: the facts, each with its confidence",
    responses={200: EVENTS, **problems(415)},
    openapi_extra={"requestBody": picture_body(with_url=True)},
)
def describe(
    sent: SentPicture,
    visitor: VisitorDep,
    describes: DescribesDep,
    facets: Annotated[tuple[str, ...], Depends(_wanted)],
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """What is seen; `only` and `without` name facets. It costs one use.

    With `Accept: text/event-stream` it comes in two events `seen`: what was measured, soon, and
    then everything; or in an event `problem`.
    """
    looks = describes.look(sent, visitor, facets)
    if MEDIA_TYPE not in accept:
        *_, last = looks
        return json_response(
            _told(last, describes.store), Location=f"{ROOT}/pictures/{last.picture}"
        )
    # What is refused at once is an answer of its own.
    first = next(looks)
    return event_response(in_threads(_events(chain((first,), looks), describes.store)))


def _told(seen: DescribedPicture, store: PictureStore) -> dict[str, Any]:
    return {
        "version": VERSION,
        "picture": seen.picture,
        "whole": seen.whole,
        "scene": seen.scene.to_json(),
        "expires": iso_time(store.get(seen.picture).expires),
    }


def _events(looks: Iterator[DescribedPicture], store: PictureStore) -> Generator[str, None, None]:
    try:
        for seen in looks:
            yield event("seen", _told(seen, store))
    except ImageToPromptError as error:
        yield event("problem", problem(http_status(error), public_detail(error)))


PNG: Final = "image/png"
ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg"}
Id = Annotated[str, Path(pattern=ID_PATTERN, examples=[AN_ID], description="Of the picture")]
Kind = Annotated[str, Path(pattern="^[a-z]{2,20}$", json_schema_extra={"enum": list(CONTROLS)})]
IMAGE: Final = {"schema": {"type": "string", "format": "binary"}}


def pictured(kept: StoredPicture) -> dict[str, Any]:
    """The picture as JSON."""
    own = f"{ROOT}/pictures/{kept.id}"
    return {
        "version": VERSION,
        "picture": kept.id,
        "size": [kept.width, kept.height],
        "media_type": kept.media_type,
        "created": iso_time(kept.created),
        "expires": iso_time(kept.expires),
        "scene": kept.scene,
        "links": {"self": own, "image": f"{own}/image", "page": f"/p/{kept.id}"},
    }


@router.post(
    "/pictures",
    status_code=201,
    summary="Keep a picture without looking at it, such as a mask",
    responses={201: {"model": PictureResponse}, **problems(415)},
    openapi_extra={"requestBody": picture_body(with_url=False)},
)
def keep_picture(sent: SentPicture, visitor: VisitorDep, describes: DescribesDep) -> Response:
    """A picture that is only kept: a mask, or one whose style or palette is a reference.

    It costs no use.
    """
    if not sent.file:
        raise PictureError("Give a picture: a file as 'picture', or the bytes as body.")
    kept = describes.aside(sent.file, visitor)
    return json_response(pictured(kept), 201, Location=f"{ROOT}/pictures/{kept.id}")


@router.get(
    "/pictures/{picture}",
    summary="What is kept of a picture, its facts among it",
    responses={200: {"model": PictureResponse}, **problems(404)},
)
def get_picture(picture: Id, store: PictureStoreDep) -> Response:
    """Its size, its facts (null before it was described), and until when it is kept."""
    return json_response(pictured(store.get(picture)))


@router.get(
    "/pictures/{picture}/image",
    summary="The picture itself, encoded anew",
    responses={200: {"content": {PNG: IMAGE, "image/jpeg": IMAGE}}, **problems(404)},
    response_class=Response,
)
def get_image(
    picture: Id,
    store: PictureStoreDep,
    size: Annotated[Literal["whole", "shown", "small"], Query()] = "whole",
) -> Response:
    """whole: as it was sent, without its metadata. shown: 1280 pixels wide or high; small: 240."""
    data, kind = store.image(picture, size)
    name = f"imagetoprompt-{picture[:6]}-{size}.{ENDINGS[kind]}"
    disposed = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(data, media_type=kind, headers={**CACHE_A_DAY, **disposed})


@router.delete(
    "/pictures/{picture}",
    status_code=204,
    summary="Delete a picture of your own, now",
    responses={204: {"description": "It is gone"}, **problems(404)},
    response_class=Response,
)
def delete_picture(picture: Id, visitor: VisitorDep, store: PictureStoreDep) -> Response:
    """Delete its files and its facts. Others cannot: it takes your cookie, or your API key."""
    if store.get(picture).visitor != visitor.id:
        raise ForbiddenError("That picture is another visitor's: only who brought it deletes it.")
    store.forget(picture)
    return Response(status_code=204)


@router.get(
    "/pictures/{picture}/controls/{kind}",
    summary="The map that keeps structure of a kind, as PNG",
    responses={200: {"content": {PNG: IMAGE}}, **problems(404, 501)},
    response_class=Response,
)
def get_control(
    picture: Id, kind: Kind, store: PictureStoreDep, admission: AdmissionDep
) -> Response:
    """Edges, depth, pose and the like, as large as the picture; GET /controls lists the kinds."""
    kind = US_SPELLINGS.get(kind, kind)
    if kind not in CONTROLS:
        raise UnknownNameError("control", kind, CONTROLS)

    def drawn() -> bytes:
        data: bytes = admission.one(worker_tasks.control_task, kind, store.image(picture)[0])
        return data

    store.get(picture)
    data = store.drawn(picture, f"control-{kind}", drawn)
    name = f"imagetoprompt-{picture[:6]}-{kind}.png"
    disposed = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(data, media_type=PNG, headers={**CACHE_A_DAY, **disposed})


class CompareBody(Model):
    """Two pictures that are kept here, and a mask of the first one's size: white may change."""

    reference: PictureId
    result: PictureId
    mask: PictureId | None = None


@router.post(
    "/compare",
    summary="What moved between two pictures, facet by facet and pixel by pixel",
    responses={200: {"model": DriftModel}, **problems(404)},
)
def compare_pictures(
    body: Annotated[CompareBody, COMPARES], store: PictureStoreDep, admission: AdmissionDep
) -> Response:
    """Which facts moved, and how alike the pixels are: everywhere, inside and outside the mask."""
    names = (body.reference, body.result, body.mask)
    files = [store.image(name)[0] for name in names if name]
    return json_response(admission.one(worker_tasks.compare_task, *files))
