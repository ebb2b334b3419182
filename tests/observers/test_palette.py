import numpy as np
import pytest

from imagetoprompt.core.measurements import Palette
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture
from imagetoprompt.observers import palette


def _stripes(*stripes: tuple[str, int]) -> Picture:
    """Vertical stripes of (hex, width), 60 high."""
    rows = [
        np.tile(np.array(list(bytes.fromhex(text[1:])), np.uint8), (60, width, 1))
        for text, width in stripes
    ]
    pixels = np.concatenate(rows, axis=1)
    return Picture(pixels, (pixels.shape[1], 60), "")


def _seen(*stripes: tuple[str, int]) -> tuple[Observation, Palette]:
    (claim,) = palette.observe(_stripes(*stripes))
    assert isinstance(claim.measurement, Palette)
    return claim, claim.measurement


def test_swatches_are_the_colors_by_area() -> None:
    _, measured = _seen(("#0E4A50", 20), ("#C0561A", 70), ("#E9E6E0", 10))
    assert [(swatch.hex, swatch.name) for swatch in measured.swatches] == [
        ("#C0561A", "burnt orange"),
        ("#0E4A50", "deep teal"),
        ("#E9E6E0", "off-white"),
    ]


def test_areas_are_shares_of_the_picture() -> None:
    _, measured = _seen(("#0E4A50", 30), ("#C0561A", 70))
    assert [swatch.area for swatch in measured.swatches] == pytest.approx([0.7, 0.3], abs=0.01)


def test_at_most_eight_swatches() -> None:
    colors = [f"#{r:02X}{g:02X}{b:02X}" for r in (0, 255) for g in (0, 128, 255) for b in (0, 255)]
    _, measured = _seen(*((text, 10) for text in colors))
    assert len(measured.swatches) == 8


def test_a_small_colorful_spot_is_an_accent() -> None:
    pixels = np.full((100, 100, 3), 140, np.uint8)
    pixels[40:48, 40:48] = (210, 30, 30)
    (claim,) = palette.observe(Picture(pixels, (100, 100), ""))
    assert isinstance(claim.measurement, Palette)
    assert [swatch.accent for swatch in claim.measurement.swatches] == [False, True]


def test_a_small_gray_spot_is_left_out() -> None:
    pixels = np.full((100, 100, 3), 140, np.uint8)
    pixels[40:48, 40:48] = 30
    (claim,) = palette.observe(Picture(pixels, (100, 100), ""))
    assert isinstance(claim.measurement, Palette)
    assert len(claim.measurement.swatches) == 1


def test_one_pixel_has_one_swatch() -> None:
    (claim,) = palette.observe(Picture(np.full((1, 1, 3), 90, np.uint8), (1, 1), ""))
    assert isinstance(claim.measurement, Palette)
    assert [swatch.area for swatch in claim.measurement.swatches] == [1.0]


@pytest.mark.parametrize(
    ("stripes", "expected"),
    [
        ((("#7C7C7C", 50), ("#303030", 50)), "achromatic"),
        ((("#6E4528", 50), ("#B77B3E", 50)), "monochrome"),
        ((("#2F9440", 50), ("#1A7F82", 50)), "analogous"),
        ((("#1F7DF2", 50), ("#EF7A1A", 50)), "complementary"),
        ((("#D62424", 34), ("#2F9440", 33), ("#2466DA", 33)), "triadic"),
    ],
)
def test_scheme_is_how_the_hues_go_together(
    stripes: tuple[tuple[str, int], ...], expected: str
) -> None:
    assert _seen(*stripes)[1].scheme == expected


def test_temperature_is_warm_for_orange_and_cool_for_blue() -> None:
    signs = [
        np.sign(_seen((text, 60))[1].temperature) for text in ("#EF7A1A", "#1F7DF2", "#808080")
    ]
    assert signs == [1, -1, 0]


def test_saturation_grows_from_gray_to_primary() -> None:
    saturations = [_seen((text, 60))[1].saturation for text in ("#808080", "#8090B0", "#FF0000")]
    assert saturations[0] == 0
    assert saturations == sorted(saturations)
    assert saturations[2] == 1.0


@pytest.mark.parametrize(
    ("stripes", "expected"),
    [
        ((("#0A0A0A", 50), ("#FFFFFF", 50)), "black and white tones"),
        ((("#0E4A50", 50), ("#F0A52A", 50)), "amber and deep teal palette"),
        ((("#7B5A3C", 30), ("#6E4528", 30), ("#DAC5A0", 40)), "muted brown and sand tones"),
        ((("#36241A", 50), ("#0B0B0C", 50)), "muted dark brown and black tones"),
        ((("#8A8A8A", 90), ("#C9C9C9", 8), ("#D62424", 2)), "gray tones, red accent colors"),
        (
            (("#1F3F75", 25), ("#D62424", 25), ("#3E8E41", 25), ("#F2D024", 25)),
            "green, red, and yellow palette",
        ),
        ((("#1F7DF2", 60), ("#2551C6", 40)), "monochrome blue tones"),
    ],
)
def test_palette_words_describe_the_colors(
    stripes: tuple[tuple[str, int], ...], expected: str
) -> None:
    assert _seen(*stripes)[0].value == expected


def test_the_same_pixels_give_the_same_observation() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (80, 60, 3), dtype=np.uint8)
    first, second = (list(palette.observe(Picture(pixels, (60, 80), ""))) for _ in range(2))
    assert first == second
