from pathlib import Path

import numpy as np
import pytest

from imagetoprompt.core.measurements import Scores
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture, open_picture
from imagetoprompt.observers import place

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def said(picture: Picture, least: float = 0.6) -> dict[str, str]:
    claims = place.observe(picture)
    return {claim.facet: claim.value for claim in claims if claim.confidence >= least}


def drawn(pixels: np.ndarray) -> Picture:
    return Picture(pixels.astype(np.uint8), (pixels.shape[1], pixels.shape[0]), "")


def test_each_facet_has_one_claim_with_its_candidates() -> None:
    claims = list(place.observe(open_picture(EXAMPLES / "rocket.jpg")))

    assert tuple(claim.facet for claim in claims) == place.FACETS
    assert all(isinstance(claim.measurement, Scores) for claim in claims)


def test_a_rocket_on_its_pad_stands_outdoors() -> None:
    claims = {each.facet: each for each in place.observe(open_picture(EXAMPLES / "rocket.jpg"))}

    assert claims["setting"].value != ""


@pytest.mark.parametrize("name", ["coffee.jpg", "cat.jpg", "galaxies.jpg"])
def test_close_ups_and_stars_have_no_weather_and_no_season(name: str) -> None:
    found = said(open_picture(EXAMPLES / name))

    assert {"weather", "season"} & set(found) == set()


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_plain_picture_has_no_setting(shade: int) -> None:
    assert said(drawn(np.full((300, 400, 3), shade))) == {}


def test_noise_has_no_setting() -> None:
    dice = np.random.default_rng(3)

    assert said(drawn(dice.integers(0, 256, (300, 400, 3)))) == {}


def test_probes_are_trusted_less_on_other_media() -> None:
    assert place.discounted({"day": 0.75, "night": 0.25, "other": 0.0}, 0.5) == {
        "day": 0.375,
        "night": 0.125,
        "other": 0.5,
    }


@pytest.mark.parametrize(("facet", "expected"), [("setting", 1.0), ("time", 1.0)])
def test_probes_are_trusted_on_photographs(facet: str, expected: float) -> None:
    assert place.medium_trust(open_picture(EXAMPLES / "rocket.jpg"), facet) == expected


def test_time_is_trusted_less_on_a_drawn_poster() -> None:
    assert place.medium_trust(open_picture(EXAMPLES / "poster.jpg"), "time") < 1


def test_the_same_picture_gives_the_same_claims() -> None:
    def look() -> list[Observation]:
        return list(place.observe(open_picture(EXAMPLES / "cat.jpg")))

    assert look() == look()
