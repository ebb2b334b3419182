"""Score: one measured number beside its goal; and the arithmetic that makes such numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median


@dataclass(frozen=True)
class Goal:
    """What is wanted: at least, or at most, a value."""

    value: float
    most: bool = False

    def met(self, measured: float) -> bool:
        """Whether the measured value is good enough."""
        return measured <= self.value if self.most else measured >= self.value


@dataclass(frozen=True)
class Score:
    """A facet's measure on n pictures; unit is %, °, K or nothing; None when n is zero."""

    facet: str
    measure: str
    value: float | None
    n: int
    unit: str = "%"
    goal: Goal | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without a goal or a value."""
        if self.goal is None or self.value is None:
            return None
        return self.goal.met(self.value)


@dataclass(frozen=True)
class Claim:
    """Words about a picture, how sure they were, whether they were right, whether they were said.

    `where` names the pictures.
    """

    facet: str
    where: str
    confidence: float
    right: bool
    said: bool


def share(facet: str, measure: str, right: Sequence[bool], goal: Goal | None = None) -> Score:
    """The percentage of True."""
    value = 100 * fmean(right) if right else None
    return Score(facet, measure, value, len(right), "%", goal)


def middle(
    facet: str, measure: str, errors: Sequence[float], unit: str, goal: Goal | None = None
) -> Score:
    """The median error."""
    return Score(facet, measure, median(errors) if errors else None, len(errors), unit, goal)


def mean(
    facet: str, measure: str, errors: Sequence[float], unit: str, goal: Goal | None = None
) -> Score:
    """The mean error."""
    return Score(facet, measure, fmean(errors) if errors else None, len(errors), unit, goal)


def f1(truth: Sequence[bool], told: Sequence[bool]) -> float | None:
    """The harmonic mean of precision and recall; None when nothing is true."""
    both = sum(a and b for a, b in zip(truth, told, strict=True))
    return 2 * both / (sum(truth) + sum(told)) if any(truth) else None


def auc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """The chance that a positive scores above a negative, ties counting half."""
    if not positive or not negative:
        return None
    wins = [(p > q) + 0.5 * (p == q) for p in positive for q in negative]
    return fmean(wins)


def expected_calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float | None:
    """The mean gap between confidence and accuracy over ten bins, weighted by size (0 to 1)."""
    if not confidence:
        return None
    bins: dict[int, list[tuple[float, bool]]] = {}
    for pair in zip(confidence, right, strict=True):
        bins.setdefault(min(9, int(pair[0] * 10)), []).append(pair)
    gaps = [abs(sum(c - r for c, r in pairs)) for pairs in bins.values()]
    return sum(gaps) / len(confidence)


def turned(first: float, second: float, period: float = 360.0) -> float:
    """The angle between two directions, 0 to half the period."""
    gap = abs(first - second) % period
    return min(gap, period - gap)
