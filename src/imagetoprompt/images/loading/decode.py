"""Bytes to upright sRGB pixels: only known formats, limits checked before anything is decoded."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any, Final

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from imagetoprompt.errors import NotAPictureError, TooLargeError
from imagetoprompt.images.loading.color_management import ENOUGH, Pixels, to_srgb_pixels
from imagetoprompt.images.loading.damaged_files import DAMAGE, repair_truncated
from imagetoprompt.images.loading.exif import Metadata, read_exif, read_notes
from imagetoprompt.images.loading.hidden_metadata import find_c2pa, read_stealth_pnginfo
from imagetoprompt.settings import settings

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
"""The formats that are read, by Pillow's names; no other decoder ever sees the bytes."""

BOXED: Final = ("AVIF", "HEIF")

READABLE: Final = "JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF"


@dataclass(frozen=True)
class Decoded:
    """Upright sRGB pixels, the upright size of the original, and what the file says."""

    pixels: Pixels
    size: tuple[int, int]
    metadata: Metadata


def decode(data: bytes) -> Decoded:
    """The first frame of an encoded image.

    NotAPictureError when the bytes are no image or damaged, TooLargeError from the header alone
    when there are more pixels than the settings allow. A damaged note costs the notes, not the
    picture.
    """
    try:
        decoded = _decoded(data)
    except NotAPictureError:
        rest = repair_truncated(data)
        if rest is None:
            raise
        decoded = _decoded(rest)
    noted = replace(decoded.metadata, credentials=find_c2pa(data))
    return replace(decoded, metadata=noted)


def _decoded(data: bytes) -> Decoded:
    with _named():
        image = _opened(data)
        check_size(image.size)
        size = image.size
        if image.format in ("JPEG", "MPO"):
            image.draft(None, _draft_size(size))
        return _upright(image, size)


def decode_image(image: Image.Image) -> Decoded:
    """The frame that an opened image stands at; the image is loaded, not changed.

    Errors as in `decode`.
    """
    with _named():
        check_size(image.size)
        return _upright(image, image.size)


@contextmanager
def _named() -> Iterator[None]:
    """Whatever a decoder raises inside becomes one of our errors, and no warning is shown."""
    with quiet_libraries():
        try:
            yield
        except UnidentifiedImageError as error:
            raise NotAPictureError(
                f"This is not an image that can be read: give a {READABLE} file."
            ) from error
        except Image.DecompressionBombError as error:
            raise TooLargeError(_too_large("promises far too many pixels")) from error
        except MemoryError as error:
            raise TooLargeError(_too_large("needs more memory than there is")) from error
        except DAMAGE as error:
            raise NotAPictureError(
                f"The image is damaged or cut short: get a whole copy of it ({_why(error)})."
            ) from error


def _upright(image: Image.Image, size: tuple[int, int]) -> Decoded:
    """The image, of this size in its file, decoded, turned upright and converted to sRGB."""
    image.load()
    notes = read_notes(image) or read_stealth_pnginfo(image)
    metadata = Metadata(read_exif(image), notes, {}, image.format or "")
    turned = _turned(image)
    upright_size = size[::-1] if turned.size != image.size else size
    pixels = to_srgb_pixels(turned)
    pixels.setflags(write=False)
    return Decoded(pixels, upright_size, metadata)


def check_size(size: tuple[int, int]) -> None:
    """TooLargeError or NotAPictureError when an image of this width and height is not opened."""
    width, height = size
    if width < 1 or height < 1:
        raise NotAPictureError("The image has no pixels: give one with a width and a height.")
    if width * height > settings().max_megapixels * 1e6:
        raise TooLargeError(_too_large(f"has {width} x {height} pixels"))


def _too_large(what: str) -> str:
    most = settings().max_megapixels
    return (
        f"The image {what}, and at most {most:g} megapixels are opened: "
        "shrink it, or raise IMAGETOPROMPT_MAX_MEGAPIXELS."
    )


def _opened(data: bytes) -> Image.Image:
    # HEIC and AVIF files begin with a box named ftyp (ISO 14496-12); most pictures need neither.
    formats = _boxed_formats() if data[4:8] == b"ftyp" else _plain_formats()
    return Image.open(io.BytesIO(data), formats=formats)


@cache
def _plain_formats() -> tuple[str, ...]:
    """FORMATS without the boxed ones, their plugins loaded; Pillow would load all it has."""
    for plugin in ("Bmp", "Gif", "Jpeg", "Png", "Tiff", "WebP"):
        import_module(f"PIL.{plugin}ImagePlugin")
    return tuple(name for name in FORMATS if name not in BOXED)


@cache
def _boxed_formats() -> tuple[str, ...]:
    import_module("PIL.AvifImagePlugin")
    import_module("pillow_heif").register_heif_opener()
    return BOXED


def _draft_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size to ask of the JPEG decoder, which halves as long as it stays above it."""
    scale = max(1.0, max(size) / ENOUGH)
    return max(1, int(size[0] / scale)), max(1, int(size[1] / scale))


def _turned(image: Image.Image) -> Image.Image:
    """The image turned by its EXIF orientation; as it is when the tag cannot be read."""
    try:
        if image.getexif().get(ExifTags.Base.Orientation, 1) != 1:
            return ImageOps.exif_transpose(image)
    except DAMAGE:
        pass
    return image


def _why(error: BaseException) -> str:
    """The decoder's own words, one short line of them."""
    words = " ".join(str(error).split())[:120].rstrip(".")
    return words or type(error).__name__


_lock: Final = Lock()
_saved: Final[list[Any]] = []
_inside: Final[list[None]] = []


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """No warning is shown inside.

    Filters of warnings belong to the whole process, so threads that overlap share one change of
    them: the first to enter makes it, the last to leave undoes it.
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
