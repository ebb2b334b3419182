import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.web.api.callers import Caller, problem

from imagetoprompt import pipeline
from imagetoprompt.core.scene import Scene
from imagetoprompt.facts.edits import Edit
from imagetoprompt.pipeline import alternatives, describe, write
from imagetoprompt.planning import PlanOptions
from imagetoprompt.reports import edit_report
from imagetoprompt.targets import TARGETS
from imagetoprompt.web.api.api_docs import NIGHT, SCENE

ROOT = Path(__file__).parents[3]
PROMPT = json.loads((ROOT / "docs" / "prompt.schema.json").read_text("utf-8"))
PLAN = json.loads((ROOT / "docs" / "plan.schema.json").read_text("utf-8"))
NOBODYS = "AAAAAAAAAAAAAAAAAAAAAA"


def plain(value: object) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(json.dumps(value))


@pytest.fixture(scope="module")
def scene(cat: bytes) -> Scene:
    return describe(cat)


def test_prompts_are_those_of_python(caller: Caller, described: str, scene: Scene) -> None:
    told = caller.post("/write", {"picture": described}).json()
    assert told["prompts"] == [plain(write(scene, name).to_json()) for name in TARGETS]
    for prompt in told["prompts"]:
        jsonschema.validate(prompt, PROMPT)


def test_a_scene_is_enough(caller: Caller) -> None:
    told = caller.post("/write", {"scene": SCENE, "targets": ["flux", "sd:1.5"]}).json()
    assert [each["variant"] for each in told["prompts"]] == ["2", "1.5"]
    assert "lighthouse" in told["prompts"][0]["text"]


def test_alternatives_are_four(caller: Caller, described: str, scene: Scene) -> None:
    body = {"picture": described, "targets": ["midjourney"], "alternatives": True}
    told = caller.post("/write", body).json()
    assert told["prompts"] == [plain(each.to_json()) for each in alternatives(scene, "midjourney")]


def test_exclusions_are_written(caller: Caller, described: str, scene: Scene) -> None:
    body = {"picture": described, "targets": ["midjourney"], "exclude": ["a hat"]}
    wanted = replace(scene, excluded=("a hat",))
    told = caller.post("/write", body).json()["prompts"]
    assert told == [plain(write(wanted, "midjourney").to_json())]


def test_an_edit_is_exactly_what_the_command_prints(
    caller: Caller, described: str, scene: Scene
) -> None:
    body = {
        "picture": described,
        "presets": ["watercolour"],
        "edits": [
            {"facet": "subject", "how": "lock"},
            {"facet": "time", "value": "dusk"},
            {"facet": "mood", "value": "calm", "how": "add"},
        ],
        "wishes": {"strength": 0.4, "keep": ["pose"], "seed": 7},
        "targets": ["flux", "openai:dalle-3"],
    }
    edits = (Edit("subject", how="lock"), Edit("time", "dusk"), Edit("mood", "calm", "add"))
    wishes = PlanOptions(strength=0.4, keep=("pose",), seed=7, presets=("watercolor",))
    edited = pipeline.edit(scene, edits, wishes)
    asked = [pipeline.request(edited, name) for name in ("flux", "openai:dalle-3")]
    told = caller.post("/edit", body).json()
    assert told == plain(edit_report.to_json(described, edited, asked))
    assert [each["request"] is None for each in told["targets"]] == [False, True]
    assert "Who can:" in told["targets"][1]["refusal"]
    jsonschema.validate(told["plan"], PLAN)


def test_facets_are_taken_from_another_picture(caller: Caller, described: str) -> None:
    rocket = (ROOT / "examples" / "rocket.jpg").read_bytes()
    other = caller.send("/describe?only=light&only=palette", rocket).json()
    body = {"picture": described, "take": {"palette": other["picture"]}, "targets": ["flux"]}
    after = caller.post("/edit", body).json()["after"]

    def said(facts: list[dict[str, Any]]) -> list[str]:
        return [each["value"] for each in facts if each["facet"] == "palette" and each["said"]]

    assert said(after["facts"]) == said(other["scene"]["facts"])


def test_a_plan_has_its_schema_and_its_reasons(caller: Caller) -> None:
    told = caller.post("/plan", NIGHT).json()
    jsonschema.validate(told, PLAN)
    assert (told["task"], told["strength"]) == ("relight", 0.5)
    assert [each["kind"] for each in told["controls"]] == ["depth"]


def test_every_wish_arrives_in_the_plan(
    caller: Caller, described: str, png: Callable[..., bytes]
) -> None:
    mask, style = caller.kept(png(451, 300, (9, 9, 90, 90))), caller.kept(png(9, 9))
    wishes = {
        "task": "inpaint",
        "strength": 1 / 3,
        "mask": {"source": mask, "feather": 0.015},
        "references": [{"role": "style", "source": style, "weight": 0.123456789}],
        "size": [640, 424],
        "seed": 2**32 - 1,
    }
    told = caller.post("/plan", {"picture": described, "wishes": wishes}).json()
    assert (told["task"], told["strength"], told["seed"]) == ("inpaint", 1 / 3, 2**32 - 1)
    assert told["mask"] == {"boxes": [], "source": mask, "feather": 0.015}
    assert told["references"] == wishes["references"]
    assert told["size"] == [640, 424]
    boxes = {"task": "inpaint", "mask": {"boxes": [[0.123456789, 0, 0.5, 0.25]]}}
    told = caller.post("/plan", {"picture": described, "wishes": boxes}).json()
    assert told["mask"]["boxes"] == [[0.123456789, 0, 0.5, 0.25]]
    margins = {"margins": {"left": 0.2}}
    told = caller.post("/plan", {"picture": described, "wishes": margins}).json()
    assert told["margins"] == {"left": 0.2, "top": 0.0, "right": 0.0, "bottom": 0.0}


def test_a_request_is_one_targets(caller: Caller, described: str) -> None:
    body = {"picture": described, "presets": ["night"], "target": "stable_diffusion:xl"}
    told = caller.post("/request", body).json()
    assert (told["target"], told["variant"], told["version"]) == ("stable_diffusion", "xl", 1)
    assert told["body"]["prompt"] == told["prompt"]["text"]
    other = caller.post("/request", {**body, "via": "forge"}).json()
    assert other["url"] == told["url"]


def test_who_cannot_says_who_can(caller: Caller, described: str) -> None:
    body = {"picture": described, "presets": ["night"], "target": "openai:dalle-3"}
    status, sentence = problem(caller.post("/request", body))
    assert status == 422
    assert sentence.startswith("openai:dalle-3 cannot relight")
    assert "Who can: " in sentence


@pytest.mark.parametrize(
    ("path", "more", "sentence"),
    [
        ("/write", {"targets": ["dali"]}, "No target named 'dali'. There are: "),
        ("/write", {"targets": ["flux:9"]}, "No variant of flux named '9'. There are: "),
        ("/edit", {"presets": ["nylon"]}, "No preset named 'nylon'. There are: "),
        ("/plan", {"wishes": {"keep": ["soul"]}}, "No control named 'soul'. There are: "),
        ("/plan", {"edits": [{"facet": "time"}]}, "Give the words for the time, or remove it."),
        ("/plan", {"edits": [{"facet": "hat"}]}, "body.edits.0.facet: Input should be "),
        ("/request", {"target": "flux", "via": "post"}, "No way to flux named 'post'. "),
        ("/request", {}, "body.target: Field required."),
        ("/edit", {"scene": SCENE}, "body: give either the id of a picture or a scene."),
        ("/edit", {"presets": ["x"] * 11}, "body.presets: List should have at most 10 items"),
        ("/edit", {"how": "well"}, "body.how: Extra inputs are not permitted"),
        ("/plan", {"wishes": {"strength": 2}}, "body.wishes.strength: Input should be less"),
        ("/plan", {"wishes": {"strength": "1"}}, "body.wishes.strength: Input should be a valid"),
        ("/plan", {"take": {"light": NOBODYS}}, "This picture has expired or does not exist: "),
    ],
)
def test_what_makes_no_sense_is_one_sentence(
    caller: Caller, described: str, path: str, more: dict[str, Any], sentence: str
) -> None:
    status, detail = problem(caller.post(path, {"picture": described, **more}))
    assert status == (404 if "expired" in sentence else 422)
    assert detail[: len(sentence)] == sentence
    assert "\n" not in detail


def test_a_picture_that_nobody_looked_at_has_no_facts(
    caller: Caller, png: Callable[..., bytes]
) -> None:
    kept = caller.kept(png(9, 9))
    sentence = "This picture has no facts yet: describe it first."
    assert problem(caller.post("/write", {"picture": kept})) == (404, sentence)


def test_a_locked_facet_is_left_alone(caller: Caller, described: str) -> None:
    edits = [{"facet": "subject", "how": "lock"}, {"facet": "subject", "value": "a dog"}]
    answer = caller.post("/plan", {"picture": described, "edits": edits})
    assert problem(answer) == (422, "The subject is locked: unlock it first.")


def test_a_mask_has_the_size_of_its_picture(
    caller: Caller, described: str, png: Callable[..., bytes]
) -> None:
    mask = {"mask": {"source": caller.kept(png(30, 20))}}
    status, sentence = problem(caller.post("/plan", {"picture": described, "wishes": mask}))
    assert (status, sentence) == (
        422,
        "The mask is 30 x 20 pixels and the picture 451 x 300: give a mask of the picture's size.",
    )


HOSTILE = ["/etc/passwd", "../../../../etc/passwd", "http://127.0.0.1/", "file:///etc/passwd"]


@pytest.mark.parametrize("name", [*HOSTILE, NOBODYS])
@pytest.mark.parametrize("path", ["/edit", "/plan", "/transform"])
def test_other_pictures_are_named_by_their_ids_alone(
    caller: Caller, described: str, path: str, name: str
) -> None:
    for wishes in (
        {"mask": {"source": name}},
        {"references": [{"role": "style", "source": name}]},
    ):
        status, sentence = problem(
            caller.post(path, {"picture": described, "presets": ["night"], "wishes": wishes})
        )
        assert status == (404 if name == NOBODYS else 422)
        assert "root:" not in sentence
    take = caller.post(path, {"picture": described, "take": {"light": name}})
    assert problem(take)[0] == (404 if name == NOBODYS else 422)


@pytest.mark.parametrize(
    "broken",
    [
        {"version": 2},
        {"size": [0, 10]},
        {"size": [10]},
        {"facts": [{"facet": "light", "value": "x", "confidence": 2}]},
        {"facts": [{"facet": "light", "value": "x", "confidence": 1, "measurement": {"a": 1}}]},
        {"facts": [{"facet": "hat", "value": "x", "confidence": 1}]},
        {"facts": [{"facet": "text", "value": "x" * 2001, "confidence": 1}]},
        {"more": 1},
    ],
)
def test_a_scene_keeps_to_its_schema(caller: Caller, broken: dict[str, Any]) -> None:
    assert problem(caller.post("/write", {"scene": {**SCENE, **broken}}))[0] == 422


def test_not_a_number_is_refused(caller: Caller) -> None:
    text = json.dumps({"scene": SCENE}).replace("0.93", "NaN").encode()
    assert problem(caller.send("/write", text, "application/json"))[0] == 422


def test_much_json_is_not_read(caller: Caller) -> None:
    text = b'{"scene": "' + b"x" * 1_000_000 + b'"}'
    sentence = "The JSON is larger than 1 MB: send less."
    assert problem(caller.send("/write", text, "application/json")) == (413, sentence)
