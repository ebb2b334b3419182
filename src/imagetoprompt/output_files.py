"""A file is written whole or not at all, and never over another."""

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path


def write_new_file(path: Path, data: bytes) -> Path:
    """Writes the data at the path, or, where there is a file, at the next free name; gives it back.

    The next name has a number before its ending, as in photo.canny-2.png. The folder is made when
    it is not there. The data are written beside and renamed into place last. OSError when the disk
    does not take them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(data)
        return _renamed(Path(beside), path)
    finally:
        Path(beside).unlink(missing_ok=True)


def _renamed(beside: Path, path: Path) -> Path:
    free = _claimed(path)
    try:
        # A temporary file is its owner's alone; a new file has the rights that the user wants.
        beside.chmod(free.stat().st_mode)
        return beside.replace(free)
    except OSError:
        free.unlink(missing_ok=True)
        raise


def _claimed(path: Path) -> Path:
    """The first free name, taken by an empty file so that nobody else takes it meanwhile."""
    for name in _names(path):
        try:
            name.touch(exist_ok=False)
        except FileExistsError:
            continue
        return name
    raise AssertionError("There is always a further number.")


def _names(path: Path) -> Iterator[Path]:
    yield path
    for number in count(2):
        yield path.with_stem(f"{path.stem}-{number}")
