"""File storage: bytes by name, in a folder or in a bucket.

A name is the id of its row, a dot and the kind of file, such as `<id>.small.jpg`: the files of a
row can be found by its id, and no name can contain a path.
"""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from imagetoprompt.errors import MissingPartError, SettingError
from imagetoprompt.web.server_errors import GoneError, StateError

NAME: Final = re.compile(r"[A-Za-z0-9_-]{2,64}(\.[a-z0-9-]{1,32}){1,3}")
# Names begin at random, so this many letters spread them over a few thousand folders.
PREFIX_LENGTH: Final = 2


class BlobStore:
    """All files of a place; url: a folder, or a URL that fsspec knows, such as s3://bucket/files.

    Every method raises StateError while the place does not answer, and GoneError for a name that
    cannot be one of ours.
    """

    def __init__(self, url: str) -> None:
        self._place, root = _opened(url)
        self._root = root.rstrip("/")
        self._troubles = _troubles(self._place)

    def put(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all, over one of the same name."""
        path = self._path(name)
        try:
            with self._answering(name):
                self._write(path, data)
        except GoneError as error:
            raise StateError(f"The place of the files is gone: '{self._root}'.") from error

    def get(self, name: str) -> bytes:
        """The bytes of a file; GoneError when it is not there."""
        with self._answering(name):
            return cast(bytes, self._place.cat_file(self._path(name)))

    def open(self, name: str) -> BinaryIO:
        """The file opened for reading, which the caller closes; GoneError when it is not there."""
        with self._answering(name):
            return cast(BinaryIO, self._place.open(self._path(name), "rb"))

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        path = self._path(name)
        with suppress(GoneError), self._answering(name):
            return bool(self._place.info(path)["type"] == "file")
        return False

    def delete(self, names: Iterable[str]) -> int:
        """Delete those that are there; how many were, but a bucket does not tell."""
        return sum(self._delete(name, self._path(name)) for name in names)

    def delete_of(self, owners: Iterable[str]) -> int:
        """Delete every file of those rows, half-written ones too; how many there were."""
        ids = set(owners)
        return sum(
            self._delete(path.rpartition("/")[2], path)
            for folder in {self._folder(each) for each in ids}
            for path in self._listed(folder)
            if path.rpartition("/")[2].partition(".")[0] in ids
        )

    def _write(self, path: str, data: bytes) -> None:
        if isinstance(self._place, LocalFileSystem):
            _renamed_last(Path(path), data)
        else:
            # A bucket shows an object when all of it has arrived.
            self._place.pipe_file(path, data)

    def _delete(self, name: str, path: str) -> int:
        # Another process that deletes what has expired may have been quicker.
        with suppress(GoneError), self._answering(name):
            self._place.rm_file(path)
            return 1
        return 0

    def _listed(self, folder: str) -> list[str]:
        with suppress(GoneError), self._answering(folder.rpartition("/")[2]):
            return cast(list[str], self._place.ls(folder, detail=False))
        return []

    def _folder(self, name: str) -> str:
        return f"{self._root}/{name[:PREFIX_LENGTH]}"

    def _path(self, name: str) -> str:
        if NAME.fullmatch(name) is None:
            raise GoneError(f"There is no file named {name!r}: that is no name of ours.")
        return f"{self._folder(name)}/{name}"

    @contextmanager
    def _answering(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise GoneError(f"There is no file of that name any more: '{name}'.") from error
        except self._troubles as error:
            why = getattr(error, "strerror", None) or error
            raise StateError(f"The file '{name}' cannot be read or written: {why}.") from error


def _opened(url: str) -> tuple[Any, str]:
    """The file system and the path in it; other processes change both, so nothing is remembered."""
    try:
        return cast(tuple[Any, str], url_to_fs(url, use_listings_cache=False))
    except ImportError as error:
        raise MissingPartError(
            f"What opens '{url}' is not installed ({error}): for s3:// run "
            "\"pip install '.[s3]'\", for others what fsspec names for them."
        ) from error
    except ValueError as error:
        raise SettingError(f"The files cannot be kept at '{url}': {error}.") from error


def _troubles(place: Any) -> tuple[type[Exception], ...]:  # noqa: ANN401 - fsspec has no types
    """What a place raises when it does not answer. Of S3's own errors not all are OSError."""
    if "s3" not in place.protocol:
        return (OSError,)
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - comes with s3fs

    return (OSError, BotoCoreError)


def _renamed_last(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside it, under the same row's id, so that it is found should this process die here.
    handle, beside = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(data)
        Path(beside).replace(path)
    finally:
        Path(beside).unlink(missing_ok=True)
