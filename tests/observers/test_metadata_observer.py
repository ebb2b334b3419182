import numpy as np
import pytest

from imagetoprompt.core.scene import FACETS, Observation
from imagetoprompt.images.picture import Metadata, Picture
from imagetoprompt.observers import metadata
from imagetoprompt.observers.metadata import exposure_value, observe

CAMERA = {"Make": "Maker", "Model": "One", "FNumber": 8.0, "ISOSpeedRatings": 100}


def taken(clock: str, seconds: float, **more: object) -> dict[str, Observation]:
    """What is claimed, by facet, of a colorful photograph with these tags."""
    exif = {**CAMERA, "DateTimeOriginal": f"2024:05:01 {clock}", "ExposureTime": seconds, **more}
    return seen(Metadata(exif=exif))


def seen(notes: Metadata, gray: bool = False) -> dict[str, Observation]:
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[..., 0] = 0 if gray else 200
    return {each.facet: each for each in observe(Picture(pixels, (8, 8), "", notes))}


def prompted(prompt: str) -> dict[str, str]:
    notes = Metadata(info={"parameters": f"{prompt}\nSteps: 9, Seed: 1, CFG scale: 7"})
    return {facet: each.value for facet, each in seen(notes).items()}


def test_its_facets_are_facets() -> None:
    assert set(metadata.FACETS) <= set(FACETS)


def test_a_file_that_says_nothing_claims_nothing() -> None:
    assert seen(Metadata()) == {}


def test_what_has_an_exposure_is_a_photograph() -> None:
    assert taken("12:00:00", 0.01)["medium"] == Observation("medium", "photograph", 0.9, "exif")


def test_without_colors_it_is_a_black_and_white_photograph() -> None:
    claims = seen(Metadata(exif={**CAMERA, "ExposureTime": 0.01}), gray=True)

    assert claims["medium"].value == "black-and-white photograph"


def test_tags_of_a_scanner_are_no_exposure() -> None:
    assert seen(Metadata(exif={"Make": "Scanner", "DateTimeOriginal": "2024:05:01 12:00:00"})) == {}


@pytest.mark.parametrize(
    ("clock", "seconds", "flash", "expected"),
    [
        ("12:00:00", 0.004, 16, ("daytime", 0.8)),
        ("08:00:00", 0.004, 16, ("daytime", 0.65)),
        ("02:00:00", 0.004, 16, ("daytime", 0.65)),
        ("12:00:00", 0.1, 16, ("daytime", 0.6)),
        ("23:10:00", 2.0, 16, ("night", 0.55)),
    ],
)
def test_time_from_clock_and_exposure(
    clock: str, seconds: float, flash: int, expected: tuple[str, float]
) -> None:
    claim = taken(clock, seconds, Flash=flash)["time"]

    assert ((claim.value, claim.confidence), claim.source) == (expected, "exif")


@pytest.mark.parametrize(
    ("clock", "seconds", "flash"),
    [
        ("18:00:00", 0.1, 16),  # may be light or dark
        ("12:00:00", 0.01, 1),  # lit by the flash
        ("23:00:00", 0.25, 16),  # too bright for the night, too dark for the day
        ("00:00:00", 2.0, 16),  # a clock that was never set
    ],
)
def test_no_time_where_clock_and_exposure_leave_it_open(
    clock: str, seconds: float, flash: int
) -> None:
    assert "time" not in taken(clock, seconds, Flash=flash)


def test_exposure_value_of_the_sunny_sixteen_rule() -> None:
    found = exposure_value(
        {"FNumber": 16.0, "ExposureTime": 1 / 125, "ISOSpeedRatings": (100, 100)}
    )

    assert found == pytest.approx(15, abs=0.1)


def test_words_of_the_files_prompt_are_claims() -> None:
    assert prompted("an oil painting of a lane, foggy autumn day, night, impressionist") == {
        "time": "night",
        "weather": "fog",
        "season": "autumn",
        "medium": "oil painting",
        "style": "impressionist",
    }


def test_claims_of_the_prompt_are_signed_by_it() -> None:
    notes = Metadata(info={"parameters": "a foggy lane\nSteps: 9, Seed: 1, CFG scale: 7"})

    assert list(observe(Picture(np.zeros((1, 1, 3), np.uint8), (1, 1), "", notes))) == [
        Observation("weather", "fog", 0.85, "file's prompt")
    ]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("black and white photo of a man", {"medium": "black-and-white photograph"}),
        ("a photo, an oil painting", {}),
        ("no rain, without fog", {}),
        ("a nightgown, a raincoat, falling in spring water", {"season": "spring"}),
        ('a sign that says "SUMMER NIGHT"', {}),
        ("(golden hour:1.3)", {"time": "golden hour"}),
        ("GOLDEN HOUR", {"time": "golden hour"}),
        ("pale blue skyline", {}),
    ],
)
def test_words_are_matched_whole_and_without_guessing(
    prompt: str, expected: dict[str, str]
) -> None:
    assert prompted(prompt) == expected


def test_the_negative_prompt_claims_nothing() -> None:
    assert prompted("a lane\nNegative prompt: fog, anime") == {}
