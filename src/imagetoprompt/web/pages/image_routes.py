"""The routes of what the page shows in frames: pictures, maps, thumbnails of presets, previews.

Everything is a file of ours, encoded here, never one that was sent. It does not know the page.
"""

from typing import Annotated, Final

from fastapi import APIRouter
from fastapi import Path as Part
from starlette.responses import Response

from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.scene import Scene
from imagetoprompt.errors import GoneError, UnknownNameError
from imagetoprompt.facts.edits import presets
from imagetoprompt.web import worker_tasks
from imagetoprompt.web.dependencies import AdmissionDep, JobQueueDep, PictureStoreDep
from imagetoprompt.web.lifespan import examples_folder
from imagetoprompt.web.uploads import example_upload

router = APIRouter(include_in_schema=False)

KEPT: Final = {"Cache-Control": "private, max-age=86400, immutable"}
"""A picture never changes under its id."""
A_WEEK: Final = {"Cache-Control": "public, max-age=604800"}
NO_STORE: Final = {"Cache-Control": "no-store"}
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg"}
Word = Annotated[str, Part(pattern="^[a-z-]{2,20}$")]


@router.get("/p/{picture}/shown.jpg")
def shown(picture: str, album: PictureStoreDep) -> Response:
    """The picture as large as the page shows it."""
    return Response(album.image(picture, "shown")[0], media_type=JPEG, headers=KEPT)


@router.get("/p/{picture}/small.jpg")
def small(picture: str, album: PictureStoreDep) -> Response:
    """The picture as a thumbnail."""
    return Response(album.image(picture, "small")[0], media_type=JPEG, headers=KEPT)


@router.get("/p/{picture}/whole")
def whole(picture: str, album: PictureStoreDep) -> Response:
    """The picture to download."""
    data, kind = album.image(picture)
    name = f"imagetoprompt-{picture[:6]}.{ENDINGS[kind]}"
    told = {**KEPT, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=kind, headers=told)


@router.get("/p/{picture}/map/{kind}.png")
def control_map(picture: str, kind: Word, album: PictureStoreDep, gate: AdmissionDep) -> Response:
    """The map that keeps structure of that kind, small enough to look at."""
    if kind not in CONTROLS:
        raise UnknownNameError("control", kind, CONTROLS)
    data = album.drawn(
        picture,
        f"map-{kind}",
        lambda: gate.one(worker_tasks.control_task, kind, album.image(picture, "shown")[0]),
    )
    return Response(data, media_type=PNG, headers=KEPT)


@router.get("/p/{picture}/sharp.png")
def sharp(picture: str, album: PictureStoreDep, gate: AdmissionDep) -> Response:
    """Where the picture is sharp."""
    data = album.drawn(
        picture,
        "sharp",
        lambda: gate.one(worker_tasks.sharpness_task, album.image(picture, "shown")[0]),
    )
    return Response(data, media_type=PNG, headers=KEPT)


@router.get("/p/{picture}/presets/{kind}.jpg")
def thumbnails(picture: str, kind: Word, album: PictureStoreDep, gate: AdmissionDep) -> Response:
    """All presets of a kind, painted on this very picture: square cells in one column."""
    names = [each.name for each in presets() if each.kind == kind]
    if not names:
        raise GoneError(f"There are no presets of the kind '{kind}'.")
    kept = album.get(picture)
    # While a picture is still looked at, its presets are painted from the pixels alone.
    scene = kept.scene or Scene((kept.width, kept.height)).to_json()

    def painted() -> bytes:
        data: bytes = gate.one(
            worker_tasks.thumbnails_task, names, scene, album.image(picture, "small")[0]
        )
        return data

    return Response(album.drawn(picture, f"presets-{kind}", painted), media_type=JPEG, headers=KEPT)


@router.get("/jobs/{job}/preview.jpg")
def preview(job: str, jobs: JobQueueDep, album: PictureStoreDep) -> Response:
    """What a painting looks like so far."""
    found = jobs.get(job)
    if found is None or not found.preview:
        raise GoneError("There is nothing to see of that painting yet.")
    return Response(album.read(found.preview), media_type=JPEG, headers=NO_STORE)


@router.get("/examples/{name}/small.jpg")
def example_picture(name: Word) -> Response:
    """An example picture to try."""
    return Response(
        example_upload(name, examples_folder()).read_bytes(), media_type=JPEG, headers=A_WEEK
    )
