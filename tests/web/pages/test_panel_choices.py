"""Strength, structure, place and engine, as the panel tells them."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from imagetoprompt.core.plan import Margins
from imagetoprompt.core.scene import Scene
from imagetoprompt.planning.task_and_strength import strength_meaning
from imagetoprompt.web.pages.context import PageState, Visit
from imagetoprompt.web.pages.panel_area import area, margins_to_ratio
from imagetoprompt.web.pages.panel_options import (
    ControlsView,
    JobForm,
    StrengthSlider,
    controls_view,
    job_form,
    strength_slider,
    tier,
)
from imagetoprompt.web.pages.templates import strings
from imagetoprompt.web.query import parse_query

Show = Callable[..., PageState]


def _strength(shown: PageState) -> StrengthSlider:
    found = strength_slider(shown)
    assert found is not None
    return found


def _controls(shown: PageState) -> ControlsView:
    found = controls_view(shown)
    assert found is not None
    return found


def _job_form(shown: PageState) -> JobForm:
    found = job_form(shown)
    assert found is not None
    return found


def test_the_strength_of_the_plan_comes_with_its_reason(photographer: Scene, show: Show) -> None:
    found = _strength(show(photographer, ("preset", "watercolor")))

    assert (found.value, found.chosen) == (0.65, False)
    assert found.reason.startswith(
        "Strength 0.65 (a new look, the same layout), since a new medium"
    )


def test_another_strength_can_be_reset_to_the_plan_s(photographer: Scene, show: Show) -> None:
    found = _strength(show(photographer, ("preset", "watercolor"), ("strength", "0.3")))

    assert (found.value, found.usual, found.chosen) == (0.3, 0.65, True)
    assert found.default == "/p/id?for=midjourney&preset=watercolor"


def test_each_slider_step_has_the_target_s_parameter(photographer: Scene, show: Show) -> None:
    found = _strength(show(photographer, ("for", "midjourney"), ("preset", "watercolor")))

    assert found.parameter == "--iw 1.05 (0 to 3, higher keeps more)"
    assert found.parameters[13] == found.parameter
    assert len(found.parameters) == len(found.tiers) == 21


def test_a_target_that_cannot_do_the_task_has_no_parameter(photographer: Scene, show: Show) -> None:
    found = _strength(show(photographer, ("for", "openai:dalle-3"), ("preset", "watercolor")))

    assert set(found.parameters) == {""}


def test_strength_tiers_match_those_of_the_plan() -> None:
    notches = [step / 20 for step in range(1, 20)]
    told = {(tier(each), strength_meaning(each)) for each in notches}

    assert len(told) == len({words for _, words in told}) == 4


def test_every_tier_and_map_and_area_has_texts(photographer: Scene, show: Show) -> None:
    words = strings()["transform"]
    shown = show(photographer)

    assert {f"tier{each}" for each in _strength(shown).tiers} <= set(words["strength"])
    assert {each.kind for each in _controls(shown).maps} == set(words["map"])
    assert {"whole", "part", "beyond", "larger"} <= set(words["area"])


def test_default_controls_have_a_reason(photographer: Scene, show: Show) -> None:
    found = _controls(show(photographer, ("preset", "watercolor")))
    usual = [each for each in found.maps if each.usual]

    assert not found.own
    assert [each.kind for each in usual] == list(found.kinds) != []
    assert all(each.why and not each.chosen for each in usual)


def test_chosen_controls_replace_the_defaults(photographer: Scene, show: Show) -> None:
    found = _controls(show(photographer, ("preset", "watercolor"), ("keep", "edges")))

    assert found.own
    assert found.kinds == ("canny",)
    assert found.default == "/p/id?for=midjourney&preset=watercolor"


@pytest.mark.parametrize(
    ("target", "taken"),
    [("midjourney", False), ("stable_diffusion", True), ("leonardo:xl", True)],
)
def test_whether_the_target_takes_control_maps(
    photographer: Scene, show: Show, target: str, taken: bool
) -> None:
    found = _controls(show(photographer, ("for", target)))

    assert found.taken is taken
    assert found.takers[-1] == "diffusers"


def test_detected_regions_can_be_added_and_removed(photographer: Scene, show: Show) -> None:
    first = area(show(photographer, ("feather", "0.1"))).regions[0]
    given = parse_qsl(urlsplit(first.url).query)
    second = area(show(photographer, *given))

    assert not first.chosen
    assert (second.where, second.regions[0].chosen) == ("part", True)
    assert "box" not in second.regions[0].url


def test_choosing_an_area_drops_the_others(photographer: Scene) -> None:
    query = parse_query([("mask", "painted"), ("feather", "0.02"), ("left", "0.2"), ("scale", "2")])
    found = area(PageState("id", photographer, query, error="No."))

    assert found.clashes == ("part", "beyond", "larger")
    assert found.only == {
        "whole": "/p/id?for=midjourney",
        "part": "/p/id?for=midjourney&mask=painted&feather=0.02",
        "beyond": "/p/id?for=midjourney&left=0.2&top=0&right=0&bottom=0",
        "larger": "/p/id?for=midjourney&scale=2",
    }


def test_the_outpainting_frame_surrounds_the_picture(photographer: Scene, show: Show) -> None:
    square = replace(photographer, size=(400, 400))
    found = area(show(square, ("left", "0.25"), ("top", "0.5")))

    assert found.frame == (-250, -500, 1250, 1500)
    assert found.result == (500, 600)


def test_an_aspect_ratio_adds_margins_on_two_sides() -> None:
    assert margins_to_ratio((400, 400), (3, 2)) == Margins(left=0.25, right=0.25)
    assert margins_to_ratio((600, 400), (1, 1)) == Margins(top=0.25, bottom=0.25)
    assert margins_to_ratio((600, 400), (3, 2)) is None


def test_the_chosen_aspect_ratio_is_marked(photographer: Scene, show: Show) -> None:
    shapes = area(show(photographer)).shapes
    given = parse_qsl(urlsplit(shapes[-1].url).query)

    assert [each.chosen for each in area(show(photographer, *given)).shapes] == [
        *(False for _ in shapes[1:]),
        True,
    ]


def test_scales_beyond_the_largest_size_are_not_offered(photographer: Scene, show: Show) -> None:
    large = replace(photographer, size=(6000, 4000))

    assert [each.name for each in area(show(large)).scales] == ["2"]


def test_a_refusal_of_the_draft_engine_is_shown_beforehand(photographer: Scene, show: Show) -> None:
    found = _job_form(show(photographer, ("set", "subject=a cat")))

    assert "cannot make the subject 'a cat'" in found.refusal
    assert not found.ready


@pytest.mark.parametrize(
    "fields",
    [
        (),
        (("preset", "watercolor"),),
        (("box", "0.1,0.1,0.2,0.2"),),
        (("left", "0.2"),),
        (("scale", "2"),),
    ],
)
def test_a_form_without_refusal_is_ready(
    photographer: Scene, show: Show, fields: tuple[tuple[str, str], ...]
) -> None:
    assert _job_form(show(photographer, *fields)).ready


def test_an_unavailable_engine_is_refused(photographer: Scene, show: Show) -> None:
    found = _job_form(show(photographer, ("engine", "comfyui")))

    assert found.refusal == "comfyui is not available on this server: choose another engine."
    assert [each.name for each in found.engines] == ["draft", "comfyui"]


def test_a_refusal_names_engines_that_can(photographer: Scene, show: Show) -> None:
    shown = show(photographer, ("task", "reimagine"))
    both = replace(shown, visit=Visit(engines=("draft", "diffusers")))

    assert _job_form(shown).refusal.endswith("No engine here can: copy the prompt.")
    assert _job_form(both).refusal.endswith("Choose diffusers.")


def test_without_uses_left_the_form_is_not_ready(photographer: Scene, show: Show) -> None:
    shown = replace(show(photographer), visit=Visit(uses_left=0, uses_back="midnight UTC"))

    assert not _job_form(shown).ready


def test_before_the_analysis_is_complete_the_form_is_not_ready(
    photographer: Scene, show: Show
) -> None:
    assert not _job_form(show(photographer, complete=False)).ready


def test_the_form_sends_the_fields_of_the_address(photographer: Scene, show: Show) -> None:
    found = _job_form(show(photographer, ("preset", "dawn"), ("seed", "7"), ("job", "old")))

    assert found.fields == (("for", "midjourney"), ("preset", "dawn"))
    assert (found.seed, found.action, found.token) == (7, "/p/id/paint", "token")
