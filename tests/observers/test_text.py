import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from imagetoprompt.core.measurements import Text
from imagetoprompt.images.picture import Picture
from imagetoprompt.observers import text

Lines = list[tuple[str, int, tuple[int, int]]]


def written(lines: Lines, angle: float = 0.0) -> Picture:
    """A gray picture of 900 x 600 with lines of (words, size, place), turned counter-clockwise."""
    image = Image.new("RGB", (900, 600), (150, 150, 140))
    draw = ImageDraw.Draw(image)
    for words, size, place in lines:
        draw.text(place, words, fill=(20, 20, 40), font=ImageFont.load_default(size))
    pixels = np.asarray(
        image.rotate(angle, fillcolor=(150, 150, 140), resample=Image.Resampling.BICUBIC)
    )
    return Picture(pixels, (900, 600), "")


def words(picture: Picture) -> list[str]:
    return [claim.value for claim in text.observe(picture)]


@pytest.mark.parametrize("size", [24, 40, 90])
def test_words_are_read_as_they_stand(size: int) -> None:
    assert words(written([("Mind the Gap", size, (60, 200))])) == ["Mind the Gap"]


@pytest.mark.parametrize("angle", [-20, 10, 90])
def test_words_are_read_at_an_angle(angle: float) -> None:
    assert words(written([("OPEN LATE", 60, (280, 260))], angle)) == ["OPEN LATE"]


def test_lines_come_in_reading_order() -> None:
    lines: Lines = [("Second", 50, (500, 100)), ("First", 50, (80, 105)), ("Third", 70, (80, 350))]
    assert words(written(lines)) == ["First", "Second", "Third"]


def test_each_line_has_its_box() -> None:
    (claim,) = text.observe(written([("HARBOR", 80, (90, 120))]))
    assert isinstance(claim.measurement, Text)
    assert claim.measurement.box == pytest.approx((0.1, 0.2, 0.38, 0.15), abs=0.04)


def test_clear_words_are_certain() -> None:
    (claim,) = text.observe(written([("HARBOR", 80, (90, 120))]))
    assert claim.confidence > 0.9


def test_no_more_than_a_dozen_lines() -> None:
    page: Lines = [(f"Line number {row}", 26, (60, 10 + 38 * row)) for row in range(15)]
    assert len(words(written(page))) == text.MAX_TEXT_LINES


def test_a_flat_picture_says_nothing() -> None:
    assert words(written([])) == []


def test_noise_says_nothing() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (300, 400, 3)).astype(np.uint8)
    assert words(Picture(noise, (400, 300), "")) == []


def test_stripes_say_nothing() -> None:
    stripes = np.zeros((300, 400, 3), np.uint8)
    for x in range(0, 400, 20):
        cv2.rectangle(stripes, (x, 0), (x + 9, 300), (255, 255, 255), -1)
    assert words(Picture(stripes, (400, 300), "")) == []


@pytest.mark.parametrize("size", [(1, 1), (3, 400), (400, 3)])
def test_odd_shapes_say_nothing(size: tuple[int, int]) -> None:
    pixels = np.full((*size[::-1], 3), 90, np.uint8)
    assert words(Picture(pixels, size, "")) == []


def test_words_cut_by_the_edge_are_less_certain() -> None:
    whole, cut = (list(text.observe(written([("PARKING", 80, (x, 250))]))) for x in (300, -32))
    assert whole[0].confidence > 0.9
    assert all(claim.confidence <= text.CUT_LINE_FACTOR for claim in cut)
