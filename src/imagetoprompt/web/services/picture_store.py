"""Stores pictures under an id until they expire: the row in the database and its files.

Nothing is decoded here: a worker has encoded every file anew.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from imagetoprompt.core.scene import Scene
from imagetoprompt.web.db.blob_store import BlobStore
from imagetoprompt.web.db.pictures import PictureTable, StoredPicture
from imagetoprompt.web.server_errors import GoneError, StateError
from imagetoprompt.web.worker_tasks import PictureCopies

SIZES: Final = ("whole", "shown", "small")
JPEG: Final = "image/jpeg"


class PictureStore:
    """The uploaded pictures and the results of transforms."""

    def __init__(self, pictures: PictureTable, files: BlobStore) -> None:
        self._pictures, self._files = pictures, files

    def keep(
        self, visitor: str, copies: PictureCopies, scene: Mapping[str, Any] | None = None
    ) -> StoredPicture:
        """Store the copies under a new id."""
        kept = self._pictures.add(visitor, copies.digest, copies.media_type, copies.size, scene)
        try:
            for size in SIZES:
                self._files.put(f"{kept.id}.{size}", getattr(copies, size))
        except StateError:
            # A picture needs all its files. What cannot be deleted now goes at expiry.
            with suppress(StateError):
                self.forget(kept.id)
            raise
        return kept

    def describe(self, picture: str, scene: Mapping[str, Any]) -> None:
        """Store the facts of the picture."""
        self._pictures.describe(picture, scene)

    def get(self, picture: str) -> StoredPicture:
        """The picture of that id; GoneError when it has expired or never existed."""
        found = self._pictures.get(picture)
        if found is None:
            raise GoneError("That picture is gone: they are kept for a day. Bring it again.")
        return found

    def scene(self, picture: str) -> Scene:
        """The facts of the picture; GoneError when it has not been described."""
        scene = self.get(picture).scene
        if scene is None:
            raise GoneError("Nobody has looked at that picture yet: describe it first.")
        return Scene.from_json(scene)

    def image(self, picture: str, size: str = "whole") -> tuple[bytes, str]:
        """A copy of the picture and its media type."""
        kept = self.get(picture)
        return self._files.get(f"{picture}.{size}"), kept.media_type if size == "whole" else JPEG

    def of_visitor(self, visitor: str, limit: int = 24) -> tuple[StoredPicture, ...]:
        """The latest described pictures of the visitor, the newest first."""
        found = self._pictures.of_visitor(visitor, limit)
        return tuple(kept for kept in found if kept.scene is not None)

    def forget(self, picture: str) -> None:
        """Delete the picture now: its files, then its row."""
        self._files.delete_of((picture,))
        self._pictures.forget((picture,))

    def drawn(self, picture: str, name: str, make: Callable[[], bytes]) -> bytes:
        """A derived image, such as a control map: made once, and deleted with the picture."""
        try:
            return self._files.get(f"{picture}.{name}")
        except GoneError:
            data = make()
            self._files.put(f"{picture}.{name}", data)
            return data

    def put(self, name: str, data: bytes) -> None:
        """Store a file of a job, such as a preview."""
        self._files.put(name, data)

    def read(self, name: str) -> bytes:
        """The file of that name; GoneError when there is none."""
        return self._files.get(name)
