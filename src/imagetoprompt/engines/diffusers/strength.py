"""What to ask of a pipeline so that exactly the wanted number of steps runs at a strength.

It does not know pictures. The rules of rounding are in imagetoprompt.engines.step_counts.
"""

from dataclasses import dataclass
from typing import Final

from imagetoprompt.engines.step_counts import steps_for, steps_run

# Schedulers have 1000 moments: more than 500 steps would lie closer than two of them, and with
# 1000 some schedulers look one past their last moment.
FINEST: Final = 500


@dataclass(frozen=True)
class Course:
    """Ask the pipeline for `asked` steps at `strength`, and `run` of them are run."""

    asked: int
    strength: float
    run: int


def course(rule: str, want: int, strength: float) -> Course | None:
    """The course for `want` steps; None when the strength is too small for a single one.

    A small strength reaches only the last moments, of which there may be fewer than `want`. Without
    a rule every step is run at any strength but 0.
    """
    if not rule and strength > 0:
        return Course(want, 1.0, want)
    possible = steps_run(rule, FINEST, strength) if rule else 0
    if possible == 0:
        return None
    asked = min(steps_for(rule, min(want, possible), strength), FINEST)
    return Course(asked, strength, steps_run(rule, asked, strength))
