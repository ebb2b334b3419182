import pytest
from tests.analysis.synthetic_pictures import landscape, leaves, picture

from imagetoprompt.core.measurements import Camera
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Metadata, Picture
from imagetoprompt.observers.camera import observe


def claim(found: Picture, exif: dict[str, object] | None = None) -> Observation:
    told = Picture(found.pixels, found.size, found.digest, Metadata(exif=exif or {}))
    only, *_ = observe(told)
    return only


def measured(exif: dict[str, object]) -> Camera:
    numbers = claim(picture(leaves()), exif).measurement
    assert isinstance(numbers, Camera)
    return numbers


def test_the_lens_of_the_file_is_worded() -> None:
    told = claim(picture(leaves()), {"FNumber": 1.8, "FocalLengthIn35mmFilm": 85})
    assert "85mm lens at f/1.8" in told.value


def test_shutter_and_speed_are_measured() -> None:
    numbers = measured({"ExposureTime": 0.004, "ISOSpeedRatings": 400})
    assert (numbers.shutter, numbers.iso) == (0.004, 400)


@pytest.mark.parametrize("value", [0, -4, float("nan"), float("inf"), 1e9, "f/2", None, True])
def test_an_absurd_aperture_is_unknown(value: object) -> None:
    assert measured({"FNumber": value}).aperture is None


def test_without_exif_the_lens_is_unknown() -> None:
    numbers = measured({})
    assert (numbers.focal_length, numbers.aperture, numbers.shutter, numbers.iso) == (None,) * 4


@pytest.mark.parametrize("roll", [-9.0, 5.0])
def test_the_roll_is_that_of_the_horizon(roll: float) -> None:
    numbers = claim(picture(landscape(0.5, roll))).measurement
    assert isinstance(numbers, Camera)
    assert numbers.roll == pytest.approx(roll, abs=1.5)


def test_a_large_roll_is_a_dutch_angle() -> None:
    assert "Dutch angle" in claim(picture(landscape(0.5, 13.0))).value


def test_a_small_roll_is_not_worded() -> None:
    assert "Dutch" not in claim(picture(landscape(0.5, 3.0))).value


def test_a_horizon_in_the_middle_is_at_eye_level() -> None:
    numbers = claim(picture(landscape(0.5))).measurement
    assert isinstance(numbers, Camera)
    assert numbers.angle == "eye level"
