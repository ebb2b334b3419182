from PIL import Image, PngImagePlugin
from PIL.ExifTags import GPS, Base
from tests.images.loading.encoded_images import encoded, quarters

from imagetoprompt.images.loading.decode import decode
from imagetoprompt.images.loading.exif import MAX_NOTE_LENGTH, MAX_NOTES, Metadata

INNER = 0x8769
GPS_PLACE = 0x8825


def opened(exif: Image.Exif, name: str = "JPEG") -> Metadata:
    return decode(encoded(quarters(), name, exif=exif.tobytes())).metadata


def camera() -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = "Maker", "Model 1\0"
    inner = exif.get_ifd(INNER)
    inner[Base.FNumber], inner[Base.ExposureTime] = 2.8, 0.01
    inner[Base.ISOSpeedRatings], inner[Base.FocalLengthIn35mmFilm] = 400, 50
    inner[Base.DateTimeOriginal] = "2024:05:01 12:30:00"
    return exif


def test_camera_tags_are_plain_values_by_name() -> None:
    assert opened(camera()).exif == {
        "DateTimeOriginal": "2024:05:01 12:30:00",
        "ExposureTime": 0.01,
        "FNumber": 2.8,
        "FocalLengthIn35mmFilm": 50,
        "ISOSpeedRatings": 400,
        "Make": "Maker",
        "Model": "Model 1",
    }


def test_camera_tags_are_read_from_every_format_that_has_them() -> None:
    apertures = [
        opened(camera(), name).exif.get("FNumber") for name in ("WEBP", "PNG", "AVIF", "TIFF")
    ]

    assert apertures == [2.8] * 4


def test_place_owner_and_serial_number_never_leave_the_file() -> None:
    exif = camera()
    exif[Base.Artist] = "Somebody"
    exif.get_ifd(INNER)[Base.BodySerialNumber] = "SERIAL-77"
    exif.get_ifd(GPS_PLACE)[GPS.GPSLatitude] = (48.0, 12.0, 31.0)

    xmp = b"<x:xmpmeta><exif:GPSLatitude>48.0N</exif:GPSLatitude></x:xmpmeta>"

    metadata = decode(encoded(quarters(), "JPEG", exif=exif, xmp=xmp)).metadata

    assert metadata.info == {"xmp": "<x:xmpmeta></x:xmpmeta>"}
    assert "SERIAL-77" not in repr(metadata)
    assert "Somebody" not in repr(metadata)
    assert "48.0" not in repr(metadata)


def test_a_number_without_a_value_is_left_out() -> None:
    exif = camera()
    exif.get_ifd(INNER)[Base.FNumber] = float("nan")

    assert "FNumber" not in opened(exif).exif


def test_damaged_exif_is_ignored() -> None:
    data = encoded(quarters(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff garbage")

    assert dict(decode(data).metadata.exif) == {}


def test_user_comments_are_read_in_every_character_set() -> None:
    written = {
        "big": b"UNICODE\0" + "a cat, très".encode("utf-16-be"),
        "little": b"UNICODE\0" + "a cat, très".encode("utf-16-le"),
        "ascii": b"ASCII\0\0\0" + "a cat, très".encode(),
        "none": b"\0" * 8 + "a cat, très".encode(),
    }
    found = {}
    for name, comment in written.items():
        exif = Image.Exif()
        exif.get_ifd(INNER)[Base.UserComment] = comment
        found[name] = opened(exif).info["UserComment"]

    assert found == dict.fromkeys(written, "a cat, très")


def test_text_chunks_are_read() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", "a cat", zip=True)
    notes.add_itxt("Description", "a fox", "en", "Description")
    notes.add_text("Late", "late")

    info = decode(encoded(quarters(), "PNG", pnginfo=notes)).metadata.info

    assert info == {"parameters": "a cat", "Description": "a fox", "Late": "late"}


def test_copies_of_whole_exif_blocks_are_left_out() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Raw profile type exif", "45786966")

    assert decode(encoded(quarters(), "PNG", pnginfo=notes)).metadata.info == {}


def test_a_comment_of_a_jpeg_or_gif_is_read() -> None:
    found = [
        decode(encoded(quarters(), name, comment=b"a cat")).metadata.info["comment"]
        for name in ("JPEG", "GIF")
    ]

    assert found == ["a cat", "a cat"]


def test_notes_are_bounded() -> None:
    notes = PngImagePlugin.PngInfo()
    for number in range(100):
        notes.add_text(f"note {number}", "x" * (MAX_NOTE_LENGTH + 1), zip=True)

    info = decode(encoded(quarters(), "PNG", pnginfo=notes)).metadata.info

    assert (len(info), max(map(len, info.values()))) == (MAX_NOTES, MAX_NOTE_LENGTH)


def test_graphs_in_make_and_model_are_notes() -> None:
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = 'workflow:{"links": []}', 'prompt:{"1": {}}'

    info = opened(exif, "WEBP").info

    assert info == {"workflow": '{"links": []}', "prompt": '{"1": {}}'}
