"""What single targets request: strength parameters, masks, words, links."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.targets.sample_requests import (
    PICTURES,
    SCENE,
    TARGET_VARIANTS,
    can_do,
    sample_plan,
    sample_request,
)

from imagetoprompt.core.plan import (
    Attachment,
    Control,
    Task,
)
from imagetoprompt.core.scene import Fact
from imagetoprompt.facts.edits import Edit, apply, preset
from imagetoprompt.lexicon import table
from imagetoprompt.planning import PlanOptions, plan
from imagetoprompt.targets import TARGETS

STRENGTH_PARAMETERS = table("strength_parameters", "imagetoprompt.targets.requests")
# Who keeps more as the knob rises, and by which field of the body.
KNOBS = [
    ("stable_diffusion", "xl", "denoising_strength", False),
    ("stable_diffusion", "3.5", "strength", False),
    ("flux", "1", "image_prompt_strength", True),
    ("leonardo", "phoenix", "init_strength", True),
    ("ideogram", "3", "image_weight", True),
    ("ideogram", "json", "image_weight", True),
]
SWEEP = (0.0, 0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1.0)


@pytest.mark.parametrize(("target", "variant", "field", "keeps"), KNOBS)
def test_each_strength_parameter_has_its_direction(
    target: str, variant: str, field: str, keeps: bool
) -> None:
    bodies = (
        sample_request(target, variant, sample_plan("restyle", strength=s)).body for s in SWEEP
    )
    values: list[Any] = [body[field] for body in bodies]
    assert values == sorted(values, reverse=keeps)
    assert values[0] != values[-1]


def strength_text(target: str, variant: str, strength: float) -> str:
    return sample_request(target, variant, sample_plan("restyle", strength=strength)).knob


@pytest.mark.parametrize(
    ("target", "variant", "values"),
    [
        ("midjourney", "7", ["--iw 2.4", "--iw 1.5", "--iw 1.05", "--iw 0.3"]),
        ("midjourney", "niji", ["--iw 1.6", "--iw 1", "--iw 0.7", "--iw 0.2"]),
        ("flux", "1", [f"image_prompt_strength {v}" for v in (0.8, 0.5, 0.35, 0.1)]),
        ("firefly", "image4", [f"structure.strength {v}" for v in (80, 50, 35, 10)]),
        ("leonardo", "xl", [f"init_strength {v}" for v in (0.8, 0.5, 0.35, 0.1)]),
        ("ideogram", "3", [f"image_weight {v}" for v in (80, 50, 35, 10)]),
        ("flux", "2", [f"wording, tier {n} of 4" for n in (1, 3, 3, 4)]),
    ],
)
def test_strength_parameters_follow_the_table(target: str, variant: str, values: list[str]) -> None:
    texts = [strength_text(target, variant, strength) for strength in (0.2, 0.5, 0.65, 0.9)]
    assert [words.startswith(value) for words, value in zip(texts, values, strict=True)] == [
        True
    ] * 4


def test_a_limited_strength_parameter_is_reported() -> None:
    losses = sample_request("leonardo", "xl", sample_plan("restyle", strength=0.02)).losses
    assert (
        "init_strength ends at 0.9: strength 0.02 is carried out as near as that comes." in losses
    )


@pytest.mark.parametrize(
    ("model", "low", "high"),
    [
        ("gpt-image-1.5", "high", "low"),
        ("gpt-image-2", None, None),
        ("gpt-image-1-mini", None, None),
    ],
)
def test_fidelity_is_asked_of_models_that_have_it(
    model: str, low: str | None, high: str | None
) -> None:
    bodies = [
        sample_request("openai", "gpt-image", sample_plan("restyle", strength=s), model).body
        for s in (0.3, 0.7)
    ]
    assert [body.get("input_fidelity") for body in bodies] == [low, high]


def attachment(target: str, variant: str, name: str, task: Task = "inpaint") -> Attachment:
    request = sample_request(target, variant, sample_plan(task))
    return next(item for item in request.attachments if item.name == name)


@pytest.mark.parametrize(
    ("target", "variant", "name", "polarity"),
    [
        ("stable_diffusion", "xl", "mask", "white is painted anew"),
        ("flux", "2", "mask", "white is painted anew"),
        ("firefly", "image4", "mask", "white is painted anew"),
        ("leonardo", "xl", "canvasMaskId", "white is painted anew"),
        ("ideogram", "3", "mask", "black is painted anew"),
        ("ideogram", "json", "mask", "black is painted anew"),
        ("openai", "gpt-image", "mask", "transparent is painted anew"),
    ],
)
def test_a_mask_has_the_polarity_of_its_target(
    target: str, variant: str, name: str, polarity: str
) -> None:
    mask = attachment(target, variant, name)
    assert polarity in mask.form
    assert (
        mask.shows
        == "the region to paint anew: 10% from the left, 20% from the top, 30% wide, 40% high"
    )


def test_what_midjourney_is_given_stands_in_order() -> None:
    made_plan = sample_plan("style-from-image", picture="https://example.org/a.jpg", seed=7)
    assert sample_request("midjourney", "7", made_plan).text == (
        "https://example.org/a.jpg <paste the link of layout.png> watercolor painting of a dog in "
        'a meadow at dusk, the text "OPEN", teal and amber palette --ar 3:2 --iw 1.05 '
        "--sref <paste the link of style.png> <paste the link of colors.png> --sw 306 "
        "--oref https://example.org/me.png --ow 100 --no people --seed 7 --v 7"
    )


def test_midjourney_8_edits_the_picture_itself_when_little_is_to_change() -> None:
    text = sample_request("midjourney", "8", sample_plan("recolor", strength=0.2)).text
    assert text.startswith("Redraw the scene as a watercolor painting, and change nothing else.")
    assert text.endswith("--v 8.1 --edit <paste the picture's link>")
    assert "--iw" not in text


def test_midjourney_paints_regions_by_hand() -> None:
    request = sample_request("midjourney", "8", sample_plan("inpaint"))
    assert "--iw" not in request.text
    assert request.steps[0] == "Open the picture in the Editor of midjourney.com."


def test_the_webui_request_overrides_wrong_defaults() -> None:
    body: Any = sample_request(
        "stable_diffusion", "xl", sample_plan("restyle", keep=("depth",))
    ).body
    assert (body["width"], body["height"]) == (1256, 840)
    assert body["override_settings"]["img2img_fix_steps"] is True
    unit = body["alwayson_scripts"]["controlnet"]["args"][0]
    assert (unit["enabled"], unit["control_mode"], unit["module"]) == (True, "Balanced", "none")


def test_forge_calls_no_preprocessor_none() -> None:
    body: Any = sample_request(
        "stable_diffusion", "xl", sample_plan("restyle", keep=("depth",)), "forge"
    ).body
    assert body["alwayson_scripts"]["controlnet"]["args"][0]["module"] == "None"


def test_a_pure_removal_starts_from_the_surroundings() -> None:
    scene = apply(SCENE, ())
    gone = replace(SCENE, facts=SCENE.facts[1:])
    prompt = TARGETS["stable_diffusion"].write(gone)
    body = TARGETS["stable_diffusion"].request(prompt, plan(scene, gone)).body
    assert body["inpainting_fill"] == 0


@pytest.mark.parametrize(
    ("strength", "words"),
    [
        (
            0.2,
            "Redraw the scene as a watercolor painting, and change nothing else. Keep everything "
            "else exactly the same: composition and framing, camera angle, the dog in the same "
            'position, scale and pose, background, colors, and lighting. Keep the words "OPEN" as '
            "they are. No people.",
        ),
        (
            0.4,
            "Redraw the scene as a watercolor painting, while maintaining the original composition "
            'and object placement and the same dog. Keep the words "OPEN" as they are. No people.',
        ),
        (
            0.65,
            "Redraw the scene as a watercolor painting, keeping the overall composition and the "
            'dog recognizable; details, colors and lighting may change. Keep the words "OPEN" as '
            "they are. No people.",
        ),
    ],
)
def test_a_strength_becomes_words(strength: float, words: str) -> None:
    body = sample_request("openai", "gpt-image", sample_plan("restyle", strength=strength)).body
    assert body["prompt"] == words


def test_the_freest_tier_describes_the_whole_picture() -> None:
    request = sample_request("openai", "gpt-image", sample_plan("restyle", strength=0.9))
    assert str(request.body["prompt"]).startswith(
        "Use the reference image only as loose inspiration for the subject and the colors; "
        "create a new composition: In a meadow at dusk"
    )
    assert str(request.body["prompt"]).count("No people.") == 1


def test_references_are_numbered_after_the_picture() -> None:
    body = sample_request("flux", "2", sample_plan("blend")).body
    assert "Image 2 gives the style only" in str(body["prompt"])
    assert body["input_image_2"] == "<reference 1>"


def test_an_instruction_that_is_too_long_says_less() -> None:
    long = ", ".join(f"stripe number {n}" for n in range(120))
    after = apply(SCENE, preset("watercolor").edits)
    after = replace(after, facts=(*after.facts, Fact("style", long, 1.0)))
    made_plan = plan(SCENE, after, PlanOptions(strength=0.3, task="restyle"))
    prompt = TARGETS["firefly"].write(after, "image5")
    assert len(str(TARGETS["firefly"].request(prompt, made_plan).body["prompt"])) <= 1500


def test_an_unsupported_control_is_a_limitation() -> None:
    made_plan = sample_plan("restyle", keep=("pose",))
    assert "FLUX.2 takes no pose map." in sample_request("flux", "2", made_plan).losses
    assert not any(
        "pose" in each for each in sample_request("stable_diffusion", "xl", made_plan).losses
    )


def test_strength_zero_needs_no_request() -> None:
    losses = sample_request("flux", "2", sample_plan("restyle", strength=0)).losses
    assert "Strength 0 keeps the picture as it is: there is nothing to send." in losses


def test_a_seed_too_large_is_said_to_be_left_out() -> None:
    request = sample_request("ideogram", "3", sample_plan("restyle", seed=2**31))
    assert "seed" not in request.body
    assert "Seeds end at 2147483647 here: seed 2147483648 is left out." in request.losses


@pytest.mark.parametrize(("target", "variant"), TARGET_VARIANTS)
def test_unused_references_are_reported(target: str, variant: str) -> None:
    if not can_do(target, variant, "restyle"):
        return
    request = sample_request(target, variant, sample_plan("restyle", references=PICTURES))
    told = json.dumps(request.to_json())
    assert [picture.source for picture in PICTURES if picture.source not in told] == []


def test_controls_have_weights_from_the_plan() -> None:
    made_plan = replace(sample_plan("restyle"), controls=(Control("depth", 0.35),))
    body: Any = sample_request("stable_diffusion", "1.5", made_plan).body
    assert body["alwayson_scripts"]["controlnet"]["args"][0]["weight"] == 0.35


@pytest.mark.parametrize("name", STRENGTH_PARAMETERS)
def test_every_strength_parameter_has_a_published_source(name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    assert f"| {STRENGTH_PARAMETERS[name]['source']} |" in page


def flux_text(*edits: Edit, **options: Any) -> str:  # noqa: ANN401
    after = apply(SCENE, edits)
    made_plan = plan(SCENE, after, PlanOptions(**options))
    request = TARGETS["flux"].request(TARGETS["flux"].write(after), made_plan)
    return str(request.body["prompt"]).partition(" Keep the words")[0]


def test_a_thing_is_added_in_place() -> None:
    assert flux_text(Edit("subject", "a red kite", "add")) == (
        "Add a red kite, while maintaining the original composition and object placement and the "
        "same dog."
    )


def test_a_new_framing_keeps_the_scene() -> None:
    assert flux_text(Edit("composition", "close-up")) == (
        "Reframe it as a close-up, keeping the scene and the dog recognizable; details, colors and "
        "lighting may change."
    )


def test_a_high_strength_asks_for_a_new_picture() -> None:
    words = flux_text(Edit("composition", "close-up"), strength=0.8)
    assert words.startswith("Use the reference image only as loose inspiration")


def test_visible_text_is_quoted_unchanged() -> None:
    assert flux_text(Edit("text", "CLOSED, sorry!"), task="vary").startswith(
        'Replace the words "OPEN" with "CLOSED, sorry!", while'
    )


def test_each_visible_line_is_quoted_by_itself() -> None:
    assert flux_text(Edit("text", "NOW"), Edit("text", "HERE", "add"), task="vary").startswith(
        'Replace the words "OPEN" with "NOW" and "HERE", while'
    )
