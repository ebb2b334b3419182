from pathlib import Path

import numpy as np
import pytest

from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture, open_picture
from imagetoprompt.observers import medium

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def seen(name: str) -> Observation:
    claim, *_ = medium.observe(open_picture(EXAMPLES / name))
    return claim


def tinted(red: float, green: float, blue: float) -> Picture:
    """A ramp from black to white in one tint."""
    ramp = np.tile(np.linspace(0, 255, 64), (64, 1))[..., None]
    pixels = (ramp * (red, green, blue)).clip(0, 255).astype(np.uint8)
    return Picture(pixels, (64, 64), "")


@pytest.mark.parametrize("name", ["coffee.jpg", "cat.jpg", "astronaut.jpg", "rocket.jpg"])
def test_a_photograph_is_a_photograph(name: str) -> None:
    assert seen(name).value == "photograph"


def test_a_photograph_without_color_is_black_and_white() -> None:
    assert seen("photographer.jpg").value == "black-and-white photograph"


def test_a_drawn_poster_is_no_photograph() -> None:
    claim = seen("poster.jpg")

    assert not (claim.value == "photograph" and claim.confidence >= 0.8)


@pytest.mark.parametrize(
    ("tint", "expected"),
    [((1, 1, 1), "gray"), ((1, 0.9, 0.75), "tinted"), ((0.6, 0.8, 1), "color")],
)
def test_tone_is_measured(tint: tuple[float, float, float], expected: str) -> None:
    assert medium.print_tone(tinted(*tint)) == expected


def test_a_picture_of_two_hues_has_color() -> None:
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:32] = (200, 120, 40)
    pixels[32:] = (40, 120, 200)

    assert medium.print_tone(Picture(pixels, (64, 64), "")) == "color"


def test_one_small_colored_thing_in_gray_is_color() -> None:
    pixels = np.full((64, 64, 3), 128, np.uint8)
    pixels[20:28, 20:28] = (40, 80, 200)

    assert medium.print_tone(Picture(pixels, (64, 64), "")) == "color"


def test_sand_of_one_color_is_no_old_print() -> None:
    shades = np.linspace(0.7, 0.9, 64)[None, :, None] * np.ones((64, 1, 1))

    assert (
        medium.print_tone(Picture((shades * (230, 190, 120)).astype(np.uint8), (64, 64), ""))
        == "color"
    )


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_plain_color_has_no_medium(shade: int) -> None:
    pixels = np.full((300, 400, 3), shade, np.uint8)
    claim, *_ = medium.observe(Picture(pixels, (400, 300), ""))

    assert claim.confidence < 0.6
