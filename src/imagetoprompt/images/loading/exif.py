"""Read metadata: camera tags, text chunks and notes, but never the position (GPS)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from PIL import ExifTags, Image

from imagetoprompt.images.loading.damaged_files import DAMAGE

# Only these are read: what tells how the picture was taken or made. Whatever tells where, or
# whose camera it was (GPS, serial numbers, owner, maker notes), never leaves the file.
CAMERA_TAGS: Final = frozenset(
    {
        "ApertureValue", "BrightnessValue", "DateTime", "DateTimeDigitized", "DateTimeOriginal",
        "DigitalZoomRatio", "ExifImageHeight", "ExifImageWidth", "ExposureBiasValue",
        "ExposureMode", "ExposureProgram", "ExposureTime", "FNumber", "Flash", "FocalLength",
        "FocalLengthIn35mmFilm", "FocalPlaneResolutionUnit", "FocalPlaneXResolution",
        "FocalPlaneYResolution", "ISOSpeedRatings", "LensMake", "LensModel", "LensSpecification",
        "LightSource", "Make", "MaxApertureValue", "MeteringMode", "Model", "OffsetTime",
        "OffsetTimeOriginal", "Orientation", "SceneCaptureType", "ShutterSpeedValue", "Software",
        "SubjectDistance", "SubjectDistanceRange", "WhiteBalance",
    }
)  # fmt: skip

XMP: Final = ("xmp", "XML:com.adobe.xmp")
"""The names that XMP is found by: its own, and that of the PNG chunk which holds it."""

NOTE_TAGS: Final = ("ImageDescription", "UserComment", "XPComment", "XPTitle")
"""EXIF tags that hold free text, where generators leave their prompts."""

# A prompt with its whole node graph is tens of kilobytes; these keep a hostile file from filling
# the memory of a long-running program.
MAX_NOTE: Final = 262_144
MAX_NOTES: Final = 32
MAX_TAG: Final = 200

_EXIF_IFD: Final = 0x8769


@dataclass(frozen=True)
class Metadata:
    """What the file says besides its pixels.

    exif: camera tags by the names of Pillow's ExifTags, as numbers, text or tuples of numbers,
    never a position. info: text chunks, comments and XMP of the file by name, as written, each at
    most 256 KiB. credentials: what a Content Credentials (C2PA) manifest says of the making.
    format: the name of the file's format, as "JPEG"; empty when there was no file.
    """

    exif: Mapping[str, Any] = field(default_factory=dict, hash=False)
    info: Mapping[str, str] = field(default_factory=dict, hash=False)
    credentials: Mapping[str, str] = field(default_factory=dict, hash=False)
    format: str = ""


def read_exif(image: Image.Image) -> dict[str, Any]:
    """The camera tags of the image; those that are damaged are left out."""
    found = dict(_tags(image))
    return {
        name: value
        for name in sorted(CAMERA_TAGS & found.keys())
        if (value := _plain(found[name])) is not None and not _is_graph(found[name])
    }


def read_notes(image: Image.Image) -> dict[str, str]:
    """The texts that the image carries by name: chunks, comments, XMP and EXIF notes."""
    texts: dict[str, str] = {}
    for name, value in (*_chunks(image), *_exif_notes(image)):
        text = _text(value)
        if text and len(texts) < MAX_NOTES:
            kept = strip_gps(text) if name in XMP else text
            texts.setdefault(name[:MAX_TAG], kept)
    return texts


def _tags(image: Image.Image) -> Iterator[tuple[str, Any]]:
    try:
        exif = image.getexif()
        yield from ((ExifTags.TAGS.get(key, ""), value) for key, value in exif.items())
        inner = exif.get_ifd(_EXIF_IFD)
        yield from ((ExifTags.TAGS.get(key, ""), value) for key, value in inner.items())
    except DAMAGE:
        return


def _plain(value: object) -> Any:  # noqa: ANN401
    """A number, a text or a tuple of numbers; None when it is anything else or not finite."""
    if isinstance(value, str):
        return value.replace("\0", "").strip()[:MAX_TAG] or None
    if isinstance(value, int):
        return value
    if isinstance(value, tuple):
        numbers = tuple(_plain(each) for each in value[:8])
        return None if None in numbers else numbers
    try:
        number = float(value)  # type: ignore[arg-type]
    except DAMAGE:
        return None
    return number if abs(number) < float("inf") else None


def _chunks(image: Image.Image) -> Iterator[tuple[str, Any]]:
    texts = getattr(image, "text", None)
    # ImageMagick copies whole EXIF blocks, positions and all, into chunks of this name.
    yield from (item for item in (texts or {}).items() if not item[0].startswith("Raw profile"))
    yield from ((name, image.info.get(name)) for name in ("comment", "xmp"))


def _exif_notes(image: Image.Image) -> Iterator[tuple[str, Any]]:
    """EXIF texts; ComfyUI's WebP files name theirs inside Make and Model ("prompt:{...}")."""
    for name, value in _tags(image):
        if name in NOTE_TAGS:
            yield name, _comment(value) if name == "UserComment" else value
        elif name in ("Make", "Model") and isinstance(value, str):
            key, colon, text = value.partition(":")
            if colon and _is_graph(value):
                yield key.lower(), text
        elif name == "XMLPacket":
            yield "xmp", value


def _is_graph(value: object) -> bool:
    return isinstance(value, str) and value[:10].lower().startswith(("prompt:{", "workflow:{"))


def _comment(value: object) -> object:
    """EXIF 2.3 puts the name of the character set in the first eight bytes of a UserComment."""
    if not isinstance(value, bytes):
        return value
    code, rest = value[:8], value[8 : 8 + 2 * MAX_NOTE]
    if not code.startswith(b"UNICODE"):
        return rest if code.startswith((b"ASCII", b"JIS", b"\0\0\0\0")) else value
    # Writers disagree on the byte order: in Latin text the zero bytes tell which it is.
    little = rest[1::2].count(0) > rest[0::2].count(0)
    return rest.decode("utf-16-le" if little else "utf-16-be", errors="replace")


def _text(value: object) -> str:
    """The value as text of bounded length, without the zeros that pad it."""
    if isinstance(value, tuple) and all(isinstance(each, int) for each in value):
        value = bytes(each & 255 for each in value[: 2 * MAX_NOTE])
    if isinstance(value, bytes):
        wide = value[1:64:2].count(0) > 8 or (
            len(value) > 3 and value[1::2].count(0) * 2 == len(value)
        )
        value = value[: 2 * MAX_NOTE].decode("utf-16-le" if wide else "utf-8", errors="replace")
    return str(value or "").replace("\0", "").strip()[:MAX_NOTE]


_PLACE: Final = re.compile(
    r"gps|location|city|country|state|region|latitude|longitude", re.IGNORECASE
)
# An element without others inside, and an attribute. Names are bounded, so that a long run of
# letters cannot take long to search.
_ELEMENT: Final = re.compile(r"<([\w:.-]{1,80})[^<>]*>[^<>]*</\1\s{0,4}>")
_ATTRIBUTE: Final = re.compile(r"""([\w:.-]{1,80})\s{0,4}=\s{0,4}("[^"<>]*"|'[^'<>]*')""")


def strip_gps(xmp: str) -> str:
    """The XMP text without elements and attributes that are named after a place or position."""
    return _ATTRIBUTE.sub(_kept, _ELEMENT.sub(_kept, xmp))


def _kept(match: re.Match[str]) -> str:
    return "" if _PLACE.search(match[1]) else match[0]
