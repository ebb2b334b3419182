import numpy as np
import pytest
from tests.analysis.synthetic_pictures import body, picture

from imagetoprompt.analysis.subject_detection import salient_region


@pytest.mark.parametrize("across", [0.3, 0.5, 0.7])
def test_the_box_lies_around_the_body(across: float) -> None:
    found = salient_region(picture(body(across)).at(96))
    assert found is not None
    left, top, width, height = found.box
    assert left + width / 2 == pytest.approx(across, abs=0.03)
    assert (top + height / 2, height) == pytest.approx((0.5, 0.24), abs=0.06)


def test_a_body_that_stands_on_the_border_is_found() -> None:
    found = salient_region(picture(body(0.5, down=0.95, size=0.3)).at(96))
    assert found is not None
    assert found.box[1] + found.box[3] == pytest.approx(1.0, abs=0.03)


def test_nothing_stands_out_of_a_plain_picture() -> None:
    assert salient_region(picture(np.full((90, 120, 3), 140.0)).at(96)) is None
