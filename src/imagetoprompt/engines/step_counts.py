"""How many denoising steps an engine runs at a strength, and how many to ask it for.

Image-to-image skips the first part of the schedule, and each program rounds in its own way (rules
read from their sources). The rules stand together because `steps_for` and `steps_run` are public:
they also answer for A1111 and ComfyUI, for which this package writes requests but has no engine.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

from imagetoprompt.errors import PlanError, UnknownNameError

# A1111 never starts from pure noise (modules/sd_samplers_common.py: min(strength, .999)).
_A1111_MAX_STRENGTH: Final = 0.999
# Schedulers are trained on 1000 timesteps and refuse more.
MAX_STEPS: Final = 1000


def _rounded_down(steps: int, strength: float) -> int:
    return int(steps * strength)


def _rounded_for_flow(steps: int, strength: float) -> int:
    return steps - int(steps - steps * strength)


def _a1111(steps: int, strength: float) -> int:
    return int(min(strength, _A1111_MAX_STRENGTH) * steps) + 1


def _all_steps(steps: int, strength: float) -> int:
    return steps


_STEP_RULES: Final[Mapping[str, Callable[[int, float], int]]] = {
    "diffusers": _rounded_down,
    "diffusers-flow": _rounded_for_flow,
    "a1111": _a1111,
    "a1111-exact": _all_steps,
    "comfyui": _all_steps,
}
STEP_RULE_NAMES: Final = tuple(_STEP_RULES)
"""diffusers: SD, SDXL, LCM. diffusers-flow: SD3, FLUX, Qwen. a1111-exact: img2img_fix_steps on."""


def steps_run(engine: str, steps: int, strength: float) -> int:
    """The steps that an engine really runs when asked for `steps` at a strength from 0 to 1.

    0 at strength 0; it can also be 0 at a small strength, where engines fail. UnknownNameError for
    an engine that is not in STEP_RULE_NAMES.
    """
    if engine not in _STEP_RULES:
        raise UnknownNameError("engine with steps", engine, STEP_RULE_NAMES)
    if not 0 <= strength <= 1:
        raise PlanError(f"Strength goes from 0 (keep) to 1 (free), not {strength}.")
    return _STEP_RULES[engine](steps, strength) if strength > 0 and steps > 0 else 0


def steps_for(engine: str, want: int, strength: float) -> int:
    """The smallest number of steps to ask an engine for so that `want` of them run.

    At most 1000, the timesteps of a scheduler: with a small strength fewer than `want` then run.
    PlanError at strength 0, which runs none, or when `want` is less than 1.
    """
    if want < 1:
        raise PlanError(f"Ask for one step or more, not {want}.")
    if strength == 0:
        raise PlanError("Strength 0 keeps the picture and runs no step: give more than 0.")
    steps_run(engine, want, strength)
    # Float rounding can lose a step (100 x 0.29 runs 28) or gain one: search from just below.
    asked = min(max(1, ceil((want - 1) / strength) - 2), MAX_STEPS)
    if _STEP_RULES[engine] is _all_steps:
        return want
    while asked < MAX_STEPS and steps_run(engine, asked, strength) < want:
        asked += 1
    return asked


# Maximum number of steps to ask diffusers for: beyond it, steps are less than two of the 1000
# timesteps apart, and at 1000 some schedulers index past their last timestep.
MAX_ASKED_STEPS: Final = 500


@dataclass(frozen=True)
class StepPlan:
    """Ask the pipeline for `asked` steps at `strength`: `run` of them run."""

    asked: int
    strength: float
    run: int


def step_plan(rule: str, want: int, strength: float) -> StepPlan | None:
    """The step plan that runs `want` steps; None when the strength is too small for one step.

    rule: one of STEP_RULE_NAMES; "" for models without a strength, which run every step at any
    strength above 0. A small strength may leave fewer than `want` steps to run.
    """
    if not rule and strength > 0:
        return StepPlan(want, 1.0, want)
    possible = steps_run(rule, MAX_ASKED_STEPS, strength) if rule else 0
    if possible == 0:
        return None
    asked = min(steps_for(rule, min(want, possible), strength), MAX_ASKED_STEPS)
    return StepPlan(asked, strength, steps_run(rule, asked, strength))
