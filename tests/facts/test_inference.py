from typing import Literal

from imagetoprompt.core.measurements import Light, Palette, Scores
from imagetoprompt.core.scene import Fact
from imagetoprompt.facts import fusion


def _light(value: str, key: Literal["high", "mid", "low"] = "mid", said: bool = True) -> Fact:
    return Fact("light", value, 0.9, said, measurement=Light(0.0, 0.0, 0.5, 0.8, key, 5500.0))


def _palette(value: str, temperature: float = 0.0, saturation: float = 0.2) -> Fact:
    return Fact("palette", value, 0.9, measurement=Palette((), "varied", temperature, saturation))


def _worded(*facts: Fact) -> list[str]:
    return [claim.value for claim in fusion.infer_mood_and_style(facts)]


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
    (claim,) = fusion.infer_mood_and_style([_light("low key", "low"), Fact("time", "night", 0.9)])
    assert isinstance(claim.measurement, Scores)
    assert list(claim.measurement.scores) == ["moody", "mysterious", "dramatic"]


def test_weak_facts_make_a_weak_mood() -> None:
    strong = fusion.infer_mood_and_style([_light("low key", "low"), Fact("time", "night", 0.9)])
    weak = fusion.infer_mood_and_style([_light("low key", "low"), Fact("time", "night", 0.7)])
    assert next(weak).confidence < next(strong).confidence


def _styled(*facts: Fact) -> list[str]:
    return [claim.value for claim in fusion.infer_mood_and_style(facts) if claim.facet == "style"]


def test_hard_low_key_light_in_black_and_white_is_film_noir() -> None:
    medium = Fact("medium", "black-and-white photograph", 0.95)
    assert _styled(_light("hard side light, deep shadows", "low"), medium) == ["film noir"]


def test_negative_space_in_one_color_is_minimalist() -> None:
    empty = Fact("composition", "centered subject, negative space", 0.9)
    assert _styled(empty, _palette("monochrome blue tones")) == ["minimalist"]


def test_a_medium_alone_makes_no_style() -> None:
    assert _styled(Fact("medium", "sepia photograph", 0.95)) == []
