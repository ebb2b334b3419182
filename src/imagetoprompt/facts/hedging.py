"""Hedging: say the most specific words that are sure enough (after Deng et al., 2012).

`hedged_observations` words a facet from the probabilities of its labels: when kitchen and office
split the vote, "indoor setting" may still be certain. `clause_observations` words a facet that is
made of clauses. What is not sure enough is claimed too, with the confidence that it needs, so that
the scene can show it as an unsaid fact.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from imagetoprompt.core.measurements import Measurement, Scores
from imagetoprompt.core.scene import Observation
from imagetoprompt.lexicon import table

ClassWords: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Label -> its `value` in words; `within`: the wider labels that contain it; `at_least`: the
probability that it needs where that is more than the facet's threshold."""

# A clause that is not sure enough becomes an unsaid fact if it has this share of what it needs.
# Less is noise.
MIN_CLAUSE_RATIO: Final = 0.8
# Less likely labels are no claim, not even an unsaid one.
MIN_GUESS_PROBABILITY: Final = 0.2
MAX_CANDIDATES: Final = 5


class ScoredClause(NamedTuple):
    """A clause of a facet, its confidence, and the confidence from which it is said (0 to 1)."""

    words: str
    confidence: float
    needed: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Whether it may be said."""
        return self.confidence >= self.needed


def clause_thresholds(facet: str) -> Mapping[str, float]:
    """The confidence from which each kind of clause of the facet is said."""
    clauses: Mapping[str, float] = table("facets")[facet]["clauses"]
    return clauses


def unsure_clauses(
    facet: str, clauses: Iterable[ScoredClause], source: str = "pixels"
) -> Iterator[Observation]:
    """One claim for each clause that is nearly, but not quite, sure enough to be said."""
    for words, confidence, needed in clauses:
        if MIN_CLAUSE_RATIO * needed <= confidence < needed:
            yield Observation(facet, words, round(confidence, 4), source, needed=needed)


def joined_clauses(
    facet: str, clauses: Iterable[ScoredClause], measurement: Measurement, otherwise: float
) -> Observation:
    """One claim of all these clauses, as sure as the least sure; `otherwise` without any."""
    kept = list(clauses)
    words = ", ".join(clause.words for clause in kept)
    confidence = min((clause.confidence for clause in kept), default=otherwise)
    return Observation(facet, words, round(confidence, 4), "pixels", measurement)


def hedged_observations(
    facet: str, probabilities: Mapping[str, float], words: ClassWords
) -> Iterator[Observation]:
    """The claim of the most specific label that is sure enough; the candidates are its measurement.

    Its value is empty below MIN_GUESS_PROBABILITY. A more specific label that only its own
    `at_least` keeps from being said follows as a second claim. probabilities: of labels, summing
    to 1; labels without words (such as "other") count but are never said.
    """
    threshold = table("facets")[facet]["threshold"]
    label, confidence = most_specific_label(probabilities, words, threshold)
    value = words[label]["value"] if confidence >= MIN_GUESS_PROBABILITY else ""
    scores = top_candidates(probabilities, words)
    yield Observation(facet, value, round(confidence, 3), "head", scores)
    exact = {name: {**row, "at_least": 0.0} for name, row in words.items()}
    specific, chance = most_specific_label(probabilities, exact, threshold)
    if specific != label and chance >= threshold:
        needed = words[specific]["at_least"]
        value = words[specific]["value"]
        yield Observation(facet, value, round(chance, 3), "head", needed=needed)


def most_specific_label(
    probabilities: Mapping[str, float], words: ClassWords, threshold: float
) -> tuple[str, float]:
    """The most specific label that reaches the threshold, else the likeliest; its probability.

    The probability includes that of all labels within it.
    """
    totals = cumulative_probabilities(probabilities, words)
    needed = {label: max(threshold, words[label].get("at_least", 0.0)) for label in words}
    certain = [label for label in totals if totals[label] >= needed[label]]
    if certain:
        best = max(certain, key=lambda label: (len(ancestors(label, words)), totals[label]))
    else:
        best = max(totals, key=lambda label: (probabilities.get(label, 0.0), totals[label]))
    return best, totals[best]


def cumulative_probabilities(
    probabilities: Mapping[str, float], words: ClassWords
) -> dict[str, float]:
    """The probability of each label of `words`, with all that lies within it."""
    totals = dict.fromkeys(words, 0.0)
    for label, share in probabilities.items():
        for wider in ancestors(label, words):
            totals[wider] += share
    return totals


def ancestors(label: str, words: ClassWords) -> list[str]:
    """The label and every wider one, from specific to wide; empty for a label without words."""
    labels = [label] if label in words else []
    for narrower in labels:
        labels += [wider for wider in words[narrower].get("within", ()) if wider not in labels]
    return labels


def top_candidates(probabilities: Mapping[str, float], words: ClassWords) -> Scores:
    """The likeliest labels in words, with probabilities to three decimals."""
    known = [(round(share, 3), label) for label, share in probabilities.items() if label in words]
    best = sorted(known, key=lambda pair: (-pair[0], pair[1]))[:MAX_CANDIDATES]
    return Scores({words[label]["value"]: share for share, label in best if share})
