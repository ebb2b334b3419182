"""What holds for every control."""

import cv2
import numpy as np
import pytest

from imagetoprompt.controls import CONTROLS
from imagetoprompt.errors import UnknownNameError
from imagetoprompt.images.picture import open_picture

CAT = "examples/cat.jpg"


@pytest.mark.parametrize("kind", CONTROLS.names())
def test_a_map_is_as_large_as_the_picture(kind: str) -> None:
    picture = open_picture(CAT)
    drawn = CONTROLS[kind].draw(picture)
    assert (drawn.size, drawn.pixels.shape) == (picture.size, (*picture.size[::-1], 3))


@pytest.mark.parametrize("kind", CONTROLS.names())
def test_the_same_picture_gives_the_same_map(kind: str) -> None:
    maps = [CONTROLS[kind].draw(open_picture(CAT)) for _ in range(2)]
    assert maps[0].digest == maps[1].digest


@pytest.mark.parametrize("kind", CONTROLS.names())
@pytest.mark.parametrize("size", [(1, 1), (400, 3), (3, 400), (500, 33)])
def test_odd_shapes_are_drawn(kind: str, size: tuple[int, int]) -> None:
    flat = np.full((size[1], size[0], 3), 90, np.uint8)
    assert CONTROLS[kind].draw(open_picture(flat)).size == size


@pytest.mark.parametrize("kind", ["canny", "softedge", "lineart", "scribble"])
def test_lines_are_bright_on_black(kind: str) -> None:
    disc = np.full((300, 400, 3), 220, np.uint8)
    cv2.circle(disc, (200, 150), 80, (40, 60, 90), -1)
    drawn = CONTROLS[kind].draw(open_picture(disc)).pixels[:, :, 0]
    rows, columns = np.nonzero(drawn > 127)
    away = np.abs(np.hypot(rows - 150, columns - 200) - 80)
    assert (len(rows) > 200, int(drawn[10, 10]), bool(away.max() < 8)) == (True, 0, True)


@pytest.mark.parametrize("kind", ["canny", "softedge", "lineart", "scribble"])
def test_a_plain_picture_has_no_lines(kind: str) -> None:
    plain = np.full((200, 300, 3), 120, np.uint8)
    assert int(CONTROLS[kind].draw(open_picture(plain)).pixels.max()) == 0


def test_a_map_says_how_it_was_drawn() -> None:
    drawn = CONTROLS["depth"].draw(open_picture(CAT))
    assert dict(drawn.metadata.info) == {"control": "depth by rough guess"}


def test_an_unknown_control_names_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"No control named .edges.\. There are: canny, "):
        CONTROLS["edges"]
