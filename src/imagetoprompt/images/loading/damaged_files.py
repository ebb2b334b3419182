"""Damaged files: what decoders raise, and the repair of PNG chunks and of missing ends.

Hostile files too: the scans of a JPEG are counted before it is decoded.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from itertools import islice
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


# The share of a file that may be missing from its end.
_MAX_MISSING_SHARE: Final = 0.02
# Two fills that read as different pixels wherever pixels are missing.
_FILLS: Final = (b"\x00", b"\xa5")
_JPEG_END: Final = b"\xff\xd9"


def with_filled_end(data: bytes) -> tuple[bytes, bytes] | None:
    """The file with its missing end filled in two ways; None if it has another kind of damage.

    Where both decode to the same pixels, nothing was missing that shows.
    """
    if data[:2] == b"\xff\xd8" and _has_all_scans(data):
        # As much as the file has: after a cut in its middle, much of the picture then differs.
        whole = data.rstrip(_JPEG_END[:1])
        first, second = (whole + fill * len(whole) + _JPEG_END for fill in _FILLS)
        return first, second
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        missing = int.from_bytes(data[4:8], "little") + 8 - len(data)
        if 0 < missing <= _MAX_MISSING_SHARE * len(data):
            return data + _FILLS[0] * missing, data + _FILLS[1] * missing
    return None


def _has_all_scans(data: bytes) -> bool:
    """Whether a JPEG has its scan, or if it is progressive, each coefficient's last bit.

    A progressive JPEG that was cut between two scans decodes, and is blurred (ITU T.81, G.1).
    """
    progressive, components, complete = False, 0, set()
    for marker, segment in _jpeg_segments(data):
        if marker in _START_OF_FRAME and len(segment) > 5:
            progressive, components = marker == _PROGRESSIVE_FRAME, segment[5]
        elif marker == _START_OF_SCAN and segment and len(segment) >= 2 * segment[0] + 4:
            first, last, bits = segment[1 + 2 * segment[0] :][:3]
            if not progressive or bits & 15 == 0:
                named = segment[1 : 1 + 2 * segment[0] : 2]
                complete |= {(name, index) for name in named for index in range(first, last + 1)}
    return len(complete) == 64 * components > 0


def count_scans(data: bytes, most: int) -> int:
    """The scans of a JPEG up to its end marker; counting stops one past `most`.

    A progressive JPEG sends its pixels in several scans, and decoding takes time for each of them
    over all pixels, however few bytes it has. Scans of thumbnails in its metadata do not count.
    """
    # Counting bytes first takes a hundredth of the time, and real files need no more.
    at_most = data.count(bytes([0xFF, _START_OF_SCAN]))
    if at_most <= most:
        return at_most
    scans = (marker for marker, _ in _jpeg_segments(data) if marker == _START_OF_SCAN)
    return sum(1 for _ in islice(scans, most + 1))


_START_OF_FRAME: Final = (0xC0, 0xC1, 0xC2)
_PROGRESSIVE_FRAME: Final = 0xC2
_START_OF_SCAN: Final = 0xDA
# A marker that a segment follows, or the end: not a stuffed zero, TEM, a restart, the start or a
# fill byte (ISO 10918-1, B.1.1.3). Fill bytes are not matched as a run: a file may be full of them.
_JPEG_MARKER: Final = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The marker and the content of each segment of a JPEG, up to its end marker.

    The entropy-coded data are skipped, and so are thumbnails, which are inside of segments.
    """
    offset = 2
    while (found := _JPEG_MARKER.search(data, offset)) is not None:
        if found[1] == _JPEG_END[1:]:
            return
        start = found.end()
        offset = start + int.from_bytes(data[start : start + 2], "big")
        yield found[1][0], data[start + 2 : offset]


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
