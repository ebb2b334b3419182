"""Uploads: the bytes of a picture that somebody sends: a form, the body itself, a URL, an example.

Nothing is decoded here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from imagetoprompt.errors import PictureError
from imagetoprompt.images.loading.sources import check_bytes
from imagetoprompt.web.server_errors import BusyError, GoneError

FORM: Final = "multipart/form-data"
URLENCODED: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
MAX_FILES: Final = 6
MAX_FIELDS: Final = 120
MAX_FIELD_BYTES: Final = 65_536
# URLs that are fetched at once: each may hold a thread for as long as a slow site likes.
FETCHES: Final = BoundedSemaphore(4)
NOTHING: Final = "Give a picture: a file as 'picture', its address as 'url', or the bytes as body."


@dataclass(frozen=True)
class Upload:
    """What was sent: at most one of file, url and example, and the other fields in their order."""

    file: bytes = b""
    url: str = ""
    example: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    def last(self, name: str) -> str:
        """The last value of a field, or ""."""
        return dict(self.fields).get(name, "")

    def bytes(self, examples: Path) -> bytes:
        """The bytes of the picture; PictureError when there are none, FetchError for a URL."""
        if self.file:
            return check_bytes(self.file, "The picture")
        if self.url:
            return _fetched(self.url)
        if self.example:
            return example_upload(self.example, examples).read_bytes()
        raise PictureError(NOTHING)


async def upload(request: Request) -> Upload:
    """Read the request, whatever form it has. The guards have bounded its size."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in (FORM, URLENCODED):
        async with request.form(
            max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES
        ) as form:
            return await _formed(form)
    body = await request.body()
    if kind == JSON:
        return _named(body)
    return Upload(file=body)


SentPicture = Annotated[Upload, Depends(upload)]


async def _formed(form: FormData) -> Upload:
    pairs, files = [], {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files[name] = await value.read()
        else:
            pairs.append((name, value))
    last = dict(pairs)
    return Upload(
        file=files.get("picture", b""),
        url=last.get("url", "").strip(),
        example=last.get("example", ""),
        fields=tuple(pairs),
        files=files,
    )


def _named(body: bytes) -> Upload:
    import json  # noqa: PLC0415

    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PictureError(f"The body is not JSON: {error}.") from error
    if not isinstance(given, dict) or not isinstance(given.get("url"), str):
        raise PictureError(NOTHING)
    return Upload(url=given["url"])


def _fetched(url: str) -> bytes:
    from imagetoprompt.images.loading.download import fetch  # noqa: PLC0415 (loads httpx)

    if not FETCHES.acquire(blocking=False):
        raise BusyError("Too many addresses are being fetched: try again in ten seconds.")
    try:
        return fetch(url)
    finally:
        FETCHES.release()


def example_upload(name: str, folder: Path) -> Path:
    """The file of an example picture; GoneError when there is none of that name."""
    found = {path.stem: path for path in sorted(folder.glob("*.jpg"))}
    if name not in found:
        raise GoneError(f"There is no example named '{name[:40]}': choose one on the page.")
    return found[name]
