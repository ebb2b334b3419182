from dataclasses import replace

import numpy as np
import pytest

from imagetoprompt.compare import Drift, FacetDrift, Finding, Similarity, advise, compare_pictures
from imagetoprompt.core.measurements import Focus, Light, Measurement, Scores
from imagetoprompt.core.plan import Control, FacetChange, Plan
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.facts.edits import palette_from_words
from imagetoprompt.reports.compare_text import advice_sentence

SAME = Similarity(1.0, 0, 0.0, 0.0, 1.0, 1.0)
PLAN = Plan("restyle", 0.4, (600, 400))


def drift(after: tuple[Fact, ...], before: tuple[Fact, ...] = ()) -> Drift:
    size = (600, 400)
    return Drift(size, size, True, SAME, None, None, (), Scene(size, before), Scene(size, after))


def sentences(drift: Drift, plan: Plan) -> tuple[str, ...]:
    return tuple(advice_sentence(item) for item in advise(drift, plan))


def fact(facet: str, measurement: Measurement) -> Fact:
    return Fact(facet, "", 0.9, measurement=measurement)


def asked(facet: str, words: str) -> Plan:
    return replace(PLAN, changes=(FacetChange(facet, "", words),))


NIGHT = fact("time", Scores({"night": 0.9, "daytime": 0.05}))
DAY = fact("time", Scores({"daytime": 0.9, "night": 0.05}))


def test_what_arrived_needs_no_advice() -> None:
    assert sentences(drift((NIGHT,)), asked("time", "night")) == ()


def test_a_missing_change_needs_more_strength() -> None:
    assert sentences(drift((DAY,)), asked("time", "night")) == (
        "The requested time, night, is missing: raise the strength from 0.4 to 0.55.",
    )


def test_a_blocking_control_is_lowered_first() -> None:
    plan = replace(asked("time", "night"), controls=(Control("tile", 0.8), Control("pose", 1.0)))
    assert sentences(drift((DAY,)), plan) == (
        "The requested time, night, is missing: lower the weight of tile from 0.8 to 0.5.",
    )


def test_depth_keeps_lost_outlines_while_strength_rises() -> None:
    loose = replace(drift((DAY,)), whole=replace(SAME, edges=0.3))
    assert sentences(loose, asked("time", "night")) == (
        "The requested time, night, is missing: raise the strength from 0.4 to 0.55, "
        "with depth at 0.6 to keep the layout.",
    )


def test_at_full_strength_the_prompt_order_changes() -> None:
    plan = replace(asked("time", "night"), strength=0.95)
    assert sentences(drift((DAY,)), plan) == (
        "The requested time, night, is missing, though the strength is 0.95: "
        "put it first in the prompt.",
    )


def test_unmeasurable_changes_get_no_advice() -> None:
    plan = replace(
        PLAN,
        changes=(
            FacetChange("style", "", "Art Nouveau"),
            FacetChange("mood", "", "joyful"),
            FacetChange("light", "", "pools of artificial light"),
            FacetChange("focus", "deep focus", ""),
        ),
    )
    assert sentences(drift((DAY,)), plan) == ()


LIGHT = Light(90.0, 0.0, 0.8, 0.5, "mid", 7000.0)


@pytest.mark.parametrize(
    ("words", "arrived"),
    [("warm light", False), ("cool light", True), ("soft light", False), ("hard light", True)],
)
def test_requested_light_is_measured(words: str, arrived: bool) -> None:
    assert (sentences(drift((fact("light", LIGHT),)), asked("light", words)) == ()) is arrived


@pytest.mark.parametrize(
    ("words", "arrived"), [("shallow depth of field", True), ("deep focus", False)]
)
def test_requested_focus_is_measured(words: str, arrived: bool) -> None:
    focus = fact("focus", Focus("shallow", 0.2, True, 0.0, None))
    assert (sentences(drift((focus,)), asked("focus", words)) == ()) is arrived


@pytest.mark.parametrize(("words", "arrived"), [("teal palette", True), ("#F2A541 tones", False)])
def test_a_requested_palette_is_measured(words: str, arrived: bool) -> None:
    before, after = palette_from_words("#7A1010"), palette_from_words("#0F7C78 #2B8C88")
    assert before is not None
    assert after is not None
    seen = drift((fact("palette", after),), (fact("palette", before),))
    assert (sentences(seen, asked("palette", words)) == ()) is arrived


def moved(facet: str) -> Drift:
    return replace(drift(()), facets=(FacetDrift(facet, "", "", findings=(Finding("warmer"),)),))


def test_an_unwanted_change_is_kept_by_a_control() -> None:
    assert sentences(moved("action"), asked("time", "night")) == (
        "The action changed although it should stay: keep it with pose at 0.6, as '--keep pose'.",
    )


def test_a_control_that_is_there_gets_more_weight() -> None:
    plan = replace(PLAN, controls=(Control("depth", 0.5),))
    assert sentences(moved("composition"), plan) == (
        "The composition changed although it should stay: "
        "raise the weight of depth from 0.5 to 0.65.",
    )


def test_a_control_at_full_weight_needs_less_strength() -> None:
    plan = replace(PLAN, controls=(Control("depth", 1.0),))
    assert sentences(moved("composition"), plan) == (
        "The composition changed although it should stay: lower the strength from 0.4 to 0.25.",
    )


def test_colors_may_follow_the_time_of_day() -> None:
    assert sentences(moved("palette"), asked("time", "night")) == ()


def test_a_change_outside_the_mask_is_advised_on() -> None:
    mask = np.zeros((400, 600), np.uint8)
    mask[:200] = 255
    result = np.full((400, 600, 3), 90, np.uint8)
    found = compare_pictures(np.full((400, 600, 3), 89, np.uint8), result, mask=mask)
    assert sentences(found, PLAN) == (
        "The result changed outside the mask: paste the original back there.",
    )
