import numpy as np
import pytest
from tests.analysis.synthetic_pictures import Pixels, body, landscape, leaves, mirrored, picture

from imagetoprompt.core.measurements import Composition
from imagetoprompt.core.scene import Observation
from imagetoprompt.observers.composition import MAX_CLAUSES, observe


def claim(pixels: np.ndarray | Pixels) -> tuple[Observation, Composition]:
    only, *_ = observe(picture(pixels))
    assert isinstance(only.measurement, Composition)
    return only, only.measurement


@pytest.mark.parametrize(
    ("across", "layout"), [(1 / 3, "rule of thirds"), (0.5, "centered"), (2 / 3, "rule of thirds")]
)
def test_the_place_of_a_body_is_named(across: float, layout: str) -> None:
    assert layout in claim(body(across))[1].layout


def test_the_box_is_in_fractions() -> None:
    box = claim(body(0.3))[1].subject_box
    assert box is not None
    assert box[0] + box[2] / 2 == pytest.approx(0.3, abs=0.03)


def test_a_mirrored_picture_is_symmetric() -> None:
    said, measured = claim(mirrored(leaves()))
    assert "symmetric" in measured.layout
    assert "symmetrical composition" in said.value


def test_the_horizon_is_a_fraction_from_the_top() -> None:
    assert claim(landscape(0.6))[1].horizon == pytest.approx(0.6, abs=0.02)


def test_leaves_have_no_horizon() -> None:
    assert claim(leaves())[1].horizon is None


def test_at_most_three_clauses_are_said() -> None:
    said, _ = claim(mirrored(body(0.5)))
    assert len(said.value.split(", ")) <= MAX_CLAUSES


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 2000, 3), (2000, 3, 3)])
def test_odd_shapes_say_nothing_of_layout(shape: tuple[int, int, int]) -> None:
    assert claim(np.full(shape, 10.0))[1].layout == ()
