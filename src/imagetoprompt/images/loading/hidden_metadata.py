"""Read generator claims from C2PA manifests, and stealth prompts from the lowest bits of pixels.

A C2PA (Content Credentials) manifest store is a tree of JUMBF boxes with CBOR inside (C2PA 2.1,
sections 8 and 11). Only the text after a few keys is read, by a bounded search that works for every
file format. Signatures are not checked: the result repeats what the file claims.
"""

import json
import re
import zlib
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagetoprompt.images.loading.exif import MAX_NOTE_LENGTH

# Start of the description box of every C2PA manifest store: its type is a fixed UUID.
_STORE_START: Final = b"jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"
# Bytes. A store also holds thumbnails; after several edits it takes a few megabytes.
_MAX_STORE_SIZE: Final = 8_000_000
# Occurrences of one key that are read.
_MAX_OCCURRENCES: Final = 40
_MAX_VALUE_LENGTH: Final = 200

# IPTC digital source types that mean a generator, the strongest claim first.
_SOURCE_TYPES: Final = (
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "algorithmicMedia",
)


def find_c2pa(data: bytes) -> dict[str, str]:
    """Find claim_generator, softwareAgent and digitalSourceType of the manifest, where present.

    data: the whole file. The last of several manifests is the file's own. Of several source types
    the strongest claim is returned, by its name without the URL.
    """
    start = data.find(_STORE_START)
    if start < 0:
        return {}
    store = data[start : start + _MAX_STORE_SIZE]
    claims = {
        "claim_generator": _last_value(store, b"claim_generator"),
        "softwareAgent": _last_value(store, b"softwareAgent"),
        "digitalSourceType": _strongest_claim(list(_values(store, b"digitalSourceType"))),
    }
    name = _last_value(store, b"claim_generator_info")
    claims["claim_generator"] = claims["claim_generator"] or name
    return {key: value for key, value in claims.items() if value}


def _last_value(store: bytes, key: bytes) -> str:
    return ([""] + [value for value in _values(store, key) if value])[-1]


def _strongest_claim(values: list[str]) -> str:
    names = [value.rstrip("/").rpartition("/")[2] for value in values]
    return next((known for known in _SOURCE_TYPES if known in names), (names or [""])[-1])


def _values(store: bytes, key: bytes) -> Iterator[str]:
    """The text after each occurrence of the key: CBOR text, a CBOR map with a name, or JSON."""
    position = store.find(key)
    for _ in range(_MAX_OCCURRENCES):
        if position < 0:
            return
        rest = store[position + len(key) : position + len(key) + 1024]
        yield _json_text(rest) or _cbor_text(rest) or _cbor_name(rest)
        position = store.find(key, position + len(key))


def _json_text(rest: bytes) -> str:
    match = re.match(rb'"\s*:\s*"([^"\\]{1,200})"', rest)
    return match[1].decode("utf-8", "replace") if match else ""


def _cbor_text(rest: bytes) -> str:
    """The CBOR text string (RFC 8949, major type 3) at the start; "" for any other type."""
    if not rest or rest[0] >> 5 != 3:
        return ""
    # The low five bits are the length up to 23; 24 and 25 mean that it follows in 1 or 2 bytes.
    short = rest[0] & 31
    wide = {24: 1, 25: 2}.get(short, 0)
    if short > 25:
        return ""
    length = int.from_bytes(rest[1 : 1 + wide], "big") if wide else short
    text = rest[1 + wide : 1 + wide + min(length, _MAX_VALUE_LENGTH)]
    return text.decode("utf-8", "replace").strip()


def _cbor_name(rest: bytes) -> str:
    """The `name` of a CBOR map, or of the first map in an array (major types 5 and 4)."""
    position = rest.find(b"dname", 0, 64)
    if not rest or rest[0] >> 5 not in (4, 5) or position < 0:
        return ""
    return _cbor_text(rest[position + 5 :])


# Signature at the start of the bits: whether the text after it is compressed. The bits are those of
# the alpha channel, or of R, G and B in turn.
_SIGNATURES: Final = {
    "A": {b"stealth_pnginfo": False, b"stealth_pngcomp": True},
    "RGB": {b"stealth_rgbinfo": False, b"stealth_rgbcomp": True},
}
_SIGNATURE_SIZE: Final = 15
_HEADER_SIZE: Final = _SIGNATURE_SIZE + 4
# zlib's window bits for data with a gzip header (zlib manual, inflateInit2).
_GZIP_WINDOW_BITS: Final = 31
# Formats that keep the lowest bits of samples.
_LOSSLESS_FORMATS: Final = ("PNG", "WEBP")


def read_stealth_pnginfo(image: Image.Image) -> dict[str, str]:
    """Texts by name in the lowest bits of a loaded image; a text without a name is "stealth"."""
    if image.format not in _LOSSLESS_FORMATS or image.mode not in ("RGB", "RGBA"):
        return {}
    for bands in ("A", "RGB") if image.mode == "RGBA" else ("RGB",):
        head = _bits(image, bands, 8 * _HEADER_SIZE)
        packed = _SIGNATURES[bands].get(head[:_SIGNATURE_SIZE])
        if packed is not None:
            length = int.from_bytes(head[_SIGNATURE_SIZE:_HEADER_SIZE], "big")
            bits = min(length, 8 * MAX_NOTE_LENGTH)
            return _named_texts(_bits(image, bands, 8 * _HEADER_SIZE + bits)[_HEADER_SIZE:], packed)
    return {}


def _bits(image: Image.Image, bands: str, count: int) -> bytes:
    """The first `count` lowest bits of the bands as bytes, column by column."""
    columns = -(-count // (image.height * len(bands)))
    part = np.asarray(image.crop((0, 0, min(columns, image.width), image.height)))
    samples: NDArray[np.uint8] = part[..., 3:] if bands == "A" else part[..., :3]
    return np.packbits((samples & 1).swapaxes(0, 1).ravel()[:count]).tobytes()


def _named_texts(data: bytes, packed: bool) -> dict[str, str]:
    try:
        plain = (
            zlib.decompressobj(_GZIP_WINDOW_BITS).decompress(data, MAX_NOTE_LENGTH)
            if packed
            else data
        )
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
