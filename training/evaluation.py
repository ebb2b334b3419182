"""What a head is worth: accuracy, what it says, how often that is right, how it is calibrated."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from imagetoprompt.analysis.linear_models import OTHER
from imagetoprompt.facts.hedging import ClassWords, ancestors, most_specific_label

BINS: Final = 10


@dataclass(frozen=True)
class Answer:
    """One picture: its set, its true label, what was said, how surely, and the likeliest label."""

    source: str
    truth: str
    said: str
    confidence: float
    likeliest: str
    right: bool


@dataclass(frozen=True)
class Summary:
    """Over `count` pictures: shares 0 to 1; precision is NaN when nothing was said."""

    count: int
    accuracy: float
    said: float
    precision: float
    error: float


def answer(
    source: str, truth: str, shares: Mapping[str, float], words: ClassWords, sure: float
) -> Answer:
    """What would be said of a picture; a word that is wider than the truth is right, too."""
    label, confidence = most_specific_label(shares, words, sure)
    likeliest = max(shares, key=lambda each: shares[each])
    right = label in ancestors(truth, words)
    return Answer(source, truth, label, confidence, likeliest, right)


def summary(answers: Sequence[Answer], sure: float) -> Summary:
    """The numbers over these answers, said from `sure` on."""
    said = [each for each in answers if each.confidence >= sure]
    return Summary(
        count=len(answers),
        accuracy=_mean(each.likeliest == each.truth for each in answers),
        said=len(said) / max(1, len(answers)),
        precision=_mean(each.right for each in said),
        error=calibration_error(answers),
    )


def reliability(answers: Sequence[Answer]) -> list[tuple[float, float, int]]:
    """Per bin of confidence: its mean, the share that was right, how many."""
    table = []
    for low in np.arange(BINS) / BINS:
        inside = [a for a in answers if low <= a.confidence < low + 1 / BINS + 1e-9 * (low > 0.85)]
        if inside:
            sure = _mean(a.confidence for a in inside)
            table.append((sure, _mean(a.right for a in inside), len(inside)))
    return table


def calibration_error(answers: Sequence[Answer]) -> float:
    """Expected calibration error: confidence against the share that was right, by ten bins."""
    table = reliability(answers)
    total = sum(count for _, _, count in table)
    return sum(abs(sure - right) * count for sure, right, count in table) / max(1, total)


def confusions(answers: Iterable[Answer]) -> list[tuple[int, str, str]]:
    """How often which label was taken for which, the most frequent first."""
    pairs: dict[tuple[str, str], int] = {}
    for each in answers:
        if each.likeliest != each.truth and OTHER not in (each.likeliest, each.truth):
            pair = (each.truth, each.likeliest)
            pairs[pair] = pairs.get(pair, 0) + 1
    return sorted(((count, *pair) for pair, count in pairs.items()), reverse=True)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return float(np.mean(listed)) if listed else float("nan")
