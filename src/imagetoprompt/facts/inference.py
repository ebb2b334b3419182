"""infer(facts) -> claims of mood and style, from the other facts, by published tables.

It does not look at pixels: a mood or style is said only because other facts are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from math import prod
from typing import Any, Final

from imagetoprompt.core.measurements import Measurement, Scores
from imagetoprompt.core.scene import Fact, Observation
from imagetoprompt.lexicon import table

# One facet alone makes no impression: a dark picture may just be underexposed.
FACETS_NEEDED: Final = 2
MOST: Final = 2
# An impression weaker than this is no candidate; the facet's own threshold decides what is said.
LEAST: Final = 0.4
# A second one is worded when it is nearly as likely as the first.
NEARLY: Final = 0.88
# The facets that are inferred, and the table of each.
TABLES: Final = {"mood": "moods", "style": "styles"}


def infer(facts: Iterable[Fact]) -> Iterator[Observation]:
    """At most one claim of mood and one of style: the words that several facts point to.

    Only facts that are said count. The confidence is that of the weaker of at most two words; the
    measurement holds the likelihood of every candidate.
    """
    said = [fact for fact in facts if fact.said]
    for facet, name in TABLES.items():
        likely = {word: chance for word, chance in _pointed(said, name).items() if chance >= LEAST}
        if likely:
            yield _claim(facet, likely)


def _claim(facet: str, likely: Mapping[str, float]) -> Observation:
    ranked = sorted(likely, key=lambda word: (-likely[word], word))
    worded = [word for word in ranked[:MOST] if likely[word] >= NEARLY * likely[ranked[0]]]
    scores = Scores({word: likely[word] for word in ranked})
    return Observation(facet, ", ".join(worded), likely[worded[-1]], "facts", scores)


def _pointed(facts: Iterable[Fact], name: str) -> dict[str, float]:
    """How likely each word is that facts of at least two facets point to."""
    pointers: dict[str, dict[str, float]] = {}
    for fact in facts:
        for cue in table(name)["cues"]:
            for word, weight in cue[name].items() if _holds(cue, fact) else ():
                strongest = pointers.setdefault(word, {})
                strongest[fact.facet] = max(
                    strongest.get(fact.facet, 0.0), weight * fact.confidence
                )
    return {
        word: round(1 - prod(1 - weight for weight in weights.values()), 4)
        for word, weights in pointers.items()
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
