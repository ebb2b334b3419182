"""What every target keeps to, whichever are registered."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from imagetoprompt.core.measurements import (
    Action,
    Camera,
    Composition,
    Focus,
    Light,
    Palette,
    Scores,
    Subject,
    Swatch,
    Text,
)
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.core.scene import FACETS, EmbeddedPrompt, Fact, Scene
from imagetoprompt.errors import UnknownNameError
from imagetoprompt.lexicon import table
from imagetoprompt.pipeline import EMPHASES
from imagetoprompt.targets import TARGETS
from imagetoprompt.targets.writing.compose import count_units

TARGET_VARIANTS = [(target, variant) for target in TARGETS for variant in TARGETS[target].VARIANTS]
DOCS = Path(__file__).parents[2] / "docs"

FACTS = (
    Fact("subject", "a lighthouse", 0.95, measurement=Subject("x", 1, ((0.1, 0.1, 0.2, 0.4),))),
    Fact("subject", "two people", 0.8, measurement=Subject("x", 2, ((0.5, 0.6, 0.1, 0.2),))),
    Fact("action", "standing, facing left", 0.7, measurement=Action((((0.1, 0.2, 0.9),),))),
    Fact("setting", "rocky coast", 0.9, measurement=Scores({"coast": 0.9})),
    Fact("time", "dusk", 0.8),
    Fact("weather", "overcast sky", 0.85),
    Fact("season", "autumn", 0.7),
    Fact("light", "soft light from the left", 0.8, measurement=Light(270, 0, 0.2, 0.3, "mid", 5e3)),
    Fact(
        "palette",
        "deep teal and amber palette",
        0.9,
        measurement=Palette(
            (Swatch("#0F6E7C", "deep teal", 0.6), Swatch("#F2A541", "amber", 0.01, True)),
            "complementary",
            0.1,
            0.4,
        ),
    ),
    Fact(
        "composition",
        "wide shot, leading lines",
        0.8,
        measurement=Composition("wide", ("leading lines",), None, 0.4, 0.2),
    ),
    Fact("camera", "low angle", 0.7, measurement=Camera("low")),
    Fact("focus", "deep focus", 0.75, measurement=Focus("deep", 0.8, True, 0, None)),
    Fact("mood", "moody", 0.6),
    Fact("medium", "watercolor painting", 0.9),
    Fact("style", "impressionist", 0.7),
    Fact("text", "PORT", 0.9, measurement=Text("PORT", (0.4, 0.8, 0.2, 0.1))),
    Fact("mood", "sad", 0.3, said=False, reason="Not sure enough."),
)
SCENE = Scene(
    (1500, 1000), FACTS, EmbeddedPrompt("ComfyUI", "a lighthouse"), ("people", "watermark")
)
EMPTY = Scene((10, 10))
HUGE = Scene(
    (640, 480),
    tuple(
        Fact(facet, ", ".join(f"{facet} words number {i}" for i in range(80)), 0.5 + 0.02 * place)
        for place, facet in enumerate(FACETS)
    ),
    excluded=tuple(f"thing{i}" for i in range(99)),
)
HOSTILE = Scene(
    (3, 4000),
    tuple(Fact(facet, f'"{facet}" --ar 1:1 ::2 (((\n\u202e🙂 {{a,b}} \\', 0.9) for facet in FACETS),
    excluded=("--no", "a, b", '"', "x" * 500, "no hats"),
)
SCENES = {"full": SCENE, "empty": EMPTY, "huge": HUGE, "hostile": HOSTILE}


@cache
def prompts(scene: Scene) -> list[Prompt]:
    return [
        TARGETS[target].write(scene, variant, emphasis)
        for target, variant in TARGET_VARIANTS
        for emphasis in EMPHASES
    ]


@pytest.fixture(scope="module")
def prompt_schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((DOCS / "prompt.schema.json").read_text()))


@pytest.fixture(scope="module")
def scene_schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((DOCS / "scene.schema.json").read_text()))


@pytest.mark.parametrize("name", SCENES)
def test_what_is_not_in_the_text_is_named_with_a_reason(name: str) -> None:
    for prompt in prompts(SCENES[name]):
        told = {span.facet for span in prompt.spans} | {dropped.facet for dropped in prompt.dropped}
        assert {fact.facet for fact in SCENES[name] if fact.said} <= told
        assert all(dropped.reason.endswith(".") for dropped in prompt.dropped)


def test_nothing_is_dropped_when_there_is_room() -> None:
    for target in ("openai", "flux"):
        assert TARGETS[target].write(SCENE).dropped == ()


@pytest.mark.parametrize("name", SCENES)
def test_no_text_is_over_its_limit(name: str) -> None:
    for prompt in prompts(SCENES[name]):
        limit = TARGETS[prompt.target].VARIANTS[prompt.variant].limit
        assert count_units(prompt.text, limit.unit) <= limit.count
        assert prompt.length == count_units(prompt.text, limit.unit)


@pytest.mark.parametrize("name", SCENES)
def test_spans_are_sorted_and_apart(name: str) -> None:
    for prompt in prompts(SCENES[name]):
        edges = [edge for span in prompt.spans for edge in (span.start, span.end)]
        assert edges == sorted(edges)
        assert all(0 <= span.start < span.end <= len(prompt.text) for span in prompt.spans)


@pytest.mark.parametrize("name", SCENES)
def test_a_prompt_has_the_published_shape_and_survives_json(
    name: str, prompt_schema: Draft202012Validator
) -> None:
    for prompt in prompts(SCENES[name]):
        data: Any = json.loads(json.dumps(prompt.to_json()))
        assert [error.message for error in prompt_schema.iter_errors(data)] == []
        assert Prompt.from_json(data) == prompt


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_has_the_published_shape(name: str, scene_schema: Draft202012Validator) -> None:
    data: Any = json.loads(json.dumps(SCENES[name].to_json()))
    assert [error.message for error in scene_schema.iter_errors(data)] == []


def test_the_same_scene_gives_the_same_prompt() -> None:
    again = prompts.__wrapped__(Scene.from_json(SCENE.to_json()))
    assert again == prompts(SCENE)


def test_nothing_unsaid_is_written() -> None:
    assert not any("sad" in re.findall(r"\w+", prompt.text) for prompt in prompts(SCENE))


@pytest.mark.parametrize(("target", "variant"), TARGET_VARIANTS)
def test_the_four_emphases_differ(target: str, variant: str) -> None:
    texts = {TARGETS[target].write(SCENE, variant, emphasis).text for emphasis in EMPHASES}
    assert len(texts) == 4


def test_the_emphases_of_the_pipeline_are_those_of_the_table() -> None:
    assert tuple(table("emphases", "imagetoprompt.targets.writing")) == EMPHASES


def test_an_emphasis_neither_adds_nor_loses_a_facet() -> None:
    small = Scene((9, 9), tuple(f for f in FACTS if f.facet in {"subject", "light", "camera"}))
    for prompt in prompts(small):
        assert {span.facet for span in prompt.spans} == {"subject", "light", "camera"}


def test_an_empty_scene_has_nothing_to_say() -> None:
    assert {prompt.text for prompt in prompts(EMPTY)} == {""}


@pytest.mark.parametrize("target", list(TARGETS))
def test_an_unknown_variant_is_named_with_those_there_are(target: str) -> None:
    with pytest.raises(UnknownNameError, match=f"No variant of {target} named 'x'"):
        TARGETS[target].write(EMPTY, "x")


def test_an_unknown_emphasis_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="No emphasis named 'x'"):
        TARGETS["flux"].write(EMPTY, "", "x")


@pytest.mark.parametrize(("target", "variant"), TARGET_VARIANTS)
def test_a_profile_names_itself_and_known_facets(target: str, variant: str) -> None:
    profile = TARGETS[target].VARIANTS[variant]
    assert (profile.target, profile.variant) == (target, variant)
    assert set(profile.order) | set(profile.untold) == set(FACETS)


@pytest.mark.parametrize(("target", "variant"), TARGET_VARIANTS)
def test_every_source_of_a_profile_is_published(target: str, variant: str) -> None:
    profile = TARGETS[target].VARIANTS[variant]
    sources = (*profile.sources, profile.limit.source, profile.shape.source)
    published = (DOCS / "sources.md").read_text()
    assert [source.key for source in sources if f"| {source.key} |" not in published] == []


@pytest.mark.parametrize(("target", "variant"), TARGET_VARIANTS)
def test_the_published_table_has_every_limit(target: str, variant: str) -> None:
    rows = [row for row in (DOCS / "targets.md").read_text().splitlines() if f"`{variant}`" in row]
    limit = TARGETS[target].VARIANTS[variant].limit
    soft = "" if limit.hard else " (soft)"
    assert any(f"| {limit.count} {limit.unit}{soft} |" in row for row in rows)


def test_no_filler_is_ever_written() -> None:
    filler = re.compile(r"masterpiece|best quality|image of|trending|featuring|the scene", re.I)
    assert [p.text for p in prompts(SCENE) if filler.search(p.text)] == []
