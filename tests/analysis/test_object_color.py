import numpy as np
import pytest

from imagetoprompt.analysis.dominant_colors import object_color
from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture

BOX: Box = (0.3, 0.3, 0.4, 0.4)


def picture(thing: tuple[int, int, int], ground: tuple[int, int, int] = (120, 125, 120)) -> Picture:
    """A thing of one color in the middle of a ground of another."""
    pixels = np.full((100, 100, 3), ground, np.uint8)
    pixels[30:70, 30:70] = thing
    return Picture(pixels, (100, 100), "")


@pytest.mark.parametrize(
    ("color", "word"),
    [
        ((200, 30, 35), "red"),
        ((240, 120, 20), "orange"),
        ((245, 215, 40), "yellow"),
        ((40, 150, 60), "green"),
        ((40, 80, 200), "blue"),
        ((120, 50, 170), "purple"),
        ((245, 90, 170), "pink"),
    ],
)
def test_a_plain_color_is_named(color: tuple[int, int, int], word: str) -> None:
    assert object_color(picture(color), BOX) == word


@pytest.mark.parametrize("color", [(15, 15, 15), (128, 128, 128), (250, 250, 250), (95, 60, 35)])
def test_gray_and_brown_are_not_named(color: tuple[int, int, int]) -> None:
    assert object_color(picture(color), BOX) == ""


def test_red_is_not_named_in_a_red_room() -> None:
    assert object_color(picture((200, 30, 35), (190, 40, 45)), BOX) == ""


def test_a_box_of_no_size_is_a_pixel() -> None:
    assert object_color(picture((200, 30, 35)), (0.5, 0.5, 0.0, 0.0)) == "red"
