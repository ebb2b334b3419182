import numpy as np
import pytest
from tests.analysis.synthetic_pictures import landscape, leaves, picture

from imagetoprompt.analysis.horizon import horizon


@pytest.mark.parametrize("level", [0.25, 0.5, 0.7])
def test_the_height_of_a_horizon_is_found(level: float) -> None:
    line = horizon(picture(landscape(level)))
    assert line is not None
    assert line.height == pytest.approx(level, abs=0.02)
    assert line.confidence > 0.5


@pytest.mark.parametrize("roll", [-10.0, -4.0, 6.0])
def test_the_tilt_is_positive_when_it_falls_to_the_right(roll: float) -> None:
    line = horizon(picture(landscape(0.5, roll)))
    assert line is not None
    assert line.tilt == pytest.approx(roll, abs=1.5)


def test_leaves_have_no_horizon() -> None:
    line = horizon(picture(leaves()))
    assert line is not None
    assert line.confidence < 0.5


def test_a_tiny_picture_has_none() -> None:
    assert horizon(picture(np.zeros((10, 10, 3)))) is None
