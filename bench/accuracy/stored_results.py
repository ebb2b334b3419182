"""Parts of the measurement, each kept in a file of its own, with the commit that it measured.

So that one part can be measured anew without the others.
"""

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

from bench.accuracy.scores import Claim, Goal, Score

Findings: TypeAlias = Iterable[Score | Claim]


@dataclass(frozen=True)
class Part:
    """The results of one part, and the commit that was measured ("" outside of a git checkout)."""

    commit: str
    scores: tuple[Score, ...]
    claims: tuple[Claim, ...]


def measured(findings: Findings) -> Part:
    """The findings, sorted into scores and claims."""
    results = list(findings)
    scores = tuple(result for result in results if isinstance(result, Score))
    return Part(commit(), scores, tuple(result for result in results if isinstance(result, Claim)))


def keep(part: Part, path: Path) -> None:
    """Write the part, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_text(json.dumps(asdict(part), indent=1) + "\n", encoding="utf-8")
    half.replace(path)


def kept(path: Path) -> Part:
    """The part as it was kept."""
    held = json.loads(path.read_text(encoding="utf-8"))
    claims = tuple(Claim(**claim) for claim in held["claims"])
    return Part(held["commit"], tuple(map(_score, held["scores"])), claims)


def _score(row: Mapping[str, Any]) -> Score:
    return Score(**{**row, "goal": row["goal"] and Goal(**row["goal"])})


def renewed(
    parts: Mapping[str, Callable[[], Findings]], chosen: Iterable[str], folder: Path
) -> Iterator[Part]:
    """Every part, of which those chosen, and those never measured, are measured now."""
    anew = set(chosen)
    for name, ask in parts.items():
        path = folder / f"{name}.json"
        if name in anew or not path.exists():
            keep(measured(ask()), path)
        yield kept(path)


def commit() -> str:
    """The short name of the commit that is checked out."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    process = subprocess.run(asked, cwd=Path(__file__).parent, capture_output=True, check=False)  # noqa: S603
    return process.stdout.decode().strip()
