"""What each dialect does with the same facts: the words, as they are pasted."""

import json

import pytest

from imagetoprompt.core.measurements import Palette, Swatch, Text
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.pipeline import write

SWATCHES = (Swatch("#0F6E7C", "deep teal", 0.6), Swatch("#F2A541", "amber", 0.01, True))
DOG = {
    "subject": "a border collie",
    "action": "sitting, facing left",
    "setting": "wooden jetty",
    "time": "dusk",
    "weather": "light fog",
    "light": "soft diffuse light from the upper left",
    "palette": "muted teal and amber palette",
    "composition": "medium shot, subject on the left third",
    "camera": "low angle",
    "focus": "shallow depth of field",
    "mood": "calm",
    "medium": "photograph",
}
LIGHTHOUSE = {
    "subject": "a lighthouse",
    "setting": "rocky coast",
    "medium": "watercolor painting",
    "style": "impressionist",
}


def scene(
    values: dict[str, str], size: tuple[int, int] = (1500, 1000), excluded: tuple[str, ...] = ()
) -> Scene:
    facts = (Fact(facet, value, 0.9) for facet, value in values.items())
    return Scene(size, tuple(facts), None, excluded)


def said(target: str, values: dict[str, str], excluded: tuple[str, ...] = ()) -> str:
    return write(scene(values, excluded=excluded), target).text


def dropped(prompt: Prompt) -> list[tuple[str, str]]:
    return [(each.facet, each.value) for each in prompt.dropped]


def test_midjourney_gets_phrases_and_parameters() -> None:
    assert said("midjourney", DOG, ("people",)) == (
        "a border collie sitting on a wooden jetty, facing left, at dusk, in light fog, "
        "soft diffuse light from the upper left, muted teal and amber palette, calm atmosphere, "
        "medium shot, subject on the left third, low camera angle, shallow depth of field, "
        "photograph --ar 3:2 --no people --v 8.1"
    )


def test_stable_diffusion_15_gets_tags() -> None:
    assert said("sd:1.5", DOG) == (
        "photograph, border collie, sitting, facing left, wooden jetty, dusk, light fog, "
        "soft diffuse light from the upper left, muted teal and amber palette, medium shot, "
        "subject on the left third, low camera angle, shallow depth of field, calm atmosphere"
    )


def test_flux_gets_prose_with_the_subject_first() -> None:
    assert said("flux", DOG) == (
        "A border collie sitting on a wooden jetty, facing left, at dusk, in light fog. Soft "
        "diffuse light falls from the upper left, the palette is muted teal and amber, and the "
        "atmosphere is calm. Photographed from a low angle as a medium shot, the subject on the "
        "left third, with a shallow depth of field."
    )


def test_openai_gets_the_place_first() -> None:
    assert said("openai", DOG).startswith(
        "On a wooden jetty at dusk, in light fog, a border collie is sitting, facing left."
    )


def test_openai_says_there_is_where_nothing_is_done() -> None:
    values = {"subject": "three people", "setting": "kitchen"}
    assert said("openai", values) == "In a kitchen, there are three people."


def test_leonardo_gets_whole_sentences() -> None:
    assert said("leonardo", DOG).startswith("A border collie is sitting on a wooden jetty, facing")


def test_ideogram_gets_visible_words_first() -> None:
    values = {**LIGHTHOUSE, "text": "PORT"}
    assert said("ideogram", values).startswith('The visible text reads "PORT". A lighthouse on')


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("sd:xl", "watercolor painting of a lighthouse on a rocky coast, impressionist style"),
        (
            "midjourney:niji",
            "watercolor painting of a lighthouse on a rocky coast, impressionist style "
            "--ar 3:2 --niji 7",
        ),
        (
            "flux",
            "A lighthouse on a rocky coast, painted in watercolor in an impressionist style.",
        ),
    ],
)
def test_a_painting_leads_in_phrases_and_follows_in_prose(target: str, text: str) -> None:
    assert said(target, LIGHTHOUSE) == text


def test_a_place_without_a_subject_is_the_subject() -> None:
    values = {"setting": "mountain landscape", "time": "golden hour", "season": "autumn"}
    assert said("flux", values) == "A mountain landscape at golden hour, in autumn."


def test_a_bare_subject_is_written_with_its_medium() -> None:
    values = {"subject": "a cat", "light": "soft light", "medium": "photograph"}
    assert said("flux", values) == "A cat, photographed in soft light."


def test_flux_2_gets_hex_colors_with_names() -> None:
    palette = Palette(SWATCHES, "complementary", 0.0, 0.5)
    fact = Fact("palette", "teal and amber palette", 0.9, measurement=palette)
    assert write(Scene((9, 9), (fact,)), "flux:2").text == (
        "The palette is teal and amber: #0F6E7C (deep teal) and #F2A541 (amber)."
    )
    assert write(Scene((9, 9), (fact,)), "flux:1").text == "The palette is teal and amber."


def test_ideogram_3_gets_the_swatches_as_parameters() -> None:
    palette = Palette(SWATCHES, "complementary", 0.0, 0.5)
    fact = Fact("palette", "teal and amber palette", 0.9, measurement=palette)
    assert write(Scene((9, 9), (fact,)), "ideogram:3").parameters == {
        "magic_prompt": "OFF",
        "aspect_ratio": "1x1",
        "color_palette": {
            "members": [
                {"color_hex": "#0F6E7C", "color_weight": 0.6},
                {"color_hex": "#F2A541", "color_weight": 0.05},
            ]
        },
    }


def test_the_json_caption_has_the_keys_that_the_model_was_trained_on() -> None:
    text = Fact("text", "PORT", 0.9, measurement=Text("PORT", (0.4, 0.8, 0.2, 0.1)))
    facts = scene(LIGHTHOUSE | {"time": "dusk"}).facts
    caption = json.loads(write(Scene((3, 2), (*facts, text)), "ideogram:json").text)
    assert caption == {
        "high_level_description": "A lighthouse on a rocky coast at dusk, painted in watercolor "
        "in an impressionist style.",
        "style_description": {
            "aesthetics": "impressionist style",
            "medium": "watercolor painting",
            "art_style": "watercolor painting",
        },
        "compositional_deconstruction": {
            "background": "A rocky coast at dusk",
            "elements": [
                {"type": "obj", "desc": "a lighthouse"},
                {
                    "type": "text",
                    "bbox": [800, 400, 900, 600],
                    "text": "PORT",
                    "desc": "lettering",
                },
            ],
        },
    }


def test_the_emphasis_weighs_in_stable_diffusion() -> None:
    prompt = write(scene({"subject": "a cat", "light": "soft light"}), "sd:xl", emphasis="light")
    assert prompt.text == "(soft light:1.2), a cat"


def test_the_emphasis_leads_in_prose() -> None:
    values = {"subject": "a cat", "time": "dusk", "light": "soft light from above"}
    prompt = write(scene(values), "flux", emphasis="light")
    assert prompt.text == "At dusk, soft light falls from above. A cat."


@pytest.mark.parametrize(
    ("target", "text", "negative"),
    [
        ("sd:xl", "a street", "people, green cars, text"),
        ("leonardo", "A street.", "people, green cars, text"),
        ("ideogram:3", "A street.", "people, green cars, text"),
        ("openai", "A street. No people. No green cars. No text.", ""),
        ("flux", "A street. The place is deserted. All surfaces are clean and unmarked.", ""),
        ("midjourney", "a street --ar 3:2 --no people, text --v 8.1", ""),
    ],
)
def test_exclusions_are_given_as_the_target_takes_them(
    target: str, text: str, negative: str
) -> None:
    unwanted = ("people", "no green cars", "text")
    prompt = write(scene({"setting": "street"}, excluded=unwanted), target)
    assert (prompt.text, prompt.negative) == (text, negative)


@pytest.mark.parametrize("target", ["midjourney", "flux"])
def test_an_exclusion_that_cannot_be_given_is_named(target: str) -> None:
    prompt = write(scene({"setting": "street"}, excluded=("green cars",)), target)
    assert dropped(prompt) == [("excluded", "green cars")]


@pytest.mark.parametrize("target", ["sd:1.5", "sd:xl", "leonardo:xl"])
def test_words_that_cannot_be_rendered_are_dropped(target: str) -> None:
    prompt = write(scene({"subject": "a sign", "text": "OPEN"}), target)
    assert dropped(prompt) == [("text", "OPEN")]


def test_a_page_of_text_does_not_flood_the_prompt() -> None:
    lines = tuple(Fact("text", f"line {number}", 0.9) for number in range(12))
    prompt = write(Scene((3, 2), (*lines[:3], Fact("text", "x" * 90, 0.9))), "midjourney")
    assert dropped(prompt) == [("text", "x" * 90)]
    assert len(write(Scene((3, 2), lines), "flux:1").dropped) == 9


def test_the_least_certain_and_important_goes_first() -> None:
    values = {facet: f"{facet} " * 30 for facet in ("subject", "light", "camera", "mood")}
    prompt = write(scene(values), "midjourney")
    assert [facet for facet, _ in dropped(prompt)] == ["light", "camera", "mood"]


def test_a_fact_loses_its_last_clauses_before_it_goes() -> None:
    clauses = ", ".join(f"very soft light number {number}" for number in range(15))
    prompt = write(scene({"subject": "a cat", "light": clauses}), "sd:xl")
    assert prompt.text.startswith("a cat, very soft light number 0, very soft light number 1,")
    assert prompt.dropped[0].value.endswith("very soft light number 14")


@pytest.mark.parametrize(
    ("target", "size", "parameters"),
    [
        ("midjourney", (1500, 1000), {"v": "8.1", "ar": "3:2"}),
        ("midjourney", (1920, 1080), {"v": "8.1", "ar": "16:9"}),
        ("midjourney", (3, 4000), {"v": "8.1", "ar": "1:3"}),
        ("sd:xl", (1500, 1000), {"width": 1216, "height": 832}),
        ("sd:1.5", (1000, 1500), {"width": 512, "height": 768}),
        ("flux:2", (1500, 1000), {"width": 1248, "height": 832}),
        ("flux:kontext", (4000, 1000), {"aspect_ratio": "7:3"}),
        ("openai", (1500, 1000), {"size": "1536x1024"}),
        ("openai:dalle-3", (1000, 1500), {"size": "1024x1792"}),
        ("firefly", (1000, 1000), {"size": {"width": 2048, "height": 2048}}),
        ("firefly:image5", (1500, 1000), {"aspectRatio": "4:3"}),
        ("leonardo", (1500, 1000), {"width": 1256, "height": 840}),
        ("ideogram", (1500, 1000), {"magic_prompt": "OFF", "aspect_ratio": "3x2"}),
    ],
)
def test_the_nearest_shape_is_asked_for(
    target: str, size: tuple[int, int], parameters: dict[str, object]
) -> None:
    assert write(scene({}, size), target).parameters == parameters


@pytest.mark.parametrize(("medium", "kind"), [("photograph", "photo"), ("oil painting", "art")])
def test_firefly_gets_the_content_class(medium: str, kind: str) -> None:
    assert write(scene({"medium": medium}), "firefly").parameters["contentClass"] == kind
