import numpy as np
import pytest

from imagetoprompt.images import color


def _hex(text: str) -> np.ndarray:
    return color.from_hex(text)


@pytest.mark.parametrize("text", ["#000000", "#FFFFFF", "#12AB9F", "#FF0000", "#7C7C7C"])
def test_oklab_comes_back_as_the_same_hex(text: str) -> None:
    assert color.to_hex(_hex(text)) == text


def test_encoding_is_the_inverse_of_decoding_for_every_byte() -> None:
    values = np.arange(256, dtype=np.uint8)
    assert np.round(color.to_srgb(color.to_linear(values)) * 255).astype(int).tolist() == [
        *range(256)
    ]


def test_white_is_one_in_oklab_and_has_no_chroma() -> None:
    white = _hex("#FFFFFF")
    assert white.round(3).tolist() == [1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # from the supplementary data of Sharma, Wu and Dalal, 2005
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_difference_is_that_of_the_published_pairs(
    one: tuple[float, ...], other: tuple[float, ...], expected: float
) -> None:
    assert round(float(color.ciede2000(np.array(one), np.array(other))), 4) == expected


@pytest.mark.parametrize("kelvin", [2500, 4000, 5500, 6500, 9000])
def test_kelvin_of_blackbody_light_is_its_temperature(kelvin: int) -> None:
    assert color.color_temperature(color.blackbody_rgb(kelvin)) == pytest.approx(kelvin, rel=0.01)


def test_kelvin_of_a_blue_beyond_the_formula_is_the_coolest_told() -> None:
    assert color.color_temperature(np.array([0.0, 0.05, 1.0])) == 12000.0


def test_lab_of_white_is_one_hundred() -> None:
    assert color.cielab(np.ones(3)).round(1).tolist() == [100.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#000000", "black"),
        ("#FFFFFF", "white"),
        ("#808080", "gray"),
        ("#0E4A50", "deep teal"),
        ("#C0561A", "burnt orange"),
        ("#8C857C", "warm gray"),
    ],
)
def test_a_color_has_its_plain_name(text: str, expected: str) -> None:
    assert color.color_name(_hex(text)) == expected
