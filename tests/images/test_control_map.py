import numpy as np
import pytest

from imagetoprompt.images import control_map
from imagetoprompt.images.picture import Picture, open_picture


def picture(width: int, height: int) -> Picture:
    return open_picture(np.zeros((height, width, 3), np.uint8))


def test_shares_become_samples() -> None:
    drawn = control_map.control_map(picture(3, 1), np.array([[-0.5, 0.5, 2.0]]), "test")
    assert drawn.pixels[0, :, 0].tolist() == [0, 128, 255]


def test_flat_colors_are_not_blended() -> None:
    drawing = np.zeros((2, 2, 3), np.uint8)
    drawing[0, 1] = (10, 200, 30)
    drawn = control_map.control_map(picture(64, 64), drawing, "test", flat=True)
    assert len(np.unique(drawn.pixels.reshape(-1, 3), axis=0)) == 2


def test_a_huge_sheet_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_map, "MAX_PIXELS", 5_000)
    drawn = control_map.control_map(picture(200, 100), np.zeros((10, 20)), "test")
    assert drawn.size == (100, 50)


def test_a_sheet_can_not_be_drawn_on() -> None:
    assert not control_map.control_map(
        picture(4, 4), np.zeros((4, 4)), "test"
    ).pixels.flags.writeable
