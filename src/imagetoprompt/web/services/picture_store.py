"""Pictures stored under an id until they expire: a row in the database, and files.

Nothing is decoded here: a worker has re-encoded every file.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from imagetoprompt.core.scene import Scene
from imagetoprompt.web.db.blob_store import BlobStore
from imagetoprompt.web.db.pictures import PictureTable, StoredPicture
from imagetoprompt.web.server_errors import GoneError, StateError
from imagetoprompt.web.worker_tasks import PictureCopies

SIZES: Final = ("whole", "shown", "small")
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"


@dataclass(frozen=True)
class OpenedFile:
    """A stored file opened for reading, which whoever sends it closes."""

    name: str
    file: BinaryIO
    media_type: str


class PictureStore:
    """The uploaded pictures and the results of transforms."""

    def __init__(self, pictures: PictureTable, files: BlobStore) -> None:
        self._pictures, self._files = pictures, files

    def add(
        self, visitor: str, copies: PictureCopies, scene: Mapping[str, Any] | None = None
    ) -> StoredPicture:
        """Store the copies under a new id."""
        stored = self._pictures.add(visitor, copies.digest, copies.media_type, copies.size, scene)
        try:
            for size in SIZES:
                self._files.put(f"{stored.id}.{size}", getattr(copies, size))
        except StateError:
            # A picture needs all its files. What cannot be deleted now is deleted at expiry.
            with suppress(StateError):
                self.delete(stored.id)
            raise
        return stored

    def set_scene(self, picture: str, scene: Mapping[str, Any]) -> None:
        """Store the facts of the picture."""
        self._pictures.set_scene(picture, scene)

    def get(self, picture: str) -> StoredPicture:
        """The picture of that id; GoneError when it has expired or never existed."""
        stored = self._pictures.get(picture)
        if stored is None:
            raise GoneError("This picture has expired or does not exist: upload it again.")
        return stored

    def scene(self, picture: str) -> Scene:
        """The facts of the picture; GoneError when it has not been described."""
        scene = self.get(picture).scene
        if scene is None:
            raise GoneError("This picture has no facts yet: describe it first.")
        return Scene.from_json(scene)

    def image(self, picture: str, size: str = "whole") -> tuple[bytes, str]:
        """A copy of the picture, of one of SIZES, and its media type."""
        media_type = self._media_type(picture, size)
        return self._files.get(f"{picture}.{size}"), media_type

    def open_image(self, picture: str, size: str = "whole") -> OpenedFile:
        """A copy of the picture, of one of SIZES, to be sent in pieces."""
        return self._open(f"{picture}.{size}", self._media_type(picture, size))

    def _media_type(self, picture: str, size: str) -> str:
        """That of a copy; GoneError when the picture has expired or never existed."""
        stored = self.get(picture)
        return stored.media_type if size == "whole" else JPEG

    def of_visitor(self, visitor: str, limit: int = 24) -> tuple[StoredPicture, ...]:
        """The visitor's latest described pictures, newest first."""
        pictures = self._pictures.of_visitor(visitor, limit)
        return tuple(stored for stored in pictures if stored.scene is not None)

    def delete(self, picture: str) -> None:
        """Delete the picture now: its files, then its row."""
        self._files.delete_of((picture,))
        self._pictures.delete((picture,))

    def open_or_draw(
        self, picture: str, name: str, media_type: str, draw: Callable[[], bytes]
    ) -> OpenedFile:
        """A derived image, such as a control map: drawn once, and deleted with the picture."""
        name = f"{picture}.{name}"
        try:
            return self._open(name, media_type)
        except GoneError:
            self._files.put(name, draw())
            return self._open(name, media_type)

    def _open(self, name: str, media_type: str) -> OpenedFile:
        return OpenedFile(name, self._files.open(name), media_type)

    def put_file(self, name: str, data: bytes) -> None:
        """Store a file of a job, such as a preview."""
        self._files.put(name, data)

    def read_file(self, name: str) -> bytes:
        """The file of that name; GoneError when there is none."""
        return self._files.get(name)
