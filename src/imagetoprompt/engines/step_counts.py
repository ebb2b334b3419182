"""steps_run, steps_for: what an engine makes of a strength.

Engines skip the first part of their steps when they begin from a picture, each by its own rounding
(read from their sources). It does not know any model, nor how the strength was chosen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

from imagetoprompt.errors import PlanError, UnknownNameError

# A1111 never starts from pure noise (modules/sd_samplers_common.py: min(strength, .999)).
_FULLEST: Final = 0.999
# Schedulers are trained on 1000 steps and refuse more.
MAX_STEPS: Final = 1000


def _floored(steps: int, strength: float) -> int:
    return int(steps * strength)


def _flowing(steps: int, strength: float) -> int:
    return steps - int(steps - steps * strength)


def _a1111(steps: int, strength: float) -> int:
    return int(min(strength, _FULLEST) * steps) + 1


def _all(steps: int, strength: float) -> int:
    return steps


_RULES: Final[Mapping[str, Callable[[int, float], int]]] = {
    "diffusers": _floored,
    "diffusers-flow": _flowing,
    "a1111": _a1111,
    "a1111-exact": _all,
    "comfyui": _all,
}
ENGINES: Final = tuple(_RULES)
"""diffusers: SD, SDXL, LCM. diffusers-flow: SD3, FLUX, Qwen. a1111-exact: img2img_fix_steps set."""


def steps_run(engine: str, steps: int, strength: float) -> int:
    """How many steps the engine really runs when asked for `steps` at a strength of 0 to 1.

    At 0 nothing is painted: no step. The count can be 0 above 0 too, where an engine fails.
    """
    if engine not in _RULES:
        raise UnknownNameError("engine with steps", engine, ENGINES)
    if not 0 <= strength <= 1:
        raise PlanError(f"Strength goes from 0 (keep) to 1 (free), not {strength}.")
    return _RULES[engine](steps, strength) if strength > 0 and steps > 0 else 0


def steps_for(engine: str, want: int, strength: float) -> int:
    """The fewest steps to ask the engine for, so that exactly `want` of them are run.

    At most 1000, which is all that a scheduler has: then fewer than `want` are run. PlanError at
    strength 0, which runs none, or when `want` is no positive number.
    """
    if want < 1:
        raise PlanError(f"Ask for one step or more, not {want}.")
    if strength == 0:
        raise PlanError("Strength 0 keeps the picture and runs no step: give more than 0.")
    steps_run(engine, want, strength)
    # Rounding of floats can lose a step (100 x 0.29 runs 28) or win one: look from just below.
    asked = min(max(1, ceil((want - 1) / strength) - 2), MAX_STEPS)
    if _RULES[engine] is _all:
        return want
    while asked < MAX_STEPS and steps_run(engine, asked, strength) < want:
        asked += 1
    return asked


# Schedulers have 1000 moments: more than 500 steps would lie closer than two of them, and with
# 1000 some schedulers look one past their last moment.
MAX_INNER_STEPS: Final = 500


@dataclass(frozen=True)
class StepPlan:
    """Ask the pipeline for `asked` steps at `strength`, and `run` of them are run."""

    asked: int
    strength: float
    run: int


def step_plan(rule: str, want: int, strength: float) -> StepPlan | None:
    """The course for `want` steps; None when the strength is too small for a single one.

    A small strength reaches only the last moments, of which there may be fewer than `want`. Without
    a rule every step is run at any strength but 0.
    """
    if not rule and strength > 0:
        return StepPlan(want, 1.0, want)
    possible = steps_run(rule, MAX_INNER_STEPS, strength) if rule else 0
    if possible == 0:
        return None
    asked = min(steps_for(rule, min(want, possible), strength), MAX_INNER_STEPS)
    return StepPlan(asked, strength, steps_run(rule, asked, strength))
