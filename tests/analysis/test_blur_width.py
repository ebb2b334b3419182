import numpy as np
import pytest
from tests.analysis.synthetic_pictures import leaves, picture, portrait

from imagetoprompt.analysis.depth_of_field import (
    CELL_PIXELS,
    CELLS_PER_SIDE,
    INPUT_CHANNELS,
    INPUT_SIDE,
    LOG2_DIAMETERS,
    blur_width_probabilities,
    network_input,
    probability_wider,
)
from imagetoprompt.images.picture import Picture


def _probabilities(source: Picture) -> tuple[float, ...]:
    return blur_width_probabilities(source.at(INPUT_SIDE))


def _alone(octave: float) -> tuple[float, ...]:
    return tuple(float(diameter == octave) for diameter in LOG2_DIAMETERS)


def test_the_probabilities_sum_to_one() -> None:
    assert sum(_probabilities(picture(leaves()))) == pytest.approx(1.0, abs=1e-3)


def test_a_blurred_ground_is_wider_than_a_sharp_one() -> None:
    blurred, sharp = (_probabilities(picture(portrait(each))) for each in (17, 1))
    assert probability_wider(blurred, 0.01, 200) > probability_wider(sharp, 0.01, 200)


def test_a_mirrored_picture_is_as_blurred() -> None:
    pixels = portrait(9)
    one, other = (
        _probabilities(picture(pixels)),
        _probabilities(picture(pixels[:, ::-1])),
    )
    # Its last cells may be cut elsewhere.
    assert one == pytest.approx(other, abs=0.05)


@pytest.mark.parametrize(("height", "chance"), [(100, 1.0), (200, 0.5), (400, 0.0)])
def test_what_is_beyond_a_share_depends_on_the_height(height: int, chance: float) -> None:
    assert probability_wider(_alone(1.0), 0.01, height) == pytest.approx(chance)


def test_a_small_picture_is_not_enlarged() -> None:
    seen = network_input(np.zeros((40, 64, 3), np.uint8))
    assert seen.shape == (CELLS_PER_SIDE, CELLS_PER_SIDE, INPUT_CHANNELS)
    assert int(seen[..., -1].sum()) == (40 // CELL_PIXELS) * (64 // CELL_PIXELS)


def test_an_even_change_of_contrast_is_no_blur() -> None:
    pixels = np.asarray(leaves(), np.float64)
    sharp, faint = (
        _probabilities(picture(each)) for each in (pixels, 0.6 * pixels + 0.4 * pixels.mean())
    )
    assert probability_wider(faint, 0.02, 200) == pytest.approx(
        probability_wider(sharp, 0.02, 200), abs=0.2
    )
