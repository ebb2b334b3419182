"""Write files atomically, and overwrite an existing one only when asked to."""

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

# Longest name of a file on the common file systems, in bytes, less what the name of the temporary
# file and the number of a further copy need.
LONGEST_NAME: Final = 240


def output_problem(path: Path, endings: tuple[str, ...]) -> str:
    """What keeps the file from being written, with its remedy; '' if nothing does.

    endings: those that can be written, such as ".png".
    """
    if path.suffix.lower() not in endings:
        *others, last = endings
        known = f"{', '.join(others)} or {last}" if others else last
        return f"has an ending that cannot be written: end it with {known}"
    if len(os.fsencode(path.name)) > LONGEST_NAME:
        return f"has too long a name: use at most {LONGEST_NAME} bytes"
    if path.is_dir():
        return "is a folder: name a file in it"
    folder = path.absolute().parent
    while not os.path.lexists(folder):
        folder = folder.parent
    if not folder.is_dir():
        return f"cannot be written, as '{folder}' is not a folder: choose another one"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"cannot be written, as '{folder}' allows no new files: choose another folder"
    return ""


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
