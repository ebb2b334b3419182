from collections.abc import Iterator

import numpy as np
import pytest

from imagetoprompt.analysis import lighting
from imagetoprompt.analysis.lighting import LightDirection, light_direction
from imagetoprompt.core.measurements import Light
from imagetoprompt.core.scene import Observation
from imagetoprompt.images import color
from imagetoprompt.images.picture import Picture
from imagetoprompt.observers import light


def _picture(light_of_scene: np.ndarray) -> Picture:
    pixels = np.round(color.to_srgb(light_of_scene) * 255).astype(np.uint8)
    return Picture(pixels, (pixels.shape[1], pixels.shape[0]), "")


def _ball(azimuth: float, frontal: float = 0.3) -> Picture:
    """A matte gray ball before a dark wall under one far light, 160 x 160."""
    y, x = np.mgrid[-1.5:1.5:160j, -1.5:1.5:160j]
    inside = x**2 + y**2 < 1
    z = np.sqrt(np.clip(1 - x**2 - y**2, 0, 1))
    side = np.sqrt(1 - frontal**2)
    right, up = side * np.sin(np.radians(azimuth)), side * np.cos(np.radians(azimuth))
    shade = np.clip(x * right - y * up + z * frontal, 0, 1)
    lit = np.where(inside, 0.03 + 0.7 * shade, 0.08)
    return _picture(np.repeat(lit[..., None], 3, axis=2))


def _sun() -> Picture:
    """A white disc at the upper left in a sky that darkens away from it."""
    y, x = np.mgrid[0:120, 0:160]
    far = np.hypot(x - 50, y - 40)
    glow = np.clip(1.2 * np.exp(-np.maximum(far - 6, 0) / 22), 0.03, 1)
    return _picture(np.repeat(np.where(far < 6, 1.0, glow * 0.8)[..., None], 3, axis=2))


def _colorful(kelvin: float) -> Picture:
    """Patches of every hue and lightness under light of one temperature."""
    rng = np.random.default_rng(5)
    albedo = np.repeat(np.repeat(rng.uniform(0.1, 0.7, (8, 8, 3)), 16, axis=0), 16, axis=1)
    return _picture(albedo * color.blackbody_rgb(kelvin) * 0.6)


def _seen(picture: Picture) -> tuple[Observation, Light]:
    claim, *_ = light.observe(picture)
    assert isinstance(claim.measurement, Light)
    return claim, claim.measurement


@pytest.mark.parametrize("azimuth", [0, 45, 90, 270, 315])
def test_azimuth_is_where_the_light_on_a_ball_comes_from(azimuth: int) -> None:
    measured = _seen(_ball(azimuth))[1].azimuth
    assert measured is not None
    assert abs((measured - azimuth + 180) % 360 - 180) < 30


def test_a_mirrored_picture_is_lit_from_the_other_side() -> None:
    pixels = _ball(60).pixels
    one, other = light_direction(pixels), light_direction(np.ascontiguousarray(pixels[:, ::-1]))
    assert one.azimuth == pytest.approx(360 - other.azimuth, abs=0.5)


def test_a_flat_picture_has_no_direction() -> None:
    flat = Picture(np.full((60, 80, 3), 120, np.uint8), (80, 60), "")
    claim, measured = _seen(flat)
    assert measured.azimuth is None
    assert "from" not in claim.value


def test_a_sun_in_the_picture_is_found_and_shines_from_behind() -> None:
    claim, measured = _seen(_sun())
    assert claim.value.split(",")[0].endswith("backlight")
    assert measured.azimuth is not None
    assert 270 < measured.azimuth < 360


def test_a_white_square_is_no_source() -> None:
    pixels = np.full((120, 160, 3), 60, np.uint8)
    pixels[40:60, 40:60] = 255
    assert lighting.visible_source(pixels) is None


@pytest.mark.parametrize(
    ("kelvin", "low", "high"), [(2700, 2000, 4500), (6500, 5000, 8000), (10500, 7500, 12000)]
)
def test_kelvin_is_that_of_the_light_on_a_colorful_scene(kelvin: int, low: int, high: int) -> None:
    assert low < _seen(_colorful(kelvin))[1].kelvin < high


def test_warm_light_is_worded() -> None:
    assert "warm" in _seen(_colorful(2600))[0].value


def test_the_key_is_low_when_nearly_all_is_dark() -> None:
    pixels = np.full((60, 80, 3), 20, np.uint8)
    pixels[20:30, 20:30] = 200
    claim, measured = _seen(Picture(pixels, (80, 60), ""))
    assert measured.key == "low"
    assert "low key" in claim.value


def test_the_key_is_high_when_nothing_is_dark() -> None:
    assert _seen(Picture(np.full((60, 80, 3), 235, np.uint8), (80, 60), ""))[1].key == "high"


def test_contrast_grows_from_flat_to_black_and_white() -> None:
    pictures = [np.full((60, 80, 3), 128, np.uint8) for _ in range(3)]
    pictures[1][:, 40:] = 160
    pictures[2][:, 40:], pictures[2][:, :40] = 255, 0
    contrasts = [lighting.measure_tones(pixels).contrast for pixels in pictures]
    assert contrasts[0] == 0
    assert contrasts == sorted(contrasts)
    assert contrasts[2] == 1.0


def _spread(*weights: tuple[int, float]) -> tuple[float, ...]:
    found = dict(weights)
    return tuple(found.get(i, 0.0) for i in range(24))


def test_the_mean_direction_goes_across_the_top() -> None:
    around = LightDirection(_spread((23, 0.5), (1, 0.5)), (0.2,) * 5, (1.0, 0.0, 0.0))
    assert min(around.azimuth, 360 - around.azimuth) == pytest.approx(0, abs=0.01)


def test_opposite_directions_do_not_agree() -> None:
    around = LightDirection(_spread((6, 0.5), (18, 0.5)), (0.2,) * 5, (1.0, 0.0, 0.0))
    assert around.agreement == pytest.approx(0, abs=1e-6)


def test_the_observation_is_as_sure_as_its_weakest_clause() -> None:
    claim = _seen(_ball(90))[0]
    assert 0.6 <= claim.confidence <= 1


def _odd() -> Iterator[np.ndarray]:
    yield np.zeros((1, 1, 3), np.uint8)
    yield np.full((1, 400, 3), 255, np.uint8)
    yield np.random.default_rng(2).integers(0, 256, (70, 50, 3), dtype=np.uint8)


@pytest.mark.parametrize("pixels", list(_odd()))
def test_odd_pictures_are_measured_alike_each_time(pixels: np.ndarray) -> None:
    first, second = (_seen(Picture(pixels, (1, 1), "")) for _ in range(2))
    assert first == second


def test_nothing_is_said_of_the_light_of_a_drawing_on_white_paper() -> None:
    pixels = np.full((80, 80, 3), 255, np.uint8)
    pixels[20:60, 38:42] = 0
    assert _seen(Picture(pixels, (80, 80), ""))[0].value == ""
