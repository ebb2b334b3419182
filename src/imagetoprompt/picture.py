"""open_picture(source) -> Picture: any source decoded once, safely, to upright sRGB pixels.

It does not know what will be looked for in them.
"""

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any, BinaryIO, TypeAlias, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Pixels: TypeAlias = NDArray[np.uint8]
Source: TypeAlias = "str | Path | bytes | BinaryIO | Image.Image | Pixels | Picture"
Made = TypeVar("Made")


@dataclass(frozen=True)
class Metadata:
    """What the file says besides its pixels.

    exif: EXIF tags by name, plain values, never a position. info: the text chunks and comments of
    the file by name, as written.
    """

    exif: Mapping[str, Any] = field(default_factory=dict, hash=False)
    info: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture: upright sRGB pixels (height x width x 3, uint8, read-only).

    `size` is the upright width and height of the original in pixels; `pixels` may be smaller, since
    a large JPEG is decoded at reduced scale. `digest` is the SHA-256 of the bytes.
    """

    pixels: Pixels
    size: tuple[int, int]
    digest: str
    metadata: Metadata = Metadata()
    _made: dict[object, Any] = field(default_factory=dict, repr=False)
    _lock: RLock = field(default_factory=RLock, repr=False)

    def at(self, longest: int) -> Pixels:
        """A read-only copy whose longer side is at most `longest` pixels; made once, by area."""
        return self.once(("at", longest), lambda: _shrunk(self.pixels, longest))

    def once(self, key: object, make: Callable[[], Made]) -> Made:
        """What `make` gives, made on the first call with this key and kept with the picture."""
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            return cast(Made, self._made[key])


def open_picture(source: Source, /) -> Picture:
    """The picture of a path, bytes, a file object, a PIL image or an array of pixels."""
    data = source if isinstance(source, bytes) else Path(cast(str, source)).read_bytes()
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    pixels = np.asarray(image)
    pixels.setflags(write=False)
    return Picture(pixels, image.size, hashlib.sha256(data).hexdigest())


def _shrunk(pixels: Pixels, longest: int) -> Pixels:
    height, width = pixels.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cast(Pixels, cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    small.setflags(write=False)
    return small
