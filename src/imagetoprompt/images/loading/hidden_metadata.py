"""What a Content Credentials (C2PA) manifest in a file says of its making; nothing is verified.

The manifest store is a tree of JUMBF boxes with CBOR inside (C2PA 2.1, sections 8 and 11). Only the
text that follows a few keys is read, so that the same bounded search serves every file format. It
does not check signatures: it repeats a claim.
"""

import json
import re
import zlib
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagetoprompt.images.loading.exif import MAX_NOTE

# The description box that opens every C2PA manifest store: its type is a fixed UUID.
_STORE: Final = b"jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"
# A store holds thumbnails too; with several edits it comes to a few megabytes.
_MAX_STORE: Final = 8_000_000
# As many mentions of one key as are looked at.
_MENTIONS: Final = 40
_MAX_VALUE: Final = 200

# IPTC digital source types, the strongest claim of a generator first.
_TYPES: Final = (
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "algorithmicMedia",
)


def find_c2pa(data: bytes) -> dict[str, str]:
    """claim_generator, softwareAgent and digitalSourceType of the file's manifest, as far as given.

    data: the whole file. Of several manifests the last one is the file's own; of several source
    types the one that claims most of a generator is kept, without its address.
    """
    start = data.find(_STORE)
    if start < 0:
        return {}
    store = data[start : start + _MAX_STORE]
    found = {
        "claim_generator": _last(store, b"claim_generator"),
        "softwareAgent": _last(store, b"softwareAgent"),
        "digitalSourceType": _strongest(list(_values(store, b"digitalSourceType"))),
    }
    name = _last(store, b"claim_generator_info")
    found["claim_generator"] = found["claim_generator"] or name
    return {key: value for key, value in found.items() if value}


def _last(store: bytes, key: bytes) -> str:
    return ([""] + [value for value in _values(store, key) if value])[-1]


def _strongest(values: list[str]) -> str:
    names = [value.rstrip("/").rpartition("/")[2] for value in values]
    return next((each for each in _TYPES if each in names), (names or [""])[-1])


def _values(store: bytes, key: bytes) -> Iterator[str]:
    """The text after each mention of the key: CBOR text, a CBOR map with a name, or JSON."""
    place = store.find(key)
    for _ in range(_MENTIONS):
        if place < 0:
            return
        rest = store[place + len(key) : place + len(key) + 1024]
        yield _json_text(rest) or _cbor_text(rest) or _cbor_name(rest)
        place = store.find(key, place + len(key))


def _json_text(rest: bytes) -> str:
    match = re.match(rb'"\s*:\s*"([^"\\]{1,200})"', rest)
    return match[1].decode("utf-8", "replace") if match else ""


def _cbor_text(rest: bytes) -> str:
    """A CBOR text string (RFC 8949, major type 3) at the start; empty when it is anything else."""
    if not rest or rest[0] >> 5 != 3:
        return ""
    # The low five bits are the length up to 23; 24 and 25 say that it follows in 1 or 2 bytes.
    short = rest[0] & 31
    wide = {24: 1, 25: 2}.get(short, 0)
    if short > 25:
        return ""
    length = int.from_bytes(rest[1 : 1 + wide], "big") if wide else short
    text = rest[1 + wide : 1 + wide + min(length, _MAX_VALUE)]
    return text.decode("utf-8", "replace").strip()


def _cbor_name(rest: bytes) -> str:
    """The `name` of a CBOR map, or of the first map in an array (major types 5 and 4)."""
    place = rest.find(b"dname", 0, 64)
    if not rest or rest[0] >> 5 not in (4, 5) or place < 0:
        return ""
    return _cbor_text(rest[place + 5 :])


# Marks and whether the text behind them is compressed; in alpha, or in R, G, B by turns.
_MARKS: Final = {
    "A": {b"stealth_pnginfo": False, b"stealth_pngcomp": True},
    "RGB": {b"stealth_rgbinfo": False, b"stealth_rgbcomp": True},
}
_MARK: Final = 15
_HEAD: Final = _MARK + 4
# zlib's window bits for data with a gzip header (zlib manual, inflateInit2).
_GZIP: Final = 31
# Formats that keep the lowest bits.
_LOSSLESS: Final = ("PNG", "WEBP")


def read_stealth_pnginfo(image: Image.Image) -> dict[str, str]:
    """Texts by name from a loaded image's lowest bits; under "stealth" when they have no names."""
    if image.format not in _LOSSLESS or image.mode not in ("RGB", "RGBA"):
        return {}
    for bands in ("A", "RGB") if image.mode == "RGBA" else ("RGB",):
        head = _bits(image, bands, 8 * _HEAD)
        packed = _MARKS[bands].get(head[:_MARK])
        if packed is not None:
            length = int.from_bytes(head[_MARK:_HEAD], "big")
            bits = min(length, 8 * MAX_NOTE)
            return _named(_bits(image, bands, 8 * _HEAD + bits)[_HEAD:], packed)
    return {}


def _bits(image: Image.Image, bands: str, count: int) -> bytes:
    """The first `count` lowest bits of the bands as bytes, down the columns."""
    columns = -(-count // (image.height * len(bands)))
    part = np.asarray(image.crop((0, 0, min(columns, image.width), image.height)))
    wanted: NDArray[np.uint8] = part[..., 3:] if bands == "A" else part[..., :3]
    return np.packbits((wanted & 1).swapaxes(0, 1).ravel()[:count]).tobytes()


def _named(data: bytes, packed: bool) -> dict[str, str]:
    try:
        plain = zlib.decompressobj(_GZIP).decompress(data, MAX_NOTE) if packed else data
        text = plain.decode("utf-8")
    except (zlib.error, UnicodeDecodeError):
        return {}
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return {"stealth": text}
    if not isinstance(values, dict):
        return {}
    return {str(name): value for name, value in values.items() if isinstance(value, str)}
