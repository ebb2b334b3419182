"""read(observations) -> Scene: from what observers claim to what is believed.

Claims of the same words strengthen one another; of claims that contradict one another the most
trusted is said, and the others are kept, unsaid, with the reason. It does not look at pixels.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from math import prod
from typing import Any, Final

from imagetoprompt.core.measurements import Measurement, Scores
from imagetoprompt.core.scene import (
    FACETS,
    EmbeddedPrompt,
    Fact,
    Observation,
    Scene,
    checked_facet,
    in_facet_order,
)
from imagetoprompt.lexicon import table

# Sources share pixels, so they are never independent: no pile of claims makes a certainty.
MAX_FUSED_CONFIDENCE: Final = 0.99


def fuse(
    observations: Iterable[Observation], size: tuple[int, int], origin: EmbeddedPrompt | None = None
) -> Scene:
    """The scene that the observations support, with mood and style; size: (width, height)."""
    heard = sorted(observations, key=lambda each: FACETS.index(checked_facet(each.facet)))
    facts = [
        fact
        for facet, claims in groupby(heard, key=lambda each: each.facet)
        for fact in _believe(facet, list(claims))
    ]
    facts = list(_sensible(facts))
    inferred = [
        fact for claim in infer_mood_and_style(facts) for fact in _believe(claim.facet, [claim])
    ]
    return Scene(size=size, facts=in_facet_order(iter([*facts, *inferred])), origin=origin)


def _sensible(facts: list[Fact]) -> Iterator[Fact]:
    """The facts, but for those that are of no use to a new picture, each with the reason."""
    medium = next((f.value for f in facts if f.facet == "medium" and f.said), "")
    for fact in facts:
        reason = _useless(fact, medium)
        yield replace(fact, said=False, reason=reason) if fact.said and reason else fact


def _useless(fact: Fact, medium: str) -> str:
    """Why the fact is not worth saying: a drawing has no depth of field, a credit no place."""
    rules = table("facets")[fact.facet]
    if any(word in medium for word in rules.get("not_of", ())):
        return f"Makes no sense of a medium such as {medium}."
    if any(mark in fact.value.casefold() for mark in rules.get("credits", ())):
        return "Reads like a credit or a watermark."
    return ""


def _believe(facet: str, claims: list[Observation]) -> Iterator[Fact]:
    """The facts of one facet, the said ones first, each with its reason when it is not said."""
    rules = table("facets")[facet]
    facts = sorted(_merged(claims), key=_plural_order if rules.get("many") else _trust)
    alone = facts[0] if not rules.get("many") and _sure(facts[0]) else None
    for fact in facts:
        if not fact.value:
            yield replace(fact, said=False, reason="Nothing certain enough to say.")
        elif not _sure(fact):
            yield replace(fact, said=False, reason=_unsure(fact, rules["threshold"]))
        elif alone not in (None, fact):
            yield replace(fact, said=False, reason=_contradicted(facts[0]))
        else:
            yield fact


def _merged(claims: list[Observation]) -> Iterator[Fact]:
    """One fact for each different value: sources joined, doubts of different sources multiplied."""
    for value in dict.fromkeys(claim.value.casefold() for claim in claims):
        same = [claim for claim in claims if claim.value.casefold() == value]
        surest = {
            source: max(claim.confidence for claim in same if claim.source == source)
            for source in dict.fromkeys(claim.source for claim in same)
        }
        yield Fact(
            facet=same[0].facet,
            value=same[0].value,
            confidence=_together(list(surest.values())),
            sources=tuple(surest),
            measurement=next((c.measurement for c in same if c.measurement is not None), None),
        )


def _together(confidences: list[float]) -> float:
    if len(confidences) == 1:
        return confidences[0]
    return min(MAX_FUSED_CONFIDENCE, round(1 - prod(1 - each for each in confidences), 4))


def _sure(fact: Fact) -> bool:
    return bool(fact.value) and fact.confidence >= table("facets")[fact.facet]["threshold"]


def _plural_order(fact: Fact) -> bool:
    """Said before unsaid, else as the observer gave them: main subject first, reading order."""
    return not _sure(fact)


def _trust(fact: Fact) -> tuple[bool, int, float]:
    """Said before unsaid, then by the rank of the best source, then by confidence."""
    ranks = table("sources")
    rank = max(ranks.get(source, 0) for source in fact.sources)
    return not _sure(fact), -rank, -fact.confidence


def _unsure(fact: Fact, threshold: float) -> str:
    return f"Not sure enough: {fact.confidence:.2f} of the {threshold:.2f} needed."


def _contradicted(winner: Fact) -> str:
    return f"Contradicted by '{winner.value}' ({', '.join(winner.sources)})."


# One facet alone makes no impression: a dark picture may just be underexposed.
MIN_FACETS: Final = 2
MAX_WORDS: Final = 2
# An impression weaker than this is no candidate; the facet's own threshold decides what is said.
MIN_LIKELIHOOD: Final = 0.4
# A second one is worded when it is nearly as likely as the first.
SECOND_WORD_RATIO: Final = 0.88
# The facets that are inferred, and the table of each.
CUE_TABLES: Final = {"mood": "moods", "style": "styles"}


def infer_mood_and_style(facts: Iterable[Fact]) -> Iterator[Observation]:
    """At most one claim of mood and one of style: the words that several facts point to.

    Only facts that are said count. The confidence is that of the weaker of at most two words; the
    measurement holds the likelihood of every candidate.
    """
    said = [fact for fact in facts if fact.said]
    for facet, name in CUE_TABLES.items():
        likely = {
            word: chance
            for word, chance in _pointed(said, name).items()
            if chance >= MIN_LIKELIHOOD
        }
        if likely:
            yield _claim(facet, likely)


def _claim(facet: str, likely: Mapping[str, float]) -> Observation:
    ranked = sorted(likely, key=lambda word: (-likely[word], word))
    worded = [
        word for word in ranked[:MAX_WORDS] if likely[word] >= SECOND_WORD_RATIO * likely[ranked[0]]
    ]
    scores = Scores({word: likely[word] for word in ranked})
    return Observation(facet, ", ".join(worded), likely[worded[-1]], "facts", scores)


def _pointed(facts: Iterable[Fact], name: str) -> dict[str, float]:
    """How likely each word is that facts of at least two facets point to."""
    pointers: dict[str, dict[str, float]] = {}
    for fact in facts:
        for cue in table(name, __package__)["cues"]:
            for word, weight in cue[name].items() if _holds(cue, fact) else ():
                strongest = pointers.setdefault(word, {})
                strongest[fact.facet] = max(
                    strongest.get(fact.facet, 0.0), weight * fact.confidence
                )
    return {
        word: round(1 - prod(1 - weight for weight in weights.values()), 4)
        for word, weights in pointers.items()
        if len(weights) >= MIN_FACETS
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
