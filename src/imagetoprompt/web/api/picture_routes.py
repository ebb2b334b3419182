"""`/pictures`: what is kept of a picture for a day: its facts, its copies, its maps."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from imagetoprompt.controls import CONTROLS
from imagetoprompt.errors import PictureError, UnknownNameError
from imagetoprompt.planning.options import US_SPELLINGS
from imagetoprompt.web import worker_tasks
from imagetoprompt.web.api.api_docs import picture_body
from imagetoprompt.web.api.request_models import AN_ID, ID_PATTERN
from imagetoprompt.web.api.response_models import PictureResponse
from imagetoprompt.web.api.responses import (
    CACHE_A_DAY,
    ROOT,
    VERSION,
    iso_time,
    json_response,
    problems,
)
from imagetoprompt.web.db.pictures import StoredPicture
from imagetoprompt.web.dependencies import AdmissionDep, DescribesDep, PictureStoreDep, VisitorDep
from imagetoprompt.web.server_errors import ForbiddenError
from imagetoprompt.web.uploads import SentPicture

router = APIRouter(tags=["pictures"])

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
