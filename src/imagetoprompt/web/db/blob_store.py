"""File storage: bytes by name, in a folder or in a bucket.

A name is the id of a row, a dot and the kind of file, such as `<id>.small`. So the files of a row
can be found by its id, and no name can contain a path.
"""

import os
import re
import secrets
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
# Ids are random, so that this many letters spread the files over a few thousand folders.
PREFIX_LENGTH: Final = 2
# What is read of a bucket at once and held in memory; s3fs would take 50 MB for each reader.
BLOCK_BYTES: Final = 1_000_000
PROBE_BYTES: Final = 4096
"""A block of most file systems; a full disk may still create a file without one."""


class BlobStore:
    """The files under a URL: a folder, or what fsspec supports, such as s3://bucket/files.

    Every method raises StateError while the storage does not answer, and GoneError for a name that
    does not match NAME.
    """

    def __init__(self, url: str) -> None:
        self._filesystem, root = _open(url)
        self._root = root.rstrip("/")
        self._failures = _failures(self._filesystem)

    def put(self, name: str, data: bytes) -> None:
        """Write a file atomically, replacing one of the same name."""
        path = self._path(name)
        try:
            with self._translated_errors(name):
                self._write(path, data)
        except GoneError as error:
            raise StateError(
                f"The folder or bucket of the files is gone: '{self._root}'."
            ) from error

    def get(self, name: str) -> bytes:
        """The bytes of a file; GoneError if there is none."""
        with self._translated_errors(name):
            return cast(bytes, self._filesystem.cat_file(self._path(name)))

    def open(self, name: str) -> BinaryIO:
        """The file opened for reading, which the caller closes; GoneError if there is none."""
        with self._translated_errors(name):
            opened = self._filesystem.open(self._path(name), "rb", block_size=BLOCK_BYTES)
            return cast(BinaryIO, opened)

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        path = self._path(name)
        with suppress(GoneError), self._translated_errors(name):
            return bool(self._filesystem.info(path)["type"] == "file")
        return False

    def alive(self) -> bool:
        """Whether files can be written now: one is written and deleted."""
        name = f"probe-{secrets.token_hex(8)}.probe"
        try:
            self.put(name, bytes(PROBE_BYTES))
            self.delete([name])
        except StateError:
            return False
        return True

    def delete(self, names: Iterable[str]) -> int:
        """Delete the files that exist; returns how many (in a bucket, how many were named)."""
        return sum(self._delete(name, self._path(name)) for name in names)

    def delete_of(self, ids: Iterable[str]) -> int:
        """Delete all files of those rows, half-written ones too; returns how many."""
        ids = set(ids)
        return sum(
            self._delete(path.rpartition("/")[2], path)
            for folder in {self._folder(row_id) for row_id in ids}
            for path in self._listed(folder)
            if path.rpartition("/")[2].partition(".")[0] in ids
        )

    def _write(self, path: str, data: bytes) -> None:
        if isinstance(self._filesystem, LocalFileSystem):
            _write_atomically(Path(path), data)
        else:
            # A bucket shows an object only once all of it has arrived.
            self._filesystem.pipe_file(path, data)

    def _delete(self, name: str, path: str) -> int:
        # Another process may have deleted the expired file first.
        with suppress(GoneError), self._translated_errors(name):
            self._filesystem.rm_file(path)
            return 1
        return 0

    def _listed(self, folder: str) -> list[str]:
        with suppress(GoneError), self._translated_errors(folder.rpartition("/")[2]):
            return cast(list[str], self._filesystem.ls(folder, detail=False))
        return []

    def _folder(self, name: str) -> str:
        return f"{self._root}/{name[:PREFIX_LENGTH]}"

    def _path(self, name: str) -> str:
        if NAME.fullmatch(name) is None:
            raise GoneError(f"There is no file named {name!r}: the name is not valid.")
        return f"{self._folder(name)}/{name}"

    @contextmanager
    def _translated_errors(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise GoneError(f"The file '{name}' no longer exists.") from error
        except self._failures as error:
            why = getattr(error, "strerror", None) or error
            raise StateError(f"The file '{name}' cannot be read or written: {why}.") from error


def _open(url: str) -> tuple[Any, str]:
    """The fsspec file system and the path in it, uncached, since other processes write too."""
    try:
        return cast(tuple[Any, str], url_to_fs(url, use_listings_cache=False))
    except ImportError as error:
        raise MissingPartError(
            f"The package for '{url}' is not installed ({error}): for s3:// run "
            "\"pip install '.[s3]'\", for others install what fsspec names."
        ) from error
    except ValueError as error:
        raise SettingError(f"Files cannot be stored at '{url}': {error}.") from error


def _failures(filesystem: Any) -> tuple[type[Exception], ...]:  # noqa: ANN401 - fsspec has no types
    """The errors of a storage that does not answer; not all errors of S3 are OSError."""
    if "s3" not in filesystem.protocol:
        return (OSError,)
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - comes with s3fs

    return (OSError, BotoCoreError)


def _write_atomically(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Under the same id, so that `delete_of` finds it if this process dies here.
    handle, partial = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(partial).replace(path)
    finally:
        Path(partial).unlink(missing_ok=True)
