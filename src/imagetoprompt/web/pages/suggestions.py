"""suggest(fact) -> words to choose from when a fact is changed: other candidates, then presets'.

It does not know what was chosen before.
"""

from functools import cache
from typing import Final

from imagetoprompt.core.measurements import Scores
from imagetoprompt.core.scene import Fact
from imagetoprompt.facts.edits import presets

MOST: Final = 14
# Less likely than this, a candidate is noise.
LEAST: Final = 0.02


def suggest(facet: str, fact: Fact | None = None) -> tuple[str, ...]:
    """At most fourteen, the likeliest first, without what the fact says already."""
    found = candidates(fact)
    named = (*(name for name, _ in found), *_values(facet))
    said = fact.value if fact else ""
    return tuple(each for each in dict.fromkeys(named) if each != said)[:MOST]


def candidates(fact: Fact | None) -> tuple[tuple[str, float], ...]:
    """What else was thought of, with its probability."""
    if fact is None or not isinstance(fact.measurement, Scores):
        return ()
    ranked = sorted(fact.measurement.scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(pair for pair in ranked if pair[1] >= LEAST)


@cache
def _values(facet: str) -> tuple[str, ...]:
    """What the presets say of the facet."""
    edits = (each for chosen in presets() for each in chosen.edits)
    return tuple(dict.fromkeys(e.value for e in edits if e.facet == facet and e.how == "set"))
