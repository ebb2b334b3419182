"""Bytes that are meant to do harm, or were harmed: only our own errors come out."""

import random
import struct
import threading
import time
import warnings
import zlib

import pillow_heif
import pytest
from PIL import Image, PngImagePlugin
from tests.images.loading.encoded_images import encoded, quarters

from imagetoprompt.errors import NotAPictureError, PictureError, TooLargeError
from imagetoprompt.images.loading.damaged_files import count_scans, with_filled_end
from imagetoprompt.images.loading.decode import decode, quiet_libraries
from imagetoprompt.images.picture import open_picture
from imagetoprompt.metadata import find_embedded_prompt
from imagetoprompt.settings import settings

FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"]


def noted(name: str) -> bytes:
    """A picture with EXIF, and where the format has them text chunks."""
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + "a cat\nSteps: 9".encode("utf-16-be")
    if name in ("GIF", "BMP"):
        return encoded(quarters(), name)
    if name == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("parameters", "a cat\nSteps: 9, Seed: 1, CFG scale: 7", zip=True)
        return encoded(quarters(), name, pnginfo=notes, exif=exif)
    return encoded(quarters(), name, exif=exif.tobytes())


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The bytes with one to eight of them changed, some taken out, or the end cut off."""
    changed = bytearray(data)
    for _ in range(dice.choice([1, 1, 2, 8])):
        place = 1 + dice.randrange(min(len(changed), dice.choice([200, len(changed)])))
        how = dice.randrange(4)
        if how == 0:
            changed[place : place + 1] = bytes([dice.randrange(256)])
        elif how == 1:
            changed[place : place + 4] = dice.choice([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff"])
        elif how == 2:
            del changed[place : place + dice.randrange(1, 20)]
        else:
            del changed[place:]
    return bytes(changed)


@pytest.mark.parametrize("name", FORMATS)
def test_mutated_files_open_or_are_refused(name: str) -> None:
    dice, data, other = random.Random(7), noted(name), []  # noqa: S311
    for _ in range(60):
        try:
            find_embedded_prompt(open_picture(mutated(data, dice)))
        except PictureError as error:
            other += [str(error)] if "\n" in str(error) or len(str(error)) > 300 else []

    assert other == []


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "BMP", "AVIF", "HEIF"])
def test_a_file_cut_short_is_refused(name: str) -> None:
    data = noted(name)

    with pytest.raises(NotAPictureError):
        decode(data[: len(data) * 3 // 5])


def chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)


def png(width: int, height: int) -> bytes:
    """A PNG that promises a size and holds next to nothing."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + pixels


@pytest.mark.parametrize("size", [(10_001, 10_000), (14_000, 14_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_from_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(TooLargeError, match=r"at most 100 megapixels .*MAX_MEGAPIXELS"):
        decode(png(*size))


@pytest.mark.parametrize("name", ["GIF", "BMP", "WEBP"])
def test_a_bomb_of_another_format_is_refused(name: str) -> None:
    data = bytearray(encoded(Image.new("RGB", (9, 9)), name, lossless=True))
    place, size = {
        "GIF": (6, struct.pack("<HH", 60_000, 60_000)),
        "BMP": (18, struct.pack("<ii", 60_000, 60_000)),
        "WEBP": (21, struct.pack("<I", 16_383 | 16_383 << 14)),
    }[name]
    data[place : place + len(size)] = size

    with pytest.raises(TooLargeError, match="megapixels"):
        decode(bytes(data))


def test_a_smaller_limit_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGETOPROMPT_MAX_MEGAPIXELS", "0.001")
    settings.cache_clear()
    try:
        with pytest.raises(TooLargeError, match=r"48 x 32 pixels, and at most 0\.001 megapixels"):
            decode(encoded(quarters(), "PNG"))
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_a_note_that_unpacks_to_far_more_costs_only_the_note() -> None:
    bomb = chunk(b"zTXt", b"parameters\0\0" + zlib.compress(b"\0" * 20_000_000))
    data = encoded(quarters(), "PNG")

    decoded = decode(data[:33] + bomb + data[33:])

    assert (decoded.size, dict(decoded.metadata.info)) == ((48, 32), {})


@pytest.mark.parametrize("size", [(1, 1), (3, 4000), (4000, 3), (1, 9000)])
def test_odd_but_legal_shapes_open(size: tuple[int, int]) -> None:
    decoded = decode(encoded(Image.new("RGB", size, (9, 8, 7)), "PNG"))

    assert decoded.size == size
    assert decoded.pixels.reshape(-1, 3).min(axis=0).tolist() == [9, 8, 7]


def test_a_fully_transparent_picture_opens() -> None:
    decoded = decode(encoded(Image.new("RGBA", (5, 5), (0, 0, 0, 0)), "PNG"))

    assert decoded.pixels.tolist() == [[[128, 128, 128]] * 5] * 5


def test_overlapping_threads_leave_the_filters_of_warnings_as_they_were() -> None:
    before = list(warnings.filters)
    data = encoded(quarters(), "TIFF")

    threads = [threading.Thread(target=decode, args=(data,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert list(warnings.filters) == before


def test_no_warning_of_a_decoder_is_shown() -> None:
    with quiet_libraries():
        warnings.warn("a decoder grumbles", stacklevel=1)

    with pytest.warns(UserWarning, match="somebody else grumbles"):
        warnings.warn("somebody else grumbles", stacklevel=1)


def with_scans(data: bytes, scans: int) -> bytes:
    """A progressive JPEG whose last scan is repeated."""
    start, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    return data[:end] + data[start:end] * scans + data[end:]


@pytest.mark.parametrize(("side", "scans"), [(2000, 20_000), (8000, 2000), (100, 5000)])
def test_a_progressive_jpeg_with_very_many_scans_is_refused_undecoded(
    side: int, scans: int
) -> None:
    data = with_scans(encoded(Image.new("L", (side, side)), "JPEG", progressive=True), scans)
    begun = time.monotonic()

    with pytest.raises(TooLargeError, match="scans"):
        open_picture(data)

    assert time.monotonic() - begun < 1


def test_a_progressive_jpeg_of_any_encoder_is_read() -> None:
    """jpegtran with one component and one bit a scan writes more than any encoder by itself."""
    data = with_scans(encoded(quarters(), "JPEG", progressive=True), 40)

    assert open_picture(data).size == quarters().size


def test_scans_of_what_is_not_the_picture_do_not_count() -> None:
    scans = b"\xff\xda" * 30_000
    data = encoded(quarters(), "JPEG", progressive=True, comment=scans)

    assert open_picture(data + scans).size == quarters().size


def test_runs_of_fill_bytes_are_passed_over_in_one_go() -> None:
    # Any number of fill bytes may stand before a marker. Trying each as the start of the run, as a
    # pattern with repetition does, would take hours for a megabyte of them.
    bomb = with_scans(encoded(Image.new("L", (2000, 2000)), "JPEG", progressive=True), 20_000)
    data = bomb[:2] + b"\xff" * 1_000_000 + b"\x00" + bomb[2:]

    assert count_scans(data, 10_000) == 10_001
    assert with_filled_end(data[:2] + b"\xff" * 1_000_000) is None
