"""Evaluate a head: accuracy, how much it says, how often that is right, calibration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from imagetoprompt.analysis.linear_models import OTHER
from imagetoprompt.facts.hedging import ClassWords, ancestors, most_specific_label

BIN_COUNT: Final = 10


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
    source: str, truth: str, shares: Mapping[str, float], words: ClassWords, threshold: float
) -> Answer:
    """What would be said of a picture; a word that is wider than the truth is right, too."""
    label, confidence = most_specific_label(shares, words, threshold)
    likeliest = max(shares, key=lambda name: shares[name])
    right = label in ancestors(truth, words)
    return Answer(source, truth, label, confidence, likeliest, right)


def summary(answers: Sequence[Answer], threshold: float) -> Summary:
    """The numbers over these answers; those from `threshold` on are said."""
    said = [answer for answer in answers if answer.confidence >= threshold]
    return Summary(
        count=len(answers),
        accuracy=_mean(answer.likeliest == answer.truth for answer in answers),
        said=len(said) / max(1, len(answers)),
        precision=_mean(answer.right for answer in said),
        error=calibration_error(answers),
    )


def reliability(answers: Sequence[Answer]) -> list[tuple[float, float, int]]:
    """Per bin of confidence: its mean, the share that was right, how many."""
    table = []
    for low in np.arange(BIN_COUNT) / BIN_COUNT:
        inside = [
            a for a in answers if low <= a.confidence < low + 1 / BIN_COUNT + 1e-9 * (low > 0.85)
        ]
        if inside:
            sure = _mean(a.confidence for a in inside)
            table.append((sure, _mean(a.right for a in inside), len(inside)))
    return table


def calibration_error(answers: Sequence[Answer]) -> float:
    """Expected calibration error over ten bins of confidence."""
    table = reliability(answers)
    total = sum(count for _, _, count in table)
    return sum(abs(sure - right) * count for sure, right, count in table) / max(1, total)


def confusions(answers: Iterable[Answer]) -> list[tuple[int, str, str]]:
    """How often which label was taken for which, the most frequent first."""
    pairs: dict[tuple[str, str], int] = {}
    for answer in answers:
        if answer.likeliest != answer.truth and OTHER not in (answer.likeliest, answer.truth):
            pair = (answer.truth, answer.likeliest)
            pairs[pair] = pairs.get(pair, 0) + 1
    return sorted(((count, *pair) for pair, count in pairs.items()), reverse=True)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return float(np.mean(listed)) if listed else float("nan")
