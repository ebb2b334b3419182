import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from imagetoprompt.analysis.linear_models import image_stats, measure_image_stats
from imagetoprompt.images.picture import Picture

LENGTH = 75


def plain(red: int, green: int, blue: int, size: tuple[int, int] = (96, 128)) -> NDArray[np.uint8]:
    return np.full((*size, 3), (red, green, blue), np.uint8)


@pytest.mark.parametrize("size", [(1, 1), (1, 192), (192, 1), (2, 3), (144, 192)])
def test_every_shape_gives_as_many_finite_numbers(size: tuple[int, int]) -> None:
    numbers = measure_image_stats(plain(90, 120, 30, size))

    assert (len(numbers), bool(np.isfinite(numbers).all())) == (LENGTH, True)


def test_black_and_white_are_the_ends_of_lightness() -> None:
    assert (
        measure_image_stats(plain(0, 0, 0))[3],
        measure_image_stats(plain(255, 255, 255))[3],
    ) == (0, 1)


def test_gray_has_no_color() -> None:
    chroma, colorless = measure_image_stats(plain(128, 128, 128))[[10, 13]]

    assert (round(float(chroma), 2), float(colorless)) == (0, 1)


def test_a_blue_upper_third_is_told_from_a_blue_lower_one() -> None:
    pixels = plain(255, 255, 255)
    pixels[:40] = (60, 120, 220)

    assert measure_image_stats(pixels)[20:22].tolist() == [1, 0]


def test_a_flat_picture_has_no_edges_and_noise_is_nowhere_flat() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (96, 128, 3)).astype(np.uint8)

    assert measure_image_stats(plain(9, 9, 9))[61:65].tolist() == [1, 1, 0, 0]
    assert measure_image_stats(noise)[61] < 0.05


def test_a_large_copy_of_a_picture_looks_the_same() -> None:
    dice = np.random.default_rng(2)
    small = cv2.GaussianBlur(dice.integers(0, 256, (144, 192, 3)).astype(np.uint8), (0, 0), 5)
    large = cv2.resize(small, (768, 576), interpolation=cv2.INTER_CUBIC)
    one, other = (image_stats(Picture(each, (1, 1), "")) for each in (small, large))

    assert float(np.abs(one - other).max()) < 0.15


def test_it_is_measured_once_per_picture() -> None:
    picture = Picture(plain(10, 20, 30), (128, 96), "")

    assert np.array_equal(image_stats(picture), image_stats(picture))
