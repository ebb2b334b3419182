"""infer(facts) -> claims of mood, from light, palette, weather and time, by a published table.

It does not look at pixels: a mood is said only because other facts are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from math import prod
from typing import Any, Final

from imagetoprompt.lexicon import table
from imagetoprompt.measurement import Measurement, Scores
from imagetoprompt.scene import Fact, Observation

# One facet alone makes no mood: a dark picture may just be underexposed.
FACETS_NEEDED: Final = 2
MOST: Final = 2
# A mood weaker than this is no candidate; the facet's own threshold decides what is said.
LEAST: Final = 0.4
# A second mood is worded when it is nearly as likely as the first.
NEARLY: Final = 0.88


def infer(facts: Iterable[Fact]) -> Iterator[Observation]:
    """At most one claim: the moods that several facts point to, in the words of the table.

    Only facts that are said count. The confidence is that of the weaker of at most two moods; the
    measurement holds the likelihood of every candidate.
    """
    likely = {mood: chance for mood, chance in _moods(facts).items() if chance >= LEAST}
    if not likely:
        return
    ranked = sorted(likely, key=lambda mood: (-likely[mood], mood))
    worded = [mood for mood in ranked[:MOST] if likely[mood] >= NEARLY * likely[ranked[0]]]
    scores = Scores({mood: likely[mood] for mood in ranked})
    yield Observation("mood", ", ".join(worded), likely[worded[-1]], "facts", scores)


def _moods(facts: Iterable[Fact]) -> dict[str, float]:
    """How likely each mood is that facts of at least two facets point to."""
    pointers: dict[str, dict[str, float]] = {}
    for fact in facts:
        for cue in table("moods")["cues"] if fact.said else ():
            for mood, weight in cue["moods"].items() if _holds(cue, fact) else ():
                strongest = pointers.setdefault(mood, {})
                strongest[fact.facet] = max(
                    strongest.get(fact.facet, 0.0), weight * fact.confidence
                )
    return {
        mood: round(1 - prod(1 - weight for weight in weights.values()), 4)
        for mood, weights in pointers.items()
        if len(weights) >= FACETS_NEEDED
    }


def _holds(cue: Mapping[str, Any], fact: Fact) -> bool:
    if cue["facet"] != fact.facet:
        return False
    words = cue.get("words")
    if words and not any(re.search(rf"\b{word}", fact.value, re.IGNORECASE) for word in words):
        return False
    return _measures(cue, fact.measurement)


def _measures(cue: Mapping[str, Any], measurement: Measurement | None) -> bool:
    """Whether the measurement has every number that the cue asks for."""

    def number(name: str) -> float:
        return float(getattr(measurement, name, "nan"))

    return (
        all(getattr(measurement, name, None) == each for name, each in cue.get("is", {}).items())
        and all(number(name) > bound for name, bound in cue.get("above", {}).items())
        and all(number(name) < bound for name, bound in cue.get("below", {}).items())
    )
