from dataclasses import replace

import pytest
from tests.targets.sample_requests import PICTURES, SCENE, sample_plan, sample_request

from imagetoprompt import capabilities, pipeline
from imagetoprompt.core.plan import TASK_TITLES, TASKS, Plan
from imagetoprompt.errors import PlanError
from imagetoprompt.planning import EditedScene


def edited(plan: Plan) -> EditedScene:
    return EditedScene(SCENE, SCENE, plan)


def test_a_task_is_done_by_variants_and_engines() -> None:
    assert capabilities.names_for_task("upscale") == (
        "stable_diffusion:xl",
        "stable_diffusion:1.5",
        "draft",
        "diffusers",
    )


def test_a_target_whose_variants_all_can_is_named_once() -> None:
    names = capabilities.short_names_for_task("restyle")
    assert "flux" in names
    assert "openai:gpt-image" in names


def test_every_task_has_a_title_and_somebody_who_can() -> None:
    assert tuple(TASK_TITLES) == TASKS
    assert all(capabilities.short_names_for_task(task) for task in TASKS)


def test_a_refused_task_names_who_can() -> None:
    assert pipeline.request(edited(sample_plan("upscale")), "flux:2").refusal == (
        "flux:2 cannot upscale (more pixels). "
        "Who can: stable_diffusion:xl, stable_diffusion:1.5, draft, diffusers."
    )


def test_another_refusal_stays_as_it_is() -> None:
    assert capabilities.refusal_with_alternatives(PlanError("No words.")) == "No words."


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (
            "flux:2",
            "FLUX.2 takes no pose map. Who can: stable_diffusion:xl, stable_diffusion:1.5, "
            "leonardo:xl, diffusers.",
        ),
        (
            "flux:1",
            "No place here for style.png, https://example.org/me.png, colors.png, layout.png. "
            "Who can: flux:2, openai:gpt-image.",
        ),
    ],
)
def test_what_is_left_out_names_who_takes_it(target: str, sentence: str) -> None:
    plan = replace(sample_plan("restyle", keep=("pose",)), references=PICTURES)
    made = pipeline.request(edited(plan), target).request
    assert made is not None
    assert sentence in made.losses


def test_other_losses_stay_as_they_are() -> None:
    made = sample_request("leonardo", "xl", sample_plan("restyle", strength=0.02))
    assert capabilities.with_alternatives(made).losses == made.losses
