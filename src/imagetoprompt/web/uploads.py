"""Read the picture of a request: a form, the raw body, a URL or the name of an example.

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
from imagetoprompt.images.loading.decode import check_bytes
from imagetoprompt.web.server_errors import BusyError, GoneError

FORM: Final = "multipart/form-data"
URLENCODED: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
MAX_FILES: Final = 6
MAX_FIELDS: Final = 120
MAX_FIELD_BYTES: Final = 65_536
# Downloads at once: each may occupy a thread for as long as a slow site takes.
FETCH_SLOTS: Final = BoundedSemaphore(4)
NO_PICTURE: Final = (
    "Send a picture: a file as 'picture', its URL as 'url', or its bytes as the body."
)


@dataclass(frozen=True)
class Upload:
    """The content of a request: at most one of file, url and example, and the other form fields."""

    file: bytes = b""
    url: str = ""
    example: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    def last(self, name: str) -> str:
        """The last value of a field, or ""."""
        return dict(self.fields).get(name, "")

    def bytes(self, examples: Path) -> bytes:
        """The bytes of the picture; PictureError if there is none, FetchError if its URL fails."""
        if self.file:
            return check_bytes(self.file, "The picture")
        if self.url:
            return _fetch_url(self.url)
        if self.example:
            return example_upload(self.example, examples).read_bytes()
        raise PictureError(NO_PICTURE)


async def upload(request: Request) -> Upload:
    """Read the request by its content type; BodyLimitsMiddleware has limited its size."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in (FORM, URLENCODED):
        async with request.form(
            max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES
        ) as form:
            return await _from_form(form)
    body = await request.body()
    if kind == JSON:
        return _from_json(body)
    return Upload(file=body)


SentPicture = Annotated[Upload, Depends(upload)]


async def _from_form(form: FormData) -> Upload:
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


def _from_json(body: bytes) -> Upload:
    import json  # noqa: PLC0415

    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PictureError(f"The body is not JSON: {error}.") from error
    if not isinstance(document, dict) or not isinstance(document.get("url"), str):
        raise PictureError(NO_PICTURE)
    return Upload(url=document["url"])


def _fetch_url(url: str) -> bytes:
    from imagetoprompt.images.loading.download import fetch  # noqa: PLC0415 (loads httpx)

    if not FETCH_SLOTS.acquire(blocking=False):
        raise BusyError("Too many pictures are being downloaded: try again in ten seconds.")
    try:
        return fetch(url)
    finally:
        FETCH_SLOTS.release()


def example_upload(name: str, folder: Path) -> Path:
    """The file of an example picture; GoneError if there is none of that name."""
    examples = {path.stem: path for path in sorted(folder.glob("*.jpg"))}
    if name not in examples:
        raise GoneError(f"There is no example named '{name[:40]}': choose one on the page.")
    return examples[name]
