import numpy as np
import pytest
from PIL import Image
from tests.images.loading.encoded_images import encoded

from imagetoprompt.images.loading.color_management import flatten_alpha
from imagetoprompt.images.loading.decode import decode


def photograph(
    width: int = 200, height: int = 160
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A bright sky over a dark ground, as an array of colors."""
    rows = np.linspace(240, 40, height)[:, None, None]
    return np.broadcast_to(rows, (height, width, 3)).astype(np.uint8)


def test_what_is_opaque_stays_as_it_is() -> None:
    colors = photograph()

    assert np.array_equal(flatten_alpha(colors, np.full(colors.shape[:2], 255, np.uint8)), colors)


def test_what_is_fully_transparent_is_middle_gray() -> None:
    done = flatten_alpha(photograph(), np.zeros((160, 200), np.uint8))

    assert np.unique(done).tolist() == [128]


def test_a_cut_out_stands_on_flat_middle_gray() -> None:
    y, x = np.mgrid[:160, :200]
    alpha = np.where((y - 80) ** 2 + (x - 100) ** 2 < 50**2, 255, 0).astype(np.uint8)

    done = flatten_alpha(photograph(), alpha)

    assert np.unique(done[alpha == 0]).tolist() == [128]
    assert np.array_equal(done[alpha == 255], photograph()[alpha == 255])


def test_margins_are_neutral() -> None:
    colors = np.zeros((160, 200, 3), np.uint8)
    colors[...] = (250, 30, 30)
    alpha = np.zeros((160, 200), np.uint8)
    alpha[10:-10, 10:-10] = 255

    margin = flatten_alpha(colors, alpha)[alpha == 0]

    assert np.ptp(margin, axis=1).max() == 0


@pytest.mark.parametrize("margin", [4, 12])
def test_margins_are_no_frame(margin: int) -> None:
    alpha = np.zeros((160, 200), np.uint8)
    alpha[margin:-margin, margin:-margin] = 255

    done = flatten_alpha(photograph(), alpha).astype(int)

    # Across the left edge of what is seen, the lightness of sky and of ground goes on.
    jump = np.abs(done[margin:-margin, margin - 1, 0] - done[margin:-margin, margin, 0])
    assert jump.max() < 30


def test_far_from_the_picture_the_margin_is_middle_gray() -> None:
    alpha = np.zeros((300, 300), np.uint8)
    alpha[:60, :60] = 255

    done = flatten_alpha(np.full((300, 300, 3), 255, np.uint8), alpha)

    assert abs(int(done[299, 299, 0]) - 128) <= 2


def test_hidden_colors_do_not_show() -> None:
    alpha = np.zeros((160, 200), np.uint8)
    alpha[40:120, 50:150] = 255
    visible = photograph()
    other = visible.copy()
    other[alpha == 0] = (255, 0, 255)

    assert np.array_equal(flatten_alpha(visible, alpha), flatten_alpha(other, alpha))


def test_a_veil_with_a_hole_has_gray_behind_it() -> None:
    alpha = np.full((40, 40), 128, np.uint8)
    alpha[0, 0] = 0

    assert np.unique(flatten_alpha(np.full((40, 40, 3), 255, np.uint8), alpha)).tolist() == [
        128,
        192,
    ]


def test_half_transparent_is_half_gray() -> None:
    image = Image.new("RGBA", (8, 8), (255, 255, 255, 128))

    decoded = decode(encoded(image, "PNG"))

    assert abs(int(decoded.pixels[4, 4, 0]) - 192) <= 1
