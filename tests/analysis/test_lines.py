import numpy as np
import pytest
from tests.analysis.synthetic_pictures import facade, picture

from imagetoprompt.analysis.lines import directions, line_segments, vertical_lines


def test_upright_lines_are_upright() -> None:
    found = directions(line_segments(picture(facade())))
    assert np.abs(np.abs(found) - 90).max() < 1.0


@pytest.mark.parametrize("lean", [-6.0, 0.0, 5.0])
def test_the_roll_is_that_of_the_uprights(lean: float) -> None:
    found = vertical_lines(picture(facade(lean)))
    assert found is not None
    assert found.roll == pytest.approx(lean, abs=0.7)


def test_lines_that_meet_above_converge() -> None:
    found = vertical_lines(picture(facade(converging=8.0)))
    assert found is not None
    assert found.convergence == pytest.approx(16.0, abs=3.0)


def test_an_empty_picture_has_no_uprights() -> None:
    assert vertical_lines(picture(np.full((200, 200, 3), 99.0))) is None
