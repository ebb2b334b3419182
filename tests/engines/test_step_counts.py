import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagetoprompt.engines.step_counts import MAX_STEPS, STEP_RULE_NAMES, steps_for, steps_run
from imagetoprompt.errors import PlanError, UnknownNameError

RUNS = settings(max_examples=300, deadline=None, derandomize=True, database=None)
STRENGTHS = st.integers(5, 100).map(lambda hundredths: hundredths / 100)


@pytest.mark.parametrize(
    ("engine", "runs"),
    [
        ("diffusers", [1, 4, 10, 15, 18, 20]),
        ("diffusers-flow", [1, 4, 10, 15, 18, 20]),
        ("a1111", [2, 5, 11, 16, 19, 20]),
        ("a1111-exact", [20] * 6),
        ("comfyui", [20] * 6),
    ],
)
def test_twenty_steps_run_as_each_engine_has_been_seen_to(engine: str, runs: list[int]) -> None:
    strengths = (0.05, 0.2, 0.5, 0.75, 0.9, 1.0)
    assert [steps_run(engine, 20, strength) for strength in strengths] == runs


def test_rounding_of_floats_loses_and_wins_steps() -> None:
    assert steps_run("diffusers", 50, 0.58) == 28
    assert steps_run("diffusers", 100, 0.29) == 28
    assert steps_run("diffusers-flow", 25, 0.56) == 15


def test_twenty_steps_are_asked_for_as_seen_to_run() -> None:
    strengths = (0.05, 0.35, 0.58, 0.7, 1.0)
    assert [steps_for("diffusers", 20, strength) for strength in strengths] == [400, 58, 35, 29, 20]


@pytest.mark.parametrize("engine", STEP_RULE_NAMES)
@RUNS
@given(want=st.integers(1, 45), strength=STRENGTHS)
def test_exactly_the_wanted_steps_run(engine: str, want: int, strength: float) -> None:
    asked = steps_for(engine, want, strength)
    assert steps_run(engine, asked, strength) == want


@pytest.mark.parametrize("engine", ["diffusers", "diffusers-flow", "a1111"])
@RUNS
@given(want=st.integers(1, 45), strength=STRENGTHS)
def test_fewer_steps_would_not_do(engine: str, want: int, strength: float) -> None:
    asked = steps_for(engine, want, strength)
    assert asked == 1 or steps_run(engine, asked - 1, strength) < want


def test_no_more_is_asked_for_than_a_schedule_has() -> None:
    assert steps_for("diffusers", 30, 0.001) == MAX_STEPS


@pytest.mark.parametrize("engine", STEP_RULE_NAMES)
def test_strength_zero_runs_nothing(engine: str) -> None:
    assert steps_run(engine, 20, 0) == 0
    with pytest.raises(PlanError, match="Strength 0 keeps the picture"):
        steps_for(engine, 20, 0)


@pytest.mark.parametrize("strength", [1.4, -0.1, float("nan")])
def test_a_strength_out_of_range_is_refused(strength: float) -> None:
    with pytest.raises(PlanError, match=r"from 0 \(keep\) to 1 \(free\)"):
        steps_for("diffusers", 20, strength)


def test_one_step_is_the_fewest() -> None:
    with pytest.raises(PlanError, match="one step or more"):
        steps_for("comfyui", 0, 0.5)


def test_an_unknown_engine_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="There are: diffusers, "):
        steps_run("unknown", 20, 0.5)
