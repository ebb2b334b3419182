"""What decoders raise on damaged files, and the repair of PNG files with damaged extra chunks."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


# The chunks that affect the pixels (PNG specification 1.2, section 4).
PIXELS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


# Length and name come before the data of a chunk, its checksum after it.
_AROUND: Final = 12


def repair_truncated(data: bytes) -> bytes | None:
    """The PNG with nothing but its pixels; None when it is no PNG or has nothing to leave out."""
    if not data.startswith(SIGNATURE):
        return None
    kept = b"".join(chunk for chunk in _chunks(data) if chunk[4:8] in PIXELS)
    return None if len(kept) + len(SIGNATURE) >= len(data) else SIGNATURE + kept


def _chunks(data: bytes) -> Iterator[bytes]:
    """The chunks one after another, as far as their lengths make sense."""
    place = len(SIGNATURE)
    while place + _AROUND <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        yield data[place : place + length + _AROUND]
        place += length + _AROUND


DAMAGE: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What decoders raise on damaged bytes; found by feeding them thousands of mutated files."""
