"""open_picture(source) -> Picture: any source decoded once, safely, to upright sRGB pixels.

It does not know what will be looked for in them.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any, BinaryIO, TypeAlias, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagetoprompt.errors import PictureError
from imagetoprompt.images.loading.arrays import from_array
from imagetoprompt.images.loading.decode import Decoded, decode, decode_image
from imagetoprompt.images.loading.exif import Metadata
from imagetoprompt.images.loading.sources import check_bytes, read_source

Pixels: TypeAlias = NDArray[np.uint8]
Source: TypeAlias = "str | Path | bytes | BinaryIO | Image.Image | Pixels | Picture"
Cached = TypeVar("Cached")

# The copy that the networks look at; every copy of half its size or less is made from it.
SHARED_SIZE = 640

__all__ = ["Metadata", "Picture", "Pixels", "Source", "open_picture"]


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture: upright sRGB pixels (height x width x 3, uint8, read-only).

    `size` is the upright width and height of the original in pixels; `pixels` may be smaller, since
    a large picture is decoded at reduced scale. `digest` is the SHA-256 of the file's bytes, or of
    size and pixels when there was no file.
    """

    pixels: Pixels
    size: tuple[int, int]
    digest: str
    metadata: Metadata = field(default_factory=Metadata)
    _made: dict[object, "_Slot"] = field(default_factory=dict, repr=False)
    _lock: RLock = field(default_factory=RLock, repr=False)

    def at(self, longest: int) -> Pixels:
        """A read-only copy whose longer side is at most `longest` pixels; made once, by area.

        A small one is made from the copy at 640 pixels, which the networks need anyway.
        """
        if 2 * longest > SHARED_SIZE:
            return self.once(("at", longest), lambda: _shrunk(self.pixels, longest))
        return self.once(("at", longest), lambda: _shrunk(self.at(SHARED_SIZE), longest))

    def once(self, key: object, make: Callable[[], Cached]) -> Cached:
        """What `make` gives, made on the first call with this key and kept with the picture.

        Another thread that asks for the same key waits; one that asks for another does not.
        """
        with self._lock:
            slot = self._made.setdefault(key, _Slot())
        with slot.lock:
            if not slot.filled:
                slot.value, slot.filled = make(), True
            return cast(Cached, slot.value)


@dataclass(eq=False)
class _Slot:
    """A place for one thing that is made once, and the lock of whoever makes it."""

    value: Any = None
    filled: bool = False
    lock: RLock = field(default_factory=RLock)


def open_picture(source: Source, /) -> Picture:
    """The picture of any source.

    A path, a URL (http or https), "-" for standard input, bytes, a binary file object, a PIL image,
    an array of samples (height x width, or x 3 or 4: uint8, uint16, or floats from 0 to 1), or a
    Picture, which is given back. PictureError says in one sentence what is wrong and what mends it.
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, Image.Image | np.ndarray):
        decoded = from_array(source) if isinstance(source, np.ndarray) else decode_image(source)
        return _picture(decoded, f"{decoded.size}".encode() + decoded.pixels.tobytes())
    data = _bytes(source)
    return _picture(decode(data), data)


def _bytes(source: "str | Path | bytes | BinaryIO") -> bytes:
    if isinstance(source, bytes | bytearray | memoryview):
        return check_bytes(bytes(source), "The picture")
    if isinstance(source, str | Path) or hasattr(source, "read"):
        return read_source(source)
    raise PictureError(
        f"A {type(source).__name__} is not a picture: give a path, a URL, bytes, a binary file, "
        "a PIL image or an array."
    )


def _picture(decoded: Decoded, data: bytes) -> Picture:
    digest = hashlib.sha256(data).hexdigest()
    return Picture(decoded.pixels, decoded.size, digest, decoded.metadata)


def _shrunk(pixels: Pixels, longest: int) -> Pixels:
    height, width = pixels.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cast(Pixels, cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    small.setflags(write=False)
    return small
