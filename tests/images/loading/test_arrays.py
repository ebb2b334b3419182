import numpy as np
import pytest
from numpy.typing import NDArray

from imagetoprompt.errors import NotAPictureError
from imagetoprompt.images.loading.decode import from_array


@pytest.mark.parametrize(
    "array",
    [
        np.full((2, 3), 255, np.uint8),
        np.full((2, 3), 65535, np.uint16),
        np.full((2, 3), 65535, ">u2"),
        np.ones((2, 3), np.float64),
        np.ones((2, 3), np.bool_),
        np.ones((2, 3, 1), np.float32),
        np.full((2, 3, 3), 255, np.uint8),
        np.full((2, 3, 4), 255, np.uint8),
        np.full((3, 2, 3), 255, np.uint8).transpose(1, 0, 2),
    ],
)
def test_white_in_every_shape_and_type_is_white(array: NDArray[np.generic]) -> None:
    decoded = from_array(array)

    assert decoded.pixels.tolist() == [[[255, 255, 255]] * 3] * 2
    assert (decoded.size, decoded.pixels.dtype.name) == ((3, 2), "uint8")


def test_a_transparent_array_is_gray() -> None:
    assert from_array(np.zeros((1, 1, 4), np.uint8)).pixels.tolist() == [[[128, 128, 128]]]


def test_later_changes_of_the_array_do_not_reach_the_picture() -> None:
    array = np.zeros((2, 2, 3), np.uint8)
    decoded = from_array(array)

    array[:] = 255

    assert decoded.pixels.max() == 0


@pytest.mark.parametrize("shape", [(3,), (2, 3, 2), (2, 3, 5), (1, 2, 3, 3)])
def test_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(NotAPictureError, match="is not a picture: give height x width"):
        from_array(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0, 3)])
def test_an_empty_array_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(NotAPictureError, match="has no pixels"):
        from_array(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("kind", [np.int32, np.complex64])
def test_another_type_is_refused(kind: type[np.generic]) -> None:
    with pytest.raises(NotAPictureError, match="give uint8, uint16, or floats from 0 to 1"):
        from_array(np.zeros((2, 2), kind))


@pytest.mark.parametrize("value", [255.0, -1.0, np.nan])
def test_floats_beyond_their_range_are_refused(value: float) -> None:
    with pytest.raises(NotAPictureError, match="Float samples run from 0 to 1"):
        from_array(np.full((2, 2), value))


def test_floats_that_overshoot_a_little_are_clipped() -> None:
    assert from_array(np.array([[1.004, -0.004]])).pixels[0, :, 0].tolist() == [255, 0]
