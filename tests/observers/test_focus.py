import numpy as np
import pytest
from tests.analysis.synthetic_pictures import Pixels, leaves, picture, portrait, smeared

from imagetoprompt.core.measurements import Focus
from imagetoprompt.core.scene import Observation
from imagetoprompt.observers.focus import observe


def claim(pixels: np.ndarray | Pixels) -> tuple[Observation, Focus]:
    only, *_ = observe(picture(pixels))
    assert isinstance(only.measurement, Focus)
    return only, only.measurement


def test_a_shallow_field_is_worded() -> None:
    said, measured = claim(portrait(14))
    assert (measured.depth_of_field, measured.subject_sharp) == ("shallow", True)
    assert said.value == "shallow depth of field, blurred background"


@pytest.mark.parametrize(("angle", "word"), [(0, "horizontal"), (90, "vertical")])
def test_motion_is_worded_with_its_direction(angle: float, word: str) -> None:
    said, measured = claim(smeared(leaves(), 18, angle))
    assert said.value == f"{word} motion blur"
    assert measured.motion > 0


def test_what_is_still_has_no_angle() -> None:
    _, measured = claim(leaves())
    assert (measured.motion, measured.motion_angle) == (0.0, None)


def test_nothing_is_said_of_a_flat_picture() -> None:
    said, _ = claim(np.full((120, 160, 3), 120.0))
    assert said.value == ""


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 2000, 3), (2000, 3, 3)])
def test_odd_shapes_are_measured(shape: tuple[int, int, int]) -> None:
    said, _ = claim(np.full(shape, 10.0))
    assert said.value == ""
