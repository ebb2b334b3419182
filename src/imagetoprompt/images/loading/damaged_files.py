"""What decoders raise on damaged files; repair of PNG files with damaged ancillary chunks."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


# Chunks that affect the pixels (PNG specification 1.2, section 4).
PIXEL_CHUNKS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


# Bytes of a chunk besides its data: length and name before it, checksum after it.
_CHUNK_OVERHEAD: Final = 12


def without_ancillary_chunks(data: bytes) -> bytes | None:
    """The PNG reduced to its pixel chunks; None if it is not a PNG or has no other chunks."""
    if not data.startswith(PNG_SIGNATURE):
        return None
    kept = b"".join(chunk for chunk in _chunks(data) if chunk[4:8] in PIXEL_CHUNKS)
    return None if len(kept) + len(PNG_SIGNATURE) >= len(data) else PNG_SIGNATURE + kept


def _chunks(data: bytes) -> Iterator[bytes]:
    """The chunks in order, up to the first whose length is impossible."""
    offset = len(PNG_SIGNATURE)
    while offset + _CHUNK_OVERHEAD <= len(data):
        length = int.from_bytes(data[offset : offset + 4], "big")
        yield data[offset : offset + length + _CHUNK_OVERHEAD]
        offset += length + _CHUNK_OVERHEAD


DAMAGE_ERRORS: Final = (
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
