"""The notes that NovelAI and others hide in the lowest bits of a picture's pixels.

Bits run down the columns: a mark of 15 letters, the length of what follows in bits, and the text,
plain or gzipped ("stealth pnginfo"). It does not know what the text means.
"""

import json
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagetoprompt.images.loading.exif import MAX_NOTE

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


def hidden_notes(image: Image.Image) -> dict[str, str]:
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
