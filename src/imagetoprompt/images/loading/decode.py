"""Decode bytes, PIL images and NumPy arrays to upright 8-bit sRGB pixels.

Only known formats are read, and size limits are checked before anything is decoded.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from imagetoprompt.errors import NotAPictureError, PictureError, TooLargeError
from imagetoprompt.images.loading.color_management import (
    MAX_DETAIL_SIDE,
    Alpha,
    Pixels,
    to_8_bit,
    to_srgb_pixels,
    with_alpha,
)
from imagetoprompt.images.loading.damaged_files import (
    DAMAGE_ERRORS,
    count_scans,
    with_filled_end,
    without_ancillary_chunks,
)
from imagetoprompt.images.loading.exif import (
    Metadata,
    apply_orientation,
    read_exif,
    read_notes,
)
from imagetoprompt.images.loading.hidden_metadata import find_c2pa, read_stealth_pnginfo
from imagetoprompt.settings import settings

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
"""The formats that are read, by Pillow's names; no other decoder gets the bytes."""

BOXED_FORMATS: Final = ("AVIF", "HEIF")

READABLE_FORMATS: Final = "JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF"


# The share of the pixels that may be unknown in a file that lacks its end.
MAX_UNKNOWN_SHARE: Final = 0.002
# libjpeg and jpegtran write 10 scans of a color picture, mozjpeg up to about 12 (their sources,
# jcparam.c). A picture of the most megapixels may have this many, a smaller one more in proportion.
MAX_SCANS: Final = 16
MIN_SCAN_PIXELS: Final = 1_000_000
"""A scan of fewer pixels counts as one of this many, since it has a cost of its own."""
MISSING_END: Final = "The end of the file is missing: get a whole copy of it if you can."


@dataclass(frozen=True)
class Decoded:
    """pixels: upright sRGB, perhaps reduced. size: upright width and height of the original.

    alpha: at the size of the pixels; None when all of them are opaque.
    """

    pixels: Pixels
    size: tuple[int, int]
    metadata: Metadata
    alpha: Alpha | None = None


def decode(data: bytes, *, full_size: bool = False) -> Decoded:
    """The first frame of an encoded image.

    full_size: all pixels, and colors that are not composited on gray, as in `to_srgb_pixels`.
    NotAPictureError if the bytes are not an image or are damaged; TooLargeError, from the header
    alone, if there are more pixels than the settings allow. Damaged metadata is skipped.
    """
    try:
        decoded = _decoded(data, full_size)
    except NotAPictureError:
        repaired = _repaired(data, full_size)
        if repaired is None:
            raise
        decoded = repaired
    metadata = replace(decoded.metadata, credentials=find_c2pa(data))
    return replace(decoded, metadata=metadata)


def _repaired(data: bytes, full_size: bool) -> Decoded | None:
    """The image of a damaged file of which nothing is missing that shows; None if that is not sure.

    NotAPictureError if a repair does not help.
    """
    plain = without_ancillary_chunks(data)
    if plain is not None:
        return _decoded(plain, full_size)
    filled = with_filled_end(data)
    if filled is None:
        return None
    first, second = (_decoded(way, full_size) for way in filled)
    differs = (first.pixels != second.pixels).any(axis=2).mean()
    if differs > MAX_UNKNOWN_SHARE:
        return None
    return replace(first, metadata=replace(first.metadata, damage=MISSING_END))


def _decoded(data: bytes, full_size: bool) -> Decoded:
    with _decoder_errors():
        image = _open(data)
        check_size(image.size)
        size = image.size
        if image.format in ("JPEG", "MPO"):
            _check_scans(data, size)
        if image.format in ("JPEG", "MPO") and not full_size:
            image.draft(None, _draft_size(size))
        return _upright(image, size, full_size)


def decode_image(image: Image.Image, *, full_size: bool = False) -> Decoded:
    """The current frame of an opened image, which is loaded but not changed.

    full_size and errors as in `decode`.
    """
    with _decoder_errors():
        check_size(image.size)
        return _upright(image, image.size, full_size)


@contextmanager
def _decoder_errors() -> Iterator[None]:
    """Turn whatever a decoder raises into a PictureError, and hide its warnings."""
    with quiet_libraries():
        try:
            yield
        except UnidentifiedImageError as error:
            raise NotAPictureError(
                f"This is not an image that can be read: give a {READABLE_FORMATS} file."
            ) from error
        except Image.DecompressionBombError as error:
            raise TooLargeError(_too_large("declares far too many pixels")) from error
        except MemoryError as error:
            raise TooLargeError(_too_large("needs more memory than is available")) from error
        except DAMAGE_ERRORS as error:
            raise NotAPictureError(
                "The image is damaged or cut short: get a whole copy of it "
                f"({_short_message(error)})."
            ) from error


def _upright(image: Image.Image, size: tuple[int, int], full_size: bool) -> Decoded:
    """Load, rotate upright and convert to sRGB. size: width and height in the file."""
    image.load()
    notes = read_notes(image) or read_stealth_pnginfo(image)
    metadata = Metadata(read_exif(image), notes, {}, image.format or "")
    rotated = apply_orientation(image)
    upright_size = size[::-1] if rotated.size != image.size else size
    pixels, alpha = to_srgb_pixels(rotated, full_size=full_size)
    pixels.setflags(write=False)
    return Decoded(pixels, upright_size, metadata, alpha)


def check_bytes(data: bytes, name: str) -> bytes:
    """Return the bytes; PictureError if there are none, TooLargeError if too many."""
    if not data:
        raise PictureError(f"{name} is empty: give a picture.")
    if len(data) > max_bytes():
        raise TooLargeError(too_large_error(name))
    return data


def max_bytes() -> int:
    """Maximum size of a picture file in bytes, from the settings."""
    return int(settings().max_megabytes * 1e6)


def too_large_error(name: str) -> str:
    """Error message for a source that is larger than `max_bytes`."""
    return (
        f"{name} has more than {settings().max_megabytes:g} MB: "
        "shrink it, or raise IMAGETOPROMPT_MAX_MEGABYTES."
    )


def check_size(size: tuple[int, int]) -> None:
    """TooLargeError or NotAPictureError for a width and height that are not accepted."""
    width, height = size
    if width < 1 or height < 1:
        raise NotAPictureError("The image has no pixels: give one with a width and a height.")
    if width * height > settings().max_megapixels * 1e6:
        raise TooLargeError(_too_large(f"has {width} x {height} pixels"))


def _check_scans(data: bytes, size: tuple[int, int]) -> None:
    """TooLargeError for a JPEG whose scans take longer to decode than any real file."""
    scan_pixels = max(size[0] * size[1], MIN_SCAN_PIXELS)
    most = int(MAX_SCANS * settings().max_megapixels * 1e6 / scan_pixels)
    if count_scans(data, most) > most:
        raise TooLargeError(
            f"The image is a progressive JPEG with more than {most} scans, and real ones have "
            "about ten: save it anew with an image editor."
        )


def _too_large(what: str) -> str:
    limit = settings().max_megapixels
    return (
        f"The image {what}, and at most {limit:g} megapixels are opened: "
        "shrink it, or raise IMAGETOPROMPT_MAX_MEGAPIXELS."
    )


def _open(data: bytes) -> Image.Image:
    # HEIC and AVIF files start with an ftyp box (ISO 14496-12); their plugins load only if needed.
    formats = _boxed_formats() if data[4:8] == b"ftyp" else _plain_formats()
    return Image.open(io.BytesIO(data), formats=formats)


@cache
def _plain_formats() -> tuple[str, ...]:
    """FORMATS without the boxed ones, with only their plugins loaded; Pillow would load all."""
    for plugin in ("Bmp", "Gif", "Jpeg", "Png", "Tiff", "WebP"):
        import_module(f"PIL.{plugin}ImagePlugin")
    return tuple(name for name in FORMATS if name not in BOXED_FORMATS)


@cache
def _boxed_formats() -> tuple[str, ...]:
    import_module("PIL.AvifImagePlugin")
    import_module("pillow_heif").register_heif_opener()
    return BOXED_FORMATS


def _draft_size(size: tuple[int, int]) -> tuple[int, int]:
    """Size to request from the JPEG decoder, which halves as long as the result is not smaller."""
    scale = max(1.0, max(size) / MAX_DETAIL_SIDE)
    return max(1, int(size[0] / scale)), max(1, int(size[1] / scale))


def _short_message(error: BaseException) -> str:
    """The decoder's message as one short line."""
    words = " ".join(str(error).split())[:120].rstrip(".")
    return words or type(error).__name__


_lock: Final = Lock()
_saved: Final[list[Any]] = []
_inside: Final[list[None]] = []


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Hide warnings inside the block.

    Warning filters are global to the process, so overlapping threads share one change: the first to
    enter makes it, the last to leave undoes it.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    with _lock:
        if not _inside:
            caught = warnings.catch_warnings()
            caught.__enter__()
            warnings.simplefilter("ignore")
            _saved.append(caught)
        _inside.append(None)


def _leave() -> None:
    with _lock:
        _inside.pop()
        if not _inside:
            _saved.pop().__exit__(None, None, None)


ARRAY_SHAPES: Final = "height x width, or height x width x 1, 3 or 4"
# Float pictures run from 0 to 1; resampling may overshoot by this much, and that is clipped.
_OVERSHOOT: Final = 0.01


def from_array(array: NDArray[Any], *, full_size: bool = False) -> Decoded:
    """Decode gray, RGB or RGBA samples in sRGB: uint8, uint16, bool, or floats from 0 to 1.

    full_size as in `decode`; arrays are never reduced. NotAPictureError for any other shape, type
    or range.
    """
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise NotAPictureError(
            f"An array of shape {array.shape} is not a picture: give {ARRAY_SHAPES}."
        )
    check_size((array.shape[1], array.shape[0]))
    samples = _array_to_8_bit(array)
    if samples.ndim == 2:
        samples = samples[..., None]
    alpha = None
    if samples.shape[2] == 4:
        colors = np.ascontiguousarray(samples[..., :3])
        pixels, alpha = with_alpha(colors, samples[..., 3].copy(), straight=full_size)
    else:
        pixels = np.array(np.broadcast_to(samples, (*samples.shape[:2], 3)), order="C")
    pixels.setflags(write=False)
    return Decoded(pixels, (array.shape[1], array.shape[0]), Metadata(), alpha)


def _array_to_8_bit(array: NDArray[Any]) -> Pixels:
    if array.dtype == np.uint8:
        return array
    if array.dtype.str[1:] == "u2":
        return to_8_bit(array)
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind != "f":
        raise NotAPictureError(
            f"Arrays of {array.dtype} are not supported: give uint8, uint16, or floats from 0 to 1."
        )
    low, high = float(array.min()), float(array.max())
    if not (low >= -_OVERSHOOT and high <= 1 + _OVERSHOOT):
        raise NotAPictureError(
            f"Float samples run from 0 to 1, but these from {low:g} to {high:g}: scale them."
        )
    eight: Pixels = np.rint(array.astype(np.float32).clip(0, 1) * 255).astype(np.uint8)
    return eight
