from typing import Literal

from imagetoprompt import mood
from imagetoprompt.measurement import Light, Palette, Scores
from imagetoprompt.scene import Fact


def _light(value: str, key: Literal["high", "mid", "low"] = "mid", said: bool = True) -> Fact:
    return Fact("light", value, 0.9, said, measurement=Light(0.0, 0.0, 0.5, 0.8, key, 5500.0))


def _palette(value: str, temperature: float = 0.0, saturation: float = 0.2) -> Fact:
    return Fact("palette", value, 0.9, measurement=Palette((), "varied", temperature, saturation))


def _worded(*facts: Fact) -> list[str]:
    return [claim.value for claim in mood.infer(facts)]


def test_nothing_comes_out_of_nothing() -> None:
    assert _worded() == []


def test_one_facet_alone_makes_no_mood() -> None:
    assert _worded(_light("low key, deep shadows", "low")) == []


def test_two_facts_of_one_facet_make_no_mood() -> None:
    assert _worded(_light("low key", "low"), _light("deep shadows", "low")) == []


def test_dark_light_and_night_are_moody() -> None:
    assert _worded(_light("low key", "low"), Fact("time", "night", 0.9)) == ["moody, mysterious"]


def test_rain_and_a_cold_gray_palette_are_melancholic() -> None:
    facts = Fact("weather", "rain", 0.9), _palette("cool gray tones", -0.2, 0.05)
    assert _worded(*facts) == ["melancholic, moody"]


def test_warm_light_and_warm_colors_are_cozy() -> None:
    assert _worded(_light("soft warm light"), _palette("warm earth tones", 0.7))[0].startswith(
        "cozy"
    )


def test_unsaid_facts_do_not_count() -> None:
    assert _worded(_light("low key", "low", said=False), Fact("time", "night", 0.9)) == []


def test_a_word_only_counts_from_its_beginning() -> None:
    facts = Fact("weather", "terrain", 0.9), _palette("cool gray tones", -0.2, 0.05)
    assert _worded(*facts) == []


def test_the_claim_carries_the_likelihood_of_every_candidate() -> None:
    (claim,) = mood.infer([_light("low key", "low"), Fact("time", "night", 0.9)])
    assert isinstance(claim.measurement, Scores)
    assert list(claim.measurement.scores) == ["moody", "mysterious", "dramatic"]


def test_weak_facts_make_a_weak_mood() -> None:
    strong = mood.infer([_light("low key", "low"), Fact("time", "night", 0.9)])
    weak = mood.infer([_light("low key", "low"), Fact("time", "night", 0.7)])
    assert next(weak).confidence < next(strong).confidence
