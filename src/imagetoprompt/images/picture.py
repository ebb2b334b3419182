"""open_picture(source) -> Picture: any source decoded once, safely, to upright sRGB pixels."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from pathlib import Path
from threading import RLock
from typing import Any, BinaryIO, Concatenate, ParamSpec, TypeAlias, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagetoprompt.errors import PictureError
from imagetoprompt.images.filters import resized
from imagetoprompt.images.loading.color_management import flatten_alpha
from imagetoprompt.images.loading.decode import (
    Decoded,
    check_bytes,
    decode,
    decode_image,
    from_array,
)
from imagetoprompt.images.loading.exif import Metadata
from imagetoprompt.images.loading.sources import read_source

Pixels: TypeAlias = NDArray[np.uint8]
Source: TypeAlias = "str | Path | bytes | BinaryIO | Image.Image | Pixels | Picture"
Cached = TypeVar("Cached")
Arguments = ParamSpec("Arguments")

# The copy that the networks look at; every copy of half its size or less is made from it.
SHARED_SIZE = 640

__all__ = ["Metadata", "Picture", "Pixels", "Source", "cached_per_picture", "open_picture"]


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture: upright sRGB pixels (height x width x 3, uint8, read-only).

    `size` is the upright width and height of the original in pixels; `pixels` may be smaller, since
    a large picture is decoded at reduced scale, and show transparent parts on gray: `full_size` is
    the picture to paint on. `alpha` is height x width of `pixels`, uint8; None when all is opaque.
    `digest` is the SHA-256 of the file's bytes, or of
    size and pixels when there was no file.
    """

    pixels: Pixels
    size: tuple[int, int]
    digest: str
    metadata: Metadata = field(default_factory=Metadata)
    alpha: Pixels | None = None
    _decode_full_size: Callable[[], Decoded] | None = field(default=None, repr=False)
    _made: dict[object, "_Slot"] = field(default_factory=dict, repr=False)
    _lock: RLock = field(default_factory=RLock, repr=False)

    @classmethod
    def from_pixels(
        cls,
        pixels: Pixels,
        *,
        size: tuple[int, int] | None = None,
        metadata: Metadata | None = None,
        alpha: Pixels | None = None,
    ) -> "Picture":
        """A picture made in memory; its digest is the SHA-256 of its size and pixels.

        pixels: height x width x 3, uint8, sRGB; they become read-only. size: upright width and
        height of the original in pixels, by default that of the pixels. alpha: height x width,
        uint8, of pixels that are not composited on anything.
        """
        pixels = np.ascontiguousarray(pixels)
        pixels.setflags(write=False)
        height, width = pixels.shape[:2]
        known = size or (width, height)
        digest = hashlib.sha256(f"{known}".encode() + pixels.tobytes()).hexdigest()
        made = cls(pixels, known, digest, metadata or Metadata())
        if alpha is None:
            return made
        straight = Decoded(pixels, known, made.metadata, alpha)
        flat = flatten_alpha(pixels, alpha)
        flat.setflags(write=False)
        return replace(made, pixels=flat, alpha=alpha, _decode_full_size=lambda: straight)

    def full_size(self) -> "Picture":
        """The picture at `size`, with colors that are not composited on gray: to paint on.

        It is this picture when nothing is reduced or transparent, and else decoded once more.
        """
        if self._decode_full_size is None:
            return self
        decoded = self.once("full size", self._decode_full_size)
        return Picture(decoded.pixels, self.size, self.digest, self.metadata, decoded.alpha)

    def with_alpha_of(self, other: "Picture") -> "Picture":
        """The picture with the transparency of another, which is scaled to its size."""
        whole, alpha = self.full_size(), other.full_size().alpha
        if alpha is None:
            return self
        return Picture.from_pixels(
            whole.pixels,
            metadata=self.metadata,
            alpha=resized(alpha, self.size, enlarge=cv2.INTER_CUBIC),
        )

    def to_image(self) -> Image.Image:
        """The picture at full size for Pillow: RGB, or RGBA with its transparency."""
        whole = self.full_size()
        if whole.alpha is None:
            return Image.fromarray(whole.pixels)
        return Image.fromarray(np.dstack((whole.pixels, whole.alpha)))

    def at(self, longest: int) -> Pixels:
        """A read-only copy whose longer side is at most `longest` pixels, averaged by area.

        Each size is made once. Small ones are made from the copy at 640 pixels, which the networks
        need anyway.
        """
        slot = self._slot(("at", longest))
        with slot.lock:
            if not slot.filled:
                source = self.pixels if 2 * longest > SHARED_SIZE else self.at(SHARED_SIZE)
                slot.value, slot.filled = _shrunk(source, longest), True
            return cast(Pixels, slot.value)

    def once(self, key: object, make: Callable[..., Cached], *arguments: object) -> Cached:
        """Return what `make(*arguments)` returned on the first call with this key.

        Another thread that asks for the same key waits; one that asks for another does not. For a
        function of a picture, `cached_per_picture` does the same with fewer calls.
        """
        slot = self._slot(key)
        with slot.lock:
            if not slot.filled:
                slot.value, slot.filled = make(*arguments), True
            return cast(Cached, slot.value)

    def _slot(self, key: object) -> "_Slot":
        with self._lock:
            return self._made.setdefault(key, _Slot())


@dataclass(eq=False)
class _Slot:
    """One cached value, and the lock that is held while it is made."""

    value: Any = None
    filled: bool = False
    lock: RLock = field(default_factory=RLock)


def cached_per_picture(
    function: Callable[Concatenate[Picture, Arguments], Cached],
) -> Callable[Concatenate[Picture, Arguments], Cached]:
    """Decorate a function of a picture: each picture keeps what it returned for its arguments.

    The further arguments are positional and hashable. Threads wait for one another as in `once`.
    """

    @wraps(function)
    def cached(picture: Picture, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Cached:
        slot = picture._slot((function, args, *kwargs.items()))
        with slot.lock:
            if not slot.filled:
                slot.value, slot.filled = function(picture, *args, **kwargs), True
            return cast(Cached, slot.value)

    return cached


def open_picture(source: Source, /) -> Picture:
    """The picture of any source.

    A path, a URL (http or https), "-" for standard input, bytes, a binary file object, a PIL image,
    an array of samples (height x width, or x 3 or 4: uint8, uint16, or floats from 0 to 1), or a
    Picture, which is given back. PictureError says in one sentence what is wrong and what mends it.
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, np.ndarray):
        return _picture(from_array(source), partial(from_array, source))
    if isinstance(source, Image.Image):
        return _picture(decode_image(source), partial(decode_image, source))
    data = _bytes(source)
    return _picture(decode(data), partial(decode, data), data)


def _bytes(source: "str | Path | bytes | BinaryIO") -> bytes:
    if isinstance(source, bytes | bytearray | memoryview):
        return check_bytes(bytes(source), "The picture")
    if isinstance(source, str | Path) or hasattr(source, "read"):
        return read_source(source)
    raise PictureError(
        f"A {type(source).__name__} is not a picture: give a path, a URL, bytes, a binary file, "
        "a PIL image or an array."
    )


def _picture(
    decoded: Decoded, decoding: Callable[..., Decoded], data: bytes | None = None
) -> Picture:
    """A decoded picture. decoding: decodes it once more, where its full size is needed."""
    if data is None:
        data = f"{decoded.size}".encode() + decoded.pixels.tobytes()
    height, width = decoded.pixels.shape[:2]
    whole = (width, height) == decoded.size and decoded.alpha is None
    return Picture(
        decoded.pixels,
        decoded.size,
        hashlib.sha256(data).hexdigest(),
        decoded.metadata,
        decoded.alpha,
        None if whole else partial(decoding, full_size=True),
    )


def _shrunk(pixels: Pixels, longest: int) -> Pixels:
    height, width = pixels.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cast(Pixels, cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    small.setflags(write=False)
    return small
