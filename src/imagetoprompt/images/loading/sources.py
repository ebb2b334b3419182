"""Read a picture's bytes from a path, URL, stream or file object, within the size limit."""

import re
import sys
from pathlib import Path
from typing import BinaryIO, Final

from imagetoprompt.errors import FetchError, PictureError
from imagetoprompt.images.loading.decode import check_bytes, max_bytes

STANDARD_INPUT: Final = "-"
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def read_source(source: "str | Path | BinaryIO") -> bytes:
    """Bytes of a path, a URL, "-" (standard input) or a binary file object, else PictureError."""
    if not isinstance(source, str):
        return read_path(source) if isinstance(source, Path) else read_file(source, "The file")
    if source == STANDARD_INPUT:
        return _read_standard_input()
    scheme = _SCHEME.match(source)
    if scheme is None:
        return read_path(Path(source))
    if scheme[1].lower() not in ("http", "https"):
        raise FetchError(f"'{scheme[1]}' URLs are not supported: give an http(s) URL or a path.")
    from imagetoprompt.images.loading.download import fetch  # noqa: PLC0415 (loads httpx)

    return fetch(source)


def read_path(path: Path) -> bytes:
    """Bytes of the file at `path`; PictureError if it does not exist or cannot be read."""
    try:
        with path.open("rb") as file:
            return read_file(file, f"'{path}'")
    except FileNotFoundError as error:
        raise PictureError(f"There is no file '{path}': check the path.") from error
    except IsADirectoryError as error:
        raise PictureError(f"'{path}' is a folder: give one of the pictures in it.") from error
    except PermissionError as error:
        raise PictureError(f"No permission to read '{path}': change its permissions.") from error
    except (OSError, ValueError) as error:
        raise PictureError(f"'{path}' cannot be read: {error}.") from error


def read_file(file: BinaryIO, name: str) -> bytes:
    """The rest of the file object; `name` starts the message of a PictureError."""
    data = file.read(max_bytes() + 1)
    if isinstance(data, str):
        raise PictureError(f"{name} is open as text: open it in binary mode ('rb').")
    return check_bytes(data or b"", name)


def _read_standard_input() -> bytes:
    if sys.stdin.isatty():
        raise PictureError("Standard input is a terminal: pipe a picture into it, or give a path.")
    return read_file(sys.stdin.buffer, "Standard input")
