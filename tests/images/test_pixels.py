import cv2
import numpy as np
import pytest

from imagetoprompt.images.filters import difference_of_gaussians, guided_filter, luma, resized

EDGE = np.repeat(np.where(np.arange(64) < 32, 40, 220).astype(np.uint8)[None], 48, axis=0)
PICTURE = np.ascontiguousarray(np.repeat(EDGE[..., None], 3, axis=2))


def test_a_resized_array_has_the_size_and_is_itself_when_it_has_it_already() -> None:
    assert resized(PICTURE, (64, 48)) is PICTURE
    assert resized(PICTURE, (32, 24)).shape == (24, 32, 3)
    assert resized(EDGE, (128, 96)).shape == (96, 128)


def test_a_smaller_size_averages_and_a_larger_one_uses_the_given_method() -> None:
    stripes = np.tile(np.array([0, 200], np.uint8), (4, 4))
    assert (resized(stripes, (4, 2)) == 100).all()
    larger = resized(EDGE, (128, 96), enlarge=cv2.INTER_NEAREST)
    assert set(np.unique(larger)) == {40, 220}


def test_luma_weighs_green_most() -> None:
    red, green, blue = luma(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8))[0]
    assert green > red > blue


@pytest.mark.parametrize("scale", [1, 2])
def test_the_guided_filter_moves_a_border_onto_the_edge_of_the_guide(scale: int) -> None:
    blurred = cv2.GaussianBlur((EDGE > 100).astype(np.float32), (0, 0), 4)
    large = resized(PICTURE, (64 * scale, 48 * scale), enlarge=cv2.INTER_NEAREST)
    sharp = guided_filter(blurred, PICTURE, 6, 0.03, large if scale > 1 else None)
    assert sharp.shape == large.shape[:2]
    edge = 32 * scale
    step = sharp[24 * scale, edge] - sharp[24 * scale, edge - 1]
    assert step > 3 * (blurred[24, 32] - blurred[24, 31])


def test_a_dark_line_has_a_negative_difference_of_gaussians() -> None:
    page = np.ones((40, 40), np.float32)
    page[20] = 0
    lines = difference_of_gaussians(page, 1.0)
    assert lines[20, 20] < -0.1
    assert abs(lines[5, 20]) < 0.01
