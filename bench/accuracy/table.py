"""The scores as a markdown table and as JSON."""

from collections.abc import Iterable, Iterator

from bench.accuracy.scores import Goal, Score


def markdown(scores: Iterable[Score]) -> str:
    """One row for each score; a goal that is missed is marked."""
    head = ["| facet | measure | measured | goal | n |", "|---|---|---:|---:|---:|"]
    return "\n".join([*head, *_rows(scores)])


def _rows(scores: Iterable[Score]) -> Iterator[str]:
    for score in scores:
        wanted = "" if score.goal is None else goal_text(score.goal, score.unit)
        missed = " ✗" if score.met is False else ""
        value = "-" if score.value is None else number(score.value, score.unit)
        yield f"| {score.facet} | {score.measure} | {value}{missed} | {wanted} | {score.n} |"


def goal_text(goal: Goal, unit: str) -> str:
    """The goal with its direction."""
    return f"{'≤' if goal.most else '≥'} {number(goal.value, unit)}"


def number(value: float, unit: str) -> str:
    """The value as it is read: whole percent and kelvin, a tenth of a degree, else two places."""
    if unit == "%":
        return f"{value:.1f} %"
    return f"{value:.0f} K" if unit == "K" else f"{value:.1f}°" if unit == "°" else f"{value:.2f}"


def as_json(scores: Iterable[Score]) -> list[dict[str, object]]:
    """The scores as plain values."""
    return [
        {
            "facet": score.facet,
            "measure": score.measure,
            "value": None if score.value is None else round(score.value, 4),
            "unit": score.unit,
            "n": score.n,
            "goal": None if score.goal is None else goal_text(score.goal, score.unit),
            "met": score.met,
        }
        for score in scores
    ]
