"""Every request of every target has its published shape, for every task, variant and way."""

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.targets.sample_requests import KEEP, TARGET_VARIANTS, can_do, sample_plan, sample_request

from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.plan import (
    TASKS,
    Task,
)
from imagetoprompt.core.scene import Scene
from imagetoprompt.errors import PlanError, UnknownNameError, UnsupportedTaskError
from imagetoprompt.targets import TARGETS

DOCS = Path(__file__).parents[2] / "docs"


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((DOCS / f"{name}.schema.json").read_text()))


def problems(name: str, value: object) -> list[str]:
    data = json.loads(json.dumps(value))
    return [error.message for error in validator(name).iter_errors(data)]


POSSIBLE = [(t, v, task) for t, v in TARGET_VARIANTS for task in TASKS if can_do(t, v, task)]
IMPOSSIBLE = [(t, v, task) for t, v in TARGET_VARIANTS for task in TASKS if not can_do(t, v, task)]
RUNS = settings(max_examples=25, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize(("target", "variant", "task"), POSSIBLE)
@RUNS
@given(
    size=st.tuples(st.integers(1, 9000), st.integers(1, 9000)),
    options=st.fixed_dictionaries(
        {
            "strength": st.floats(0, 1),
            "seed": st.none() | st.integers(0, 2**32 - 1),
            "keep": st.lists(st.sampled_from(KEEP), unique=True).map(tuple),
        }
    ),
)
def test_every_request_has_its_published_shape(
    target: str, variant: str, task: Task, size: tuple[int, int], options: dict[str, object]
) -> None:
    request = sample_request(target, variant, sample_plan(task, size, **options))
    assert problems(f"requests/{target}", dict(request.body)) == []


@pytest.mark.parametrize(("target", "variant", "task"), POSSIBLE)
def test_every_placeholder_has_its_file_and_every_file_its_placeholder(
    target: str, variant: str, task: Task
) -> None:
    request = sample_request(target, variant, sample_plan(task, keep=KEEP))
    body = json.dumps(dict(request.body)) + request.text
    stray = [f.placeholder for f in request.attachments if f.placeholder not in body]
    by_hand = task in ("inpaint", "outpaint") and target == "midjourney"
    assert stray == (["<paste the picture's link>"] if by_hand else [])


@pytest.mark.parametrize(("target", "variant", "task"), IMPOSSIBLE)
def test_what_cannot_be_done_is_an_error_of_its_own(target: str, variant: str, task: Task) -> None:
    with pytest.raises(UnsupportedTaskError, match=rf"{target}:{variant} cannot {task} "):
        sample_request(target, variant, sample_plan(task))


@pytest.mark.parametrize("task", TASKS)
def test_every_plan_has_its_published_shape(task: Task) -> None:
    assert problems("plan", sample_plan(task, keep=KEEP, seed=7).to_json()) == []


@pytest.mark.parametrize(("target", "variant"), TARGET_VARIANTS)
def test_every_variant_does_known_tasks_and_takes_known_controls(target: str, variant: str) -> None:
    profile = TARGETS[target].VARIANTS[variant]
    assert "reimagine" in profile.tasks
    assert set(profile.tasks) <= set(TASKS)
    assert set(profile.controls) <= set(CONTROLS)


def test_no_request_holds_a_key() -> None:
    for target, variant, task in POSSIBLE:
        headers = sample_request(target, variant, sample_plan(task)).headers
        keys = [
            value
            for name, value in headers.items()
            if name.lower() in ("authorization", "x-key", "api-key", "x-api-key")
        ]
        assert all(key.split()[-1].startswith("$") for key in keys)


def test_a_request_is_plain_json() -> None:
    data = json.loads(json.dumps(sample_request("flux", "2", sample_plan("restyle")).to_json()))
    assert data["url"] == "https://api.bfl.ai/v1/flux-2-pro"
    assert data["body"]["input_image"] == "<picture>"


def test_an_empty_prompt_asks_for_a_fact() -> None:
    prompt = TARGETS["flux"].write(Scene((10, 10)))
    with pytest.raises(PlanError, match="The prompt is empty: add a fact first"):
        TARGETS["flux"].request(prompt, sample_plan("restyle"))


def test_an_unknown_provider_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="There are: a1111, forge"):
        sample_request("stable_diffusion", "xl", sample_plan("restyle"), "easel")


@pytest.mark.parametrize(
    "model", ["gpt-image-2", "gpt-image-1.5", "gpt-image-1", "gpt-image-1-mini"]
)
@pytest.mark.parametrize("task", ["restyle", "inpaint", "outpaint", "blend"])
def test_every_model_of_gpt_image_has_the_published_shape(model: str, task: Task) -> None:
    body = sample_request("openai", "gpt-image", sample_plan(task), model).body
    assert problems("requests/openai", dict(body)) == []
