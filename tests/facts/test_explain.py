import pytest

from imagetoprompt.core import measurements as measures
from imagetoprompt.core.scene import Fact
from imagetoprompt.facts.explain import SOURCES, direction, explain
from imagetoprompt.lexicon import table

BOX = (0.25, 0.1, 0.5, 0.6)
BOX_WORDS = "centered 50% from the left and 40% from the top, 50% wide and 60% high"


def test_every_source_has_words() -> None:
    assert set(table("sources")) - set(SOURCES) == set()


@pytest.mark.parametrize(
    ("azimuth", "words"),
    [(0, "above"), (44, "the upper right"), (90, "the right"), (180, "below"), (350, "above")],
)
def test_azimuth_is_a_direction(azimuth: float, words: str) -> None:
    assert direction(azimuth) == words


def test_light_is_explained_with_its_numbers() -> None:
    needed = table("facets")["light"]["threshold"]
    light = measures.Light(310.0, 0.3, 0.2, 0.6, "mid", 3400.0)
    fact = Fact("light", "soft light", 0.81, sources=("pixels",), measurement=light)
    assert explain(fact) == (
        f"Measured in the pixels; confidence 0.81 ({needed:.2f} needed).",
        "Light from the upper left (310°); frontal +0.30 (1 from the camera, -1 from behind the "
        "subject); hardness 0.20 (0 overcast sky, 1 direct sun); contrast 0.60, mid key; "
        "color temperature about 3400 K.",
    )


def test_an_unsaid_fact_ends_with_its_reason() -> None:
    fact = Fact("time", "dusk", 0.4, said=False, sources=("head",), reason="Not sure enough.")
    assert explain(fact)[-1] == "Not sure enough."


def test_a_fact_without_words_shows_its_numbers_only() -> None:
    fact = Fact("camera", "", 0.0, said=False, measurement=measures.Camera(roll=1.5))
    assert explain(fact) == ("Roll +1.5°.",)


def test_an_unknown_source_is_named_as_it_is() -> None:
    assert explain(Fact("mood", "calm", 0.6, sources=("oracle",)))[0].startswith("Oracle;")


@pytest.mark.parametrize(
    ("facet", "measurement", "words"),
    [
        (
            "palette",
            measures.Palette((measures.Swatch("#112233", "navy", 0.7),), "monochrome", -0.5, 0.4),
            "Number of swatches: 1; color scheme: monochrome; "
            "temperature -0.50 (-1 cool, 1 warm); saturation 0.40.",
        ),
        (
            "focus",
            measures.Focus("shallow", 0.3, False, 0.6, 45.0),
            "Shallow depth of field, 30% of the area sharp; the subject is not sharp; "
            "motion blur 0.60 at 45°.",
        ),
        (
            "composition",
            measures.Composition("wide", ("symmetric",), BOX, 0.4, 0.9),
            f"Wide, symmetric; subject {BOX_WORDS}; horizon 40% from the top; symmetry 0.90.",
        ),
        (
            "camera",
            measures.Camera("low", -2.0, 35.0, 2.8, 0.004, 200),
            "Camera angle low; roll -2.0°; 35 mm (35 mm equivalent); f/2.8; 1/250 s; ISO 200.",
        ),
        (
            "subject",
            measures.Subject("dog", 2, (BOX,)),
            f"Dog, count 2; {BOX_WORDS}.",
        ),
        (
            "action",
            measures.Action((((0.5, 0.5, 0.9), (0.5, 0.6, 0.1)),)),
            "Person 1: 1 of 2 key points detected.",
        ),
        ("text", measures.Text("OPEN", BOX), f"Text {BOX_WORDS}."),
        (
            "time",
            measures.Scores({"night": 0.7, "dusk": 0.2}),
            "Candidates: night 0.70, dusk 0.20.",
        ),
    ],
)
def test_each_measurement_has_words(
    facet: str, measurement: measures.Measurement, words: str
) -> None:
    assert explain(Fact(facet, "", 0.0, measurement=measurement)) == (words,)


def test_scores_without_candidates_are_not_listed() -> None:
    assert explain(Fact("season", "", 0.0, measurement=measures.Scores({}))) == ()
