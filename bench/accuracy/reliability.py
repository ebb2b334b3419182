"""Reliability: of what was claimed with some confidence, the share that was right.

Claims below the threshold of their facet count, too: they are shown, grayed, with their confidence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from bench.accuracy.scores import Claim, expected_calibration_error

BIN_EDGES: Final = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Where one bin of confidence ends and the next begins; the first is everything below."""


@dataclass(frozen=True)
class Bin:
    """Claims of like confidence: its mean, the share that was right (0 to 1), how many."""

    confidence: float
    right: float
    n: int


@dataclass(frozen=True)
class Reliability:
    """The bins of a facet on some pictures, None where empty; expected calibration errors.

    `error` is over all claims, `error_said` over those that were said (None when nothing was).
    """

    facet: str
    where: str
    bins: tuple[Bin | None, ...]
    error: float | None
    error_said: float | None
    n: int
    n_said: int


def reliability(claims: Iterable[Claim]) -> list[Reliability]:
    """One row for each facet and kind of pictures, in the order of their first claims."""
    groups: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.facet, claim.where), []).append(claim)
    return [_row(facet, where, group) for (facet, where), group in groups.items()]


def _row(facet: str, where: str, claims: Sequence[Claim]) -> Reliability:
    said = [claim for claim in claims if claim.said]
    groups: list[list[Claim]] = [[] for _ in (*BIN_EDGES, 1.0)]
    for claim in claims:
        groups[sum(claim.confidence >= edge for edge in BIN_EDGES)].append(claim)
    bins = tuple(_bin(group) if group else None for group in groups)
    return Reliability(facet, where, bins, _error(claims), _error(said), len(claims), len(said))


def _bin(claims: Sequence[Claim]) -> Bin:
    sure = fmean(claim.confidence for claim in claims)
    return Bin(round(sure, 3), round(fmean(claim.right for claim in claims), 3), len(claims))


def _error(claims: Sequence[Claim]) -> float | None:
    pairs = [claim.confidence for claim in claims], [claim.right for claim in claims]
    error = expected_calibration_error(*pairs)
    return None if error is None else round(error, 3)


def as_markdown(rows: Iterable[Reliability]) -> str:
    """A row for each facet; in each bin confidence → share right, and how many claims."""
    spans = [f"below {BIN_EDGES[0]}", *(f"{edge} to {edge + 0.1:.1f}" for edge in BIN_EDGES)]
    lines = [
        f"| facet | pictures | {' | '.join(spans)} | error, all | error, said |",
        f"|---|---|{'---:|' * (len(spans) + 2)}",
    ]
    for row in rows:
        cells = " | ".join(_cell(bin_) for bin_ in row.bins)
        errors = f"{_two(row.error)} of {row.n} | {_two(row.error_said)} of {row.n_said}"
        lines.append(f"| {row.facet} | {row.where} | {cells} | {errors} |")
    return "\n".join(lines)


def _cell(each: Bin | None) -> str:
    return "" if each is None else f"{each.confidence:.2f} → {each.right:.2f} ({each.n})"


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
