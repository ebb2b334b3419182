"""Files that are nearly pictures: every format, mutated by a seed, and some that only pretend.

mutants(2000, seed=1) -> name and bytes, the same every time
"""

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final, TypeAlias

from PIL import Image, PngImagePlugin

from bench.pictures import EXAMPLE_NAMES, EXAMPLES

Dice: TypeAlias = random.Random

SIDE: Final = 320
MAGIC: Final = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "gif": b"GIF89a",
    "webp": b"RIFF\xff\xff\0\0WEBPVP8 ",
    "bmp": b"BM",
    "tiff": b"II*\0\x08\0\0\0",
    "heif": b"\0\0\0\x1cftypheic\0\0\0\0mif1heic",
    "avif": b"\0\0\0\x1cftypavif\0\0\0\0mif1avif",
}
STRANGERS: Final = (
    b"",
    b"\0",
    b"\0" * 4096,
    b"<!doctype html><script>alert(1)</script>",
    b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    b"%PDF-1.7\n%%EOF",
    b"PK\x05\x06" + b"\0" * 18,
    b"\x7fELF" + b"\0" * 60,
    b"%!PS-Adobe-3.0 EPSF-3.0\n/a 1 def",
    b'{"url": "http://127.0.0.1/"}',
    b"[" * 20_000,
)
"""What no picture is, though some programs open it."""


def mutants(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many files, each with a name that says what was done."""
    dice = random.Random(seed)  # noqa: S311 - to be the same every time
    kinds = list(originals())
    ways = list(WAYS.items())
    for number in range(count):
        kind = kinds[number % len(kinds)]
        way, change = ways[number // len(kinds) % len(ways)]
        yield f"{number:04} {kind} {way}", change(originals()[kind], dice)


@cache
def originals() -> dict[str, bytes]:
    """Whole pictures of every kind that is read."""
    import pillow_heif  # noqa: PLC0415

    pillow_heif.register_heif_opener()
    made = {}
    for number, (kind, how) in enumerate(KINDS.items()):
        image = Image.open(EXAMPLES / f"{EXAMPLE_NAMES[number % len(EXAMPLE_NAMES)]}.jpg").convert(
            "RGB"
        )
        image.thumbnail((SIDE, SIDE))
        made[kind] = _encoded(image, **how)
    return made


def _encoded(image: Image.Image, form: str, mode: str = "RGB", **how: Any) -> bytes:  # noqa: ANN401
    buffer = io.BytesIO()
    frames = how.pop("frames", 1)
    if frames > 1:
        how |= {"save_all": True, "append_images": [image.convert(mode)] * (frames - 1)}
    if how.pop("noted", False):
        how |= _notes(form)
    image.convert(mode).save(buffer, form, **how)
    return buffer.getvalue()


def _notes(form: str) -> dict[str, Any]:
    exif = Image.Exif()
    exif[0x010F], exif[0x8298] = "Maker", "<b>copyright</b>"
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + "a cat\nSteps: 9, Seed: 1".encode("utf-16-be")
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", "a cat\nSteps: 9, Seed: 1, CFG scale: 7", zip=True)
    return {"exif": exif, "pnginfo": notes} if form == "PNG" else {"exif": exif}


KINDS: Final[dict[str, dict[str, Any]]] = {
    "jpeg": {"form": "JPEG", "quality": 85, "noted": True},
    "progressive": {"form": "JPEG", "progressive": True},
    "cmyk": {"form": "JPEG", "mode": "CMYK"},
    "mpo": {"form": "MPO", "frames": 2},
    "png": {"form": "PNG", "noted": True},
    "rgba": {"form": "PNG", "mode": "RGBA"},
    "palette": {"form": "PNG", "mode": "P"},
    "deep": {"form": "PNG", "mode": "I;16"},
    "webp": {"form": "WEBP", "quality": 80, "noted": True},
    "lossless": {"form": "WEBP", "lossless": True, "mode": "RGBA"},
    "animated": {"form": "WEBP", "frames": 3},
    "gif": {"form": "GIF", "frames": 3},
    "bmp": {"form": "BMP"},
    "tiff": {"form": "TIFF", "compression": "tiff_lzw", "noted": True},
    "pages": {"form": "TIFF", "frames": 3, "compression": "tiff_adobe_deflate"},
    "avif": {"form": "AVIF", "quality": 60, "speed": 9},
    "heif": {"form": "HEIF", "quality": 60},
}


def cut(data: bytes, dice: Dice) -> bytes:
    """The end is missing."""
    return data[: dice.randrange(1, len(data))]


def flip(data: bytes, dice: Dice) -> bytes:
    """Some bits are others, anywhere."""
    changed = bytearray(data)
    for _ in range(dice.choice([1, 2, 8, 64])):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def lie(data: bytes, dice: Dice) -> bytes:
    """The head says something else: a length, a size, a place."""
    changed = bytearray(data)
    for _ in range(dice.choice([1, 2, 4])):
        place = dice.randrange(2, min(len(changed), 400))
        value = dice.choice([b"\xff" * 4, b"\x7f\xff\xff\xff", b"\0" * 4, b"\x80\0\0\0", b"\1"])
        changed[place : place + len(value)] = value
    return bytes(changed)


def zeros(data: bytes, dice: Dice) -> bytes:
    """A stretch of it is nothing."""
    start = dice.randrange(len(data))
    length = dice.choice([16, 256, len(data) // 4])
    return (data[:start] + b"\0" * length + data[start + length :])[: len(data)]


def shuffle(data: bytes, dice: Dice) -> bytes:
    """Its parts are out of order, or there twice."""
    step = max(16, len(data) // dice.choice([4, 16, 64]))
    parts = [data[at : at + step] for at in range(0, len(data), step)]
    parts.insert(dice.randrange(len(parts)), dice.choice(parts))
    dice.shuffle(parts) if dice.random() < 0.3 else None
    return b"".join(parts)


def splice(data: bytes, dice: Dice) -> bytes:
    """It begins as one picture and ends as another."""
    other = dice.choice(list(originals().values()))
    return data[: dice.randrange(8, len(data))] + other[dice.randrange(len(other)) :]


def polyglot(data: bytes, dice: Dice) -> bytes:
    """It is something else as well."""
    other = dice.choice(STRANGERS)
    return data + other if dice.random() < 0.5 else other[:64] + data


def nest(data: bytes, dice: Dice) -> bytes:
    """A picture in a picture in a picture, by their magic and in a text chunk."""
    kind = dice.choice(list(MAGIC))
    if kind != "png":
        return MAGIC[kind] + data
    inner = chunk(b"zTXt", b"parameters\0\0" + zlib.compress(data * dice.choice([1, 50])))
    return data[:33] + inner + data[33:] if data.startswith(MAGIC["png"]) else MAGIC["png"] + inner


def huge(data: bytes, dice: Dice) -> bytes:
    """It promises more pixels than there are: honest head, no body."""
    width, height = dice.choice(
        [(10_000, 10_000), (30_000, 30_000), (1, 2**31 - 1), (65_535, 65_535), (99_999, 1000)]
    )
    head = chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, 8, dice.choice([0, 2, 6]), 0, 0, 0)
    )
    body = zlib.compress(b"\0" * dice.choice([64, 100_000, 20_000_000]))
    return MAGIC["png"] + head + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def stranger(data: bytes, dice: Dice) -> bytes:
    """It is no picture at all, or noise behind the magic of one."""
    if dice.random() < 0.5:
        return dice.choice(STRANGERS)
    return dice.choice(list(MAGIC.values())) + dice.randbytes(dice.choice([0, 9, 200, 5000]))


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG, with its right checksum."""
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)


WAYS: Final[dict[str, Callable[[bytes, Dice], bytes]]] = {
    "cut": cut,
    "flip": flip,
    "lie": lie,
    "zeros": zeros,
    "shuffle": shuffle,
    "splice": splice,
    "polyglot": polyglot,
    "nest": nest,
    "huge": huge,
    "stranger": stranger,
}
