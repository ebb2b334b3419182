import hashlib
import io
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.images.loading.encoded_images import corners, encoded, quarters

from imagetoprompt.errors import NotAPictureError, PictureError, TooLargeError
from imagetoprompt.images.picture import Picture, Source, open_picture
from imagetoprompt.settings import settings

DATA = encoded(quarters(), "PNG")
UPRIGHT = ["red", "green", "blue", "white"]


def from_path(folder: Path) -> Source:
    path = folder / "picture.png"
    path.write_bytes(DATA)
    return path


SOURCES: dict[str, Callable[[Path], Any]] = {
    "a path": from_path,
    "a path as text": lambda folder: str(from_path(folder)),
    "bytes": lambda folder: DATA,
    "a bytearray": lambda folder: bytearray(DATA),
    "a file object": lambda folder: io.BytesIO(DATA),
    "a PIL image": lambda folder: quarters(),
    "a PIL image of a file": lambda folder: Image.open(io.BytesIO(DATA)),
    "an array": lambda folder: np.asarray(quarters()),
    "a Picture": lambda folder: open_picture(DATA),
}


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_opens_to_the_same_pixels(source: str, tmp_path: Path) -> None:
    picture = open_picture(SOURCES[source](tmp_path))

    assert (corners(picture.pixels), picture.size) == (UPRIGHT, (48, 32))


class Stdin:
    """A standard input of given bytes."""

    def __init__(self, data: bytes, terminal: bool = False) -> None:
        self.buffer = io.BytesIO(data)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def test_standard_input_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(DATA))

    assert open_picture("-").size == (48, 32)


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        (Stdin(b""), "^Standard input is empty: give a picture.$"),
        (Stdin(b"", terminal=True), "^Standard input is a terminal: pipe a picture into it"),
    ],
)
def test_standard_input_without_a_picture_is_refused(
    monkeypatch: pytest.MonkeyPatch, stdin: Stdin, message: str
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)

    with pytest.raises(PictureError, match=message):
        open_picture("-")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(PictureError, match=r"^There is no file 'nowhere\.jpg': check the path\.$"):
        open_picture("nowhere.jpg")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="is a folder: give one of the pictures in it"):
        open_picture(tmp_path)


@pytest.mark.parametrize("name", ["\0", "x" * 5000])
def test_a_path_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(PictureError, match="cannot be read"):
        open_picture(name)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()

    with pytest.raises(PictureError, match="is empty: give a picture"):
        open_picture(tmp_path / "empty.jpg")


def test_empty_bytes_are_refused() -> None:
    with pytest.raises(PictureError, match="is empty: give a picture"):
        open_picture(b"")


def test_a_file_object_of_text_is_refused() -> None:
    with pytest.raises(PictureError, match=r"open it in binary mode \('rb'\)"):
        open_picture(io.StringIO("text"))  # type: ignore[arg-type]


def test_anything_else_is_refused_by_its_kind() -> None:
    with pytest.raises(PictureError, match=r"^A dict is not a picture: give a path, a URL, bytes"):
        open_picture({})  # type: ignore[arg-type]


@pytest.fixture
def one_kilobyte(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("IMAGETOPROMPT_MAX_MEGABYTES", "0.001")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("one_kilobyte")
@pytest.mark.parametrize("source", ["bytes", "file", "path"])
def test_too_many_bytes_are_refused(source: str, tmp_path: Path) -> None:
    data = DATA + b"\0" * 1000
    (tmp_path / "a.png").write_bytes(data)
    given: dict[str, Any] = {"bytes": data, "file": io.BytesIO(data), "path": tmp_path / "a.png"}

    with pytest.raises(TooLargeError, match=r"more than 0\.001 MB: shrink it, or raise IMAGETOP"):
        open_picture(given[source])


@pytest.mark.usefixtures("one_kilobyte")
def test_no_more_is_read_than_is_allowed() -> None:
    file = io.BytesIO(b"\0" * 100_000)

    with pytest.raises(TooLargeError):
        open_picture(file)

    assert file.tell() == 1001


def test_the_digest_is_that_of_the_file() -> None:
    assert open_picture(DATA).digest == hashlib.sha256(DATA).hexdigest()


def test_arrays_of_the_same_samples_and_another_shape_differ() -> None:
    samples = np.zeros(24, np.uint8)

    tall, wide = (open_picture(samples.reshape(shape)) for shape in [(4, 2, 3), (2, 4, 3)])

    assert tall.digest != wide.digest


def test_a_pil_image_is_left_as_it_was() -> None:
    image = quarters().convert("P")
    exif = image.getexif()
    exif[0x0112] = 6

    picture = open_picture(image)

    assert (picture.size, image.size, image.mode) == ((32, 48), (48, 32), "P")


@pytest.mark.parametrize(
    "mode", ["1", "L", "P", "RGB", "RGBA", "RGBX", "LA", "PA", "CMYK", "YCbCr", "LAB", "HSV"]
)
def test_every_mode_of_pil_is_read(mode: str) -> None:
    black = Image.new("RGB", (4, 4))
    image = Image.new("LAB", (4, 4), (0, 128, 128)) if mode == "LAB" else black.convert(mode)

    assert int(open_picture(image).pixels.max()) <= 1


def test_a_pil_image_that_cannot_be_loaded_is_refused() -> None:
    image = Image.open(io.BytesIO(encoded(quarters((400, 400)), "JPEG")[:900]))

    with pytest.raises(NotAPictureError, match="damaged or cut short"):
        open_picture(image)


def test_a_smaller_copy_is_made_once_and_cannot_be_written() -> None:
    picture = open_picture(np.zeros((100, 400, 3), np.uint8))

    small = picture.at(100)

    assert (small.shape, small.flags.writeable) == ((25, 100, 3), False)
    assert picture.at(100) is small


def test_a_copy_is_never_enlarged() -> None:
    picture = open_picture(np.zeros((10, 20, 3), np.uint8))

    assert picture.at(100) is picture.pixels


def test_a_thin_picture_keeps_a_pixel() -> None:
    assert open_picture(np.zeros((3, 4000), np.uint8)).at(256).shape == (1, 256, 3)


def test_what_was_made_once_is_kept_with_the_picture() -> None:
    picture: Picture = open_picture(DATA)
    made: list[int] = []

    for _ in range(2):
        picture.once("key", lambda: made.append(1))

    assert made == [1]


def test_making_one_thing_does_not_hold_up_another() -> None:
    picture = open_picture(np.zeros((8, 8, 3), np.uint8))
    begun, other_made = Event(), Event()

    def slow() -> bool:
        begun.set()
        return other_made.wait(10)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(picture.once, "slow", slow)
        begun.wait(10)
        picture.once("quick", other_made.set)
    assert first.result() is True


def test_a_reduced_picture_has_all_its_pixels_at_full_size() -> None:
    image = quarters((3600, 2400))
    picture = open_picture(encoded(image, "JPEG", quality=95, subsampling=0))

    full = picture.full_size()

    assert picture.pixels.shape == (1200, 1800, 3)
    assert full.pixels.shape == (2400, 3600, 3)
    assert (full.size, full.digest) == (picture.size, picture.digest)
    assert full.full_size() is full


def test_a_small_opaque_picture_is_its_own_full_size() -> None:
    picture = open_picture(encoded(quarters(), "PNG"))
    assert picture.full_size() is picture
    assert picture.alpha is None


def test_transparency_is_kept_beside_colors_that_are_not_mixed_with_gray() -> None:
    image = Image.new("RGBA", (40, 30), (200, 10, 20, 128))
    image.paste((9, 9, 9, 0), (0, 0, 20, 30))

    picture = open_picture(encoded(image, "PNG"))
    full = picture.full_size()

    assert full.alpha is not None
    assert full.alpha[0].tolist() == [0] * 20 + [128] * 20
    assert full.pixels[0, 30].tolist() == [200, 10, 20]
    assert picture.pixels[0, 30].tolist() == [164, 69, 74]
    # What is hidden below nothing stays hidden.
    assert full.pixels[0, 0].tolist() == [128, 128, 128]
    assert full.to_image().mode == "RGBA"


def test_a_picture_made_with_alpha_shows_it_on_gray() -> None:
    pixels, alpha = np.full((8, 8, 3), 250, np.uint8), np.zeros((8, 8), np.uint8)
    alpha[:, 4:] = 255

    picture = Picture.from_pixels(pixels, alpha=alpha)

    assert picture.pixels[0, 7].tolist() == [250, 250, 250]
    assert picture.pixels[0, 0].tolist() != [250, 250, 250]
    assert (picture.full_size().pixels == 250).all()
