"""Fuse observations into facts: `fuse(observations, size, origin) -> Scene`.

Equal claims of different sources strengthen one another. Of contradicting claims the one from the
most trusted source is said; the others stay in the scene with said=False and the reason. Mood and
style are then inferred from the said facts. The thresholds are in lexicon/facets.toml.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from math import prod
from typing import Any, Final, NamedTuple

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

# All sources look at the same pixels, so they are not independent: never certain.
MAX_FUSED_CONFIDENCE: Final = 0.99


class _Candidate(NamedTuple):
    """A fact that may be said, and the confidence that it needs for that.

    is_clause: a clause that an observer was not sure enough of, kept after the facet's other facts.
    """

    fact: Fact
    needed: float
    is_clause: bool

    @property
    def is_sure(self) -> bool:
        return bool(self.fact.value) and self.fact.confidence >= self.needed


def fuse(
    observations: Iterable[Observation], size: tuple[int, int], origin: EmbeddedPrompt | None = None
) -> Scene:
    """The scene that the observations support. size: (width, height) of the upright picture."""
    claims = sorted(observations, key=lambda claim: FACETS.index(checked_facet(claim.facet)))
    facts = [
        fact
        for facet, same in groupby(claims, key=lambda claim: claim.facet)
        for fact in _facts_of_facet(facet, list(same))
    ]
    facts = list(_without_useless(facts))
    for claim in infer_mood_and_style(facts):
        facts += _facts_of_facet(claim.facet, [claim])
    return Scene(size=size, facts=in_facet_order(iter(facts)), origin=origin)


def _without_useless(facts: list[Fact]) -> Iterator[Fact]:
    """The facts; those that are of no use to a new picture are unsaid, with the reason."""
    medium = next((f.value for f in facts if f.facet == "medium" and f.said), "")
    for fact in facts:
        reason = _why_useless(fact, medium)
        yield replace(fact, said=False, reason=reason) if fact.said and reason else fact


def _why_useless(fact: Fact, medium: str) -> str:
    """Drawings have no depth of field, and a credit line is no text of the scene; else ""."""
    rules = table("facets")[fact.facet]
    if any(word in medium for word in rules.get("not_of", ())):
        return f"Does not apply to a medium such as {medium}."
    if any(mark in fact.value.casefold() for mark in rules.get("credits", ())):
        return "Looks like a credit line or a watermark."
    return ""


def _facts_of_facet(facet: str, claims: list[Observation]) -> Iterator[Fact]:
    """The facts of one facet, the said ones first; an unsaid one has its reason."""
    many = table("facets")[facet].get("many", False)
    candidates = sorted(_merged(facet, claims), key=_list_order if many else _trust_order)
    winner = candidates[0] if not many and candidates[0].is_sure else None
    for candidate in candidates:
        reason = _why_unsaid(candidate, winner)
        yield replace(candidate.fact, said=False, reason=reason) if reason else candidate.fact


def _why_unsaid(candidate: _Candidate, winner: _Candidate | None) -> str:
    fact = candidate.fact
    if not fact.value:
        return "Nothing is certain enough."
    if not candidate.is_sure:
        return f"Not sure enough: {fact.confidence:.2f} of the {candidate.needed:.2f} needed."
    if winner is not None and winner is not candidate:
        return f"Contradicted by '{winner.fact.value}' ({', '.join(winner.fact.sources)})."
    return ""


def _merged(facet: str, claims: list[Observation]) -> Iterator[_Candidate]:
    """One fact for each different value, from all sources that claim it."""
    threshold = table("facets")[facet]["threshold"]
    for value in dict.fromkeys(claim.value.casefold() for claim in claims):
        same = [claim for claim in claims if claim.value.casefold() == value]
        surest = {
            source: max(claim.confidence for claim in same if claim.source == source)
            for source in dict.fromkeys(claim.source for claim in same)
        }
        fact = Fact(
            facet=same[0].facet,
            value=same[0].value,
            confidence=_combined(list(surest.values())),
            sources=tuple(surest),
            measurement=next((c.measurement for c in same if c.measurement is not None), None),
        )
        needed = max(claim.needed for claim in same)
        yield _Candidate(fact, max(threshold, needed), is_clause=needed > 0)


def _combined(confidences: list[float]) -> float:
    """Noisy or: 1 minus the product of the doubts."""
    if len(confidences) == 1:
        return confidences[0]
    return min(MAX_FUSED_CONFIDENCE, round(1 - prod(1 - sure for sure in confidences), 4))


def _list_order(candidate: _Candidate) -> bool:
    """Said before unsaid, else as the observer gave them: main subject first, reading order."""
    return not candidate.is_sure


def _trust_order(candidate: _Candidate) -> tuple[bool, bool, int, float]:
    """Said before unsaid, clauses last; then by the best source's rank and by confidence."""
    ranks = table("sources")
    rank = max(ranks.get(source, 0) for source in candidate.fact.sources)
    return not candidate.is_sure, candidate.is_clause, -rank, -candidate.fact.confidence


# A mood or style needs cues of two facets: a dark picture may just be underexposed.
MIN_FACETS: Final = 2
MAX_WORDS: Final = 2
# Below this likelihood a word is no candidate; the facet's threshold then decides what is said.
MIN_LIKELIHOOD: Final = 0.4
# A second word is said when it is nearly as likely as the first.
SECOND_WORD_RATIO: Final = 0.88
# The inferred facets, each with its table beside this module.
CUE_TABLES: Final = {"mood": "moods", "style": "styles"}


def infer_mood_and_style(facts: Iterable[Fact]) -> Iterator[Observation]:
    """At most one claim of mood and one of style: the words that several said facts point to.

    The confidence is that of the less likely of at most two words; the measurement has the
    likelihood of every candidate.
    """
    said = [fact for fact in facts if fact.said]
    for facet, name in CUE_TABLES.items():
        likelihoods = _likelihoods(said, name)
        likely = {word: p for word, p in likelihoods.items() if p >= MIN_LIKELIHOOD}
        if likely:
            yield _inferred(facet, likely)


def _inferred(facet: str, likely: Mapping[str, float]) -> Observation:
    ranked = sorted(likely, key=lambda word: (-likely[word], word))
    needed = SECOND_WORD_RATIO * likely[ranked[0]]
    words = [word for word in ranked[:MAX_WORDS] if likely[word] >= needed]
    scores = Scores({word: likely[word] for word in ranked})
    return Observation(facet, ", ".join(words), likely[words[-1]], "facts", scores)


def _likelihoods(facts: Iterable[Fact], name: str) -> dict[str, float]:
    """Noisy or over facets of the strongest cue, for each word that two facets point to."""
    cues: dict[str, dict[str, float]] = {}
    for fact in facts:
        for cue in table(name, __package__)["cues"]:
            for word, weight in cue[name].items() if _applies(cue, fact) else ():
                strongest = cues.setdefault(word, {})
                weighted = weight * fact.confidence
                strongest[fact.facet] = max(strongest.get(fact.facet, 0.0), weighted)
    return {
        word: round(1 - prod(1 - weight for weight in weights.values()), 4)
        for word, weights in cues.items()
        if len(weights) >= MIN_FACETS
    }


def _applies(cue: Mapping[str, Any], fact: Fact) -> bool:
    if cue["facet"] != fact.facet:
        return False
    words = cue.get("words")
    if words and not any(re.search(rf"\b{word}", fact.value, re.IGNORECASE) for word in words):
        return False
    return _measures(cue, fact.measurement)


def _measures(cue: Mapping[str, Any], measurement: Measurement | None) -> bool:
    """Whether the measurement meets every condition of the cue: `is`, `above` and `below`."""

    def number(name: str) -> float:
        return float(getattr(measurement, name, "nan"))

    return (
        all(getattr(measurement, name, None) == value for name, value in cue.get("is", {}).items())
        and all(number(name) > bound for name, bound in cue.get("above", {}).items())
        and all(number(name) < bound for name, bound in cue.get("below", {}).items())
    )
