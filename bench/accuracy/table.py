"""The scores as a markdown table and, with the reliability, as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Final

from bench.accuracy.reliability import Reliability
from bench.accuracy.scores import Goal, Score

TABLE_HEAD: Final = ("| facet | measure | measured | goal | n |", "|---|---|---:|---:|---:|")


def markdown(scores: Iterable[Score]) -> str:
    """One row for each score; a goal that is missed is marked."""
    rows = (
        row((score.facet, score.measure, value_text(score), goal_text(score), score.n), score.met)
        for score in scores
    )
    return "\n".join([*TABLE_HEAD, *rows])


def row(cells: tuple[str, str, str, str, int], met: bool | None) -> str:
    """Facet, measure, value, goal and n as a line of the table."""
    facet, measure, value, goal, n = cells
    return f"| {facet} | {measure} | {value}{' ✗' if met is False else ''} | {goal} | {n} |"


def value_text(score: Score) -> str:
    """What was measured, "-" when nothing was."""
    return "-" if score.value is None else number(score.value, score.unit)


def goal_text(score: Score) -> str:
    """The goal with its direction, empty without one."""
    return "" if score.goal is None else _at(score.goal, score.unit)


def _at(goal: Goal, unit: str) -> str:
    return f"{'≤' if goal.most else '≥'} {number(goal.value, unit)}"


def number(value: float, unit: str) -> str:
    """The value as it is read: whole percent and kelvin, a tenth of a degree, else two places."""
    if unit == "%":
        return f"{value:.1f} %"
    return f"{value:.0f} K" if unit == "K" else f"{value:.1f}°" if unit == "°" else f"{value:.2f}"


def as_json(
    scores: Iterable[Score], reliability: Iterable[Reliability], commits: Sequence[str]
) -> dict[str, object]:
    """Everything as plain values; `text` and `goal` are as they are printed."""
    return {
        "version": version("imagetoprompt"),
        "commits": list(commits),
        "scores": [_plain(score) for score in scores],
        "reliability": [asdict(row) for row in reliability],
    }


def _plain(score: Score) -> dict[str, object]:
    return {
        "facet": score.facet,
        "measure": score.measure,
        "value": None if score.value is None else round(score.value, 4),
        "text": value_text(score),
        "unit": score.unit,
        "n": score.n,
        "goal": goal_text(score) or None,
        "met": score.met,
    }
