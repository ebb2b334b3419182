import numpy as np
import pytest
from tests.analysis.synthetic_pictures import leaves, out_of_focus, picture

from imagetoprompt.analysis.blur import blur_map


def median_blur(pixels: np.ndarray) -> float:
    measured = blur_map(picture(pixels))
    return float(np.median(measured.sigma[measured.weight > 2]))


@pytest.mark.parametrize(
    ("diameter", "low", "high"), [(5, 0.9, 1.8), (9, 1.8, 3.4), (17, 3.4, 6.5)]
)
def test_the_blur_of_a_disc_is_about_a_quarter_of_its_diameter(
    diameter: int, low: float, high: float
) -> None:
    canvas = np.full((288, 384, 3), 60.0)
    canvas[:, 100:280] = 190.0
    assert low < median_blur(out_of_focus(canvas, diameter)) < high


def test_a_sharp_picture_has_almost_no_blur() -> None:
    assert median_blur(leaves()) < 1.0


def test_only_the_blurred_half_is_blurred() -> None:
    canvas = leaves()
    canvas[:, 192:] = out_of_focus(leaves(5), 13)[:, 192:]
    blur = blur_map(picture(canvas)).sigma
    middle = blur.shape[1] // 2
    assert np.median(blur[:, : middle - 1]) * 2 < np.median(blur[:, middle + 1 :])


def test_noise_is_measured_in_gray_levels() -> None:
    rng = np.random.default_rng(0)
    flat = np.full((200, 300, 3), 120.0) + rng.normal(0, 4, (200, 300, 1))
    assert blur_map(picture(flat)).noise == pytest.approx(4.0, abs=0.7)


def test_noise_on_a_flat_wall_is_not_structure() -> None:
    rng = np.random.default_rng(0)
    flat = np.full((200, 300, 3), 120.0) + rng.normal(0, 4, (200, 300, 1))
    measured = blur_map(picture(flat))
    assert float(np.median(measured.weight)) < 1.0


@pytest.mark.parametrize("shape", [(1, 1, 3), (4, 3000, 3), (3, 5, 3)])
def test_odd_shapes_are_measured(shape: tuple[int, int, int]) -> None:
    assert np.isfinite(blur_map(picture(np.full(shape, 90.0))).sigma).all()
