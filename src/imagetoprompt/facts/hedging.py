"""claim(facet, probabilities, words) -> the most exact word that is sure enough, as an Observation.

When kitchen and office split the vote, "indoors" may still be certain.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from imagetoprompt.core.measurements import Scores
from imagetoprompt.core.scene import Observation
from imagetoprompt.lexicon import table

ClassWords: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Label -> its `value` in words; for all but the widest, the labels that it is `within`; for some,
the probability that it needs `at_least`, where that is more than the facet's threshold."""

# What is less likely than this is not worth showing as a guess, not even as one that is not said.
MIN_GUESS_PROBABILITY: Final = 0.2
# The candidates that are handed over, likeliest first.
MAX_CANDIDATES: Final = 5


def hedged_observation(
    facet: str, probabilities: Mapping[str, float], words: ClassWords
) -> Observation:
    """One claim with the candidates as its measurement; its value is empty below GUESS.

    `probabilities` of labels; those without words (none of these) count but are never said.
    """
    label, confidence = most_specific_label(
        probabilities, words, table("facets")[facet]["threshold"]
    )
    value = words[label]["value"] if confidence >= MIN_GUESS_PROBABILITY else ""
    return Observation(
        facet, value, round(confidence, 3), "head", top_candidates(probabilities, words)
    )


def most_specific_label(
    probabilities: Mapping[str, float], words: ClassWords, sure: float
) -> tuple[str, float]:
    """The most exact label of at least `sure`, the likelier of two; else the likeliest one."""
    totals = cumulative_probabilities(probabilities, words)
    bars = {label: max(sure, words[label].get("at_least", 0.0)) for label in words}
    certain = [label for label in totals if totals[label] >= bars[label]]
    if certain:
        best = max(certain, key=lambda label: (len(ancestors(label, words)), totals[label]))
    else:
        best = max(totals, key=lambda label: (probabilities.get(label, 0.0), totals[label]))
    return best, totals[best]


def cumulative_probabilities(
    probabilities: Mapping[str, float], words: ClassWords
) -> dict[str, float]:
    """Of every label of `words`, its probability with all that lies within it."""
    totals = dict.fromkeys(words, 0.0)
    for label, share in probabilities.items():
        for wider in ancestors(label, words):
            totals[wider] += share
    return totals


def ancestors(label: str, words: ClassWords) -> list[str]:
    """The label and every wider one, from exact to wide; empty for a label without words."""
    found = [label] if label in words else []
    for each in found:
        found += [wider for wider in words[each].get("within", ()) if wider not in found]
    return found


def top_candidates(probabilities: Mapping[str, float], words: ClassWords) -> Scores:
    """The likeliest candidates in words, with probabilities to three decimals."""
    known = [(round(share, 3), label) for label, share in probabilities.items() if label in words]
    best = sorted(known, key=lambda each: (-each[0], each[1]))[:MAX_CANDIDATES]
    return Scores({words[label]["value"]: share for share, label in best if share})
