"""Read metadata (camera tags, text chunks, EXIF notes; never the GPS position) and orientation."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from PIL import ExifTags, Image, ImageOps

from imagetoprompt.images.loading.damaged_files import DAMAGE_ERRORS

# The only tags that are read: how the picture was taken or made. Tags that tell where it was taken
# or whose camera it was (GPS, serial numbers, owner, maker notes) are never read.
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

XMP_NAMES: Final = ("xmp", "XML:com.adobe.xmp")
"""Names of XMP text: Pillow's own, and that of the PNG chunk that holds it."""

NOTE_TAGS: Final = ("ImageDescription", "UserComment", "XPComment", "XPTitle")
"""EXIF tags that hold free text, where generators leave their prompts."""

# A prompt with its whole node graph takes tens of kilobytes. The limits, in characters and in
# number, keep a hostile file from filling the memory of a server.
MAX_NOTE_LENGTH: Final = 262_144
MAX_NOTES: Final = 32
MAX_TAG_LENGTH: Final = 200

_EXIF_IFD: Final = 0x8769


@dataclass(frozen=True)
class Metadata:
    """Everything that is read from a file besides its pixels.

    exif: camera tags by the names of Pillow's ExifTags, as numbers, text or tuples of numbers,
    never a position. info: text chunks, comments and XMP of the file by name, as written, each at
    most 256 KiB. credentials: generator and source type by a Content Credentials (C2PA) manifest.
    format: Pillow's name of the file format, such as "JPEG"; empty when there was no file. damage:
    a sentence on what is wrong with the file, though all of it shows; empty when nothing is.
    """

    exif: Mapping[str, Any] = field(default_factory=dict, hash=False)
    info: Mapping[str, str] = field(default_factory=dict, hash=False)
    credentials: Mapping[str, str] = field(default_factory=dict, hash=False)
    format: str = ""
    damage: str = ""


def read_exif(image: Image.Image) -> dict[str, Any]:
    """The camera tags of the image; damaged ones are skipped."""
    tags = dict(_tags(image))
    return {
        name: value
        for name in sorted(CAMERA_TAGS & tags.keys())
        if (value := _plain_value(tags[name])) is not None and not _is_graph(tags[name])
    }


def apply_orientation(image: Image.Image) -> Image.Image:
    """Rotate or flip the image by its EXIF orientation; unchanged if the tag cannot be read."""
    try:
        if image.getexif().get(ExifTags.Base.Orientation, 1) != 1:
            return ImageOps.exif_transpose(image)
    except DAMAGE_ERRORS:
        pass
    return image


def read_notes(image: Image.Image) -> dict[str, str]:
    """The texts in the file by name: PNG text chunks, comments, XMP and EXIF notes."""
    texts: dict[str, str] = {}
    for name, value in (*_chunks(image), *_exif_notes(image)):
        text = _text(value)
        if text and len(texts) < MAX_NOTES:
            safe = strip_gps(text) if name in XMP_NAMES else text
            texts.setdefault(name[:MAX_TAG_LENGTH], safe)
    return texts


def _tags(image: Image.Image) -> Iterator[tuple[str, Any]]:
    try:
        exif = image.getexif()
        yield from ((ExifTags.TAGS.get(key, ""), value) for key, value in exif.items())
        inner = exif.get_ifd(_EXIF_IFD)
        yield from ((ExifTags.TAGS.get(key, ""), value) for key, value in inner.items())
    except DAMAGE_ERRORS:
        return


def _plain_value(value: object) -> Any:  # noqa: ANN401
    """The value as a finite number, a text or a tuple of numbers; None for anything else."""
    if isinstance(value, str):
        return value.replace("\0", "").strip()[:MAX_TAG_LENGTH] or None
    if isinstance(value, int):
        return value
    if isinstance(value, tuple):
        numbers = tuple(_plain_value(item) for item in value[:8])
        return None if None in numbers else numbers
    try:
        number = float(value)  # type: ignore[arg-type]
    except DAMAGE_ERRORS:
        return None
    return number if abs(number) < float("inf") else None


def _chunks(image: Image.Image) -> Iterator[tuple[str, Any]]:
    texts = getattr(image, "text", None)
    # ImageMagick copies whole EXIF blocks, including positions, into chunks of this name.
    yield from (item for item in (texts or {}).items() if not item[0].startswith("Raw profile"))
    yield from ((name, image.info.get(name)) for name in ("comment", "xmp"))


def _exif_notes(image: Image.Image) -> Iterator[tuple[str, Any]]:
    """Texts in EXIF tags; ComfyUI's WebP files use Make and Model for theirs ("prompt:{...}")."""
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
    """Decode a UserComment: its first eight bytes name the character set (EXIF 2.3)."""
    if not isinstance(value, bytes):
        return value
    code, rest = value[:8], value[8 : 8 + 2 * MAX_NOTE_LENGTH]
    if not code.startswith(b"UNICODE"):
        return rest if code.startswith((b"ASCII", b"JIS", b"\0\0\0\0")) else value
    # Writers disagree on the byte order; the position of zero bytes in Latin text shows it.
    little = rest[1::2].count(0) > rest[0::2].count(0)
    return rest.decode("utf-16-le" if little else "utf-16-be", errors="replace")


def _text(value: object) -> str:
    """The value as text of at most MAX_NOTE_LENGTH characters, without padding zeros."""
    if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
        value = bytes(item & 255 for item in value[: 2 * MAX_NOTE_LENGTH])
    if isinstance(value, bytes):
        wide = value[1:64:2].count(0) > 8 or (
            len(value) > 3 and value[1::2].count(0) * 2 == len(value)
        )
        value = value[: 2 * MAX_NOTE_LENGTH].decode(
            "utf-16-le" if wide else "utf-8", errors="replace"
        )
    return str(value or "").replace("\0", "").strip()[:MAX_NOTE_LENGTH]


_LOCATION_NAME: Final = re.compile(
    r"gps|location|city|country|state|region|latitude|longitude", re.IGNORECASE
)
# An element without child elements, and an attribute. Names have a maximum length so that a long
# run of letters cannot make the search slow.
_ELEMENT: Final = re.compile(r"<([\w:.-]{1,80})[^<>]*>[^<>]*</\1\s{0,4}>")
_ATTRIBUTE: Final = re.compile(r"""([\w:.-]{1,80})\s{0,4}=\s{0,4}("[^"<>]*"|'[^'<>]*')""")


def strip_gps(xmp: str) -> str:
    """Remove elements and attributes whose names refer to a place or position from XMP text."""
    return _ATTRIBUTE.sub(_unless_location, _ELEMENT.sub(_unless_location, xmp))


def _unless_location(match: re.Match[str]) -> str:
    return "" if _LOCATION_NAME.search(match[1]) else match[0]
