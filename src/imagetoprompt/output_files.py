"""Write files atomically, and overwrite an existing one only when asked to."""

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path


def write_new_file(path: Path, data: bytes, *, overwrite: bool = False) -> Path:
    """Write the data to the path, or to the next free name if it exists; return the name used.

    The next name has a number before its suffix, as in photo.canny-2.png. Missing folders are
    created. The data go to a temporary file that is renamed last. overwrite: replace what has the
    name; a symbolic link itself is replaced, not what it points to. OSError when writing fails.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(data)
        if overwrite and os.path.lexists(path):
            mode = 0o600 if path.is_symlink() else path.stat().st_mode
            Path(beside).chmod(mode)
            return Path(beside).replace(path)
        return _renamed(Path(beside), path)
    finally:
        Path(beside).unlink(missing_ok=True)


def _renamed(beside: Path, path: Path) -> Path:
    free = _claimed(path)
    try:
        # Temporary files are readable by their owner only; a new file has the user's permissions.
        beside.chmod(free.stat().st_mode)
        return beside.replace(free)
    except OSError:
        free.unlink(missing_ok=True)
        raise


def _claimed(path: Path) -> Path:
    """The first free name, reserved by an empty file against other processes."""
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
