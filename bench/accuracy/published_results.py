"""The results in README.md and docs/accuracy.md, each between two marks in the page.

It works on bench/out/accuracy.json alone and measures nothing.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from bench.accuracy.reliability import Bin, Reliability, as_markdown
from bench.accuracy.table import TABLE_HEAD, row

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
BEGIN_MARK: Final = "<!-- {name}: written by python -m bench.{name} -->"
END_MARK: Final = "<!-- end of {name} -->"

Result: TypeAlias = Mapping[str, Any]


def write_pages(result: Result) -> None:
    """Put the tables of the result into both pages."""
    readme, page = ROOT / "README.md", ROOT / "docs" / "accuracy.md"
    for path, text in ((readme, compact(result)), (page, full(result))):
        path.write_text(between(path.read_text("utf-8"), text), encoding="utf-8")


def between(page: str, text: str, name: str = "accuracy") -> str:
    """The page with the text between the two marks of that benchmark; ValueError without them."""
    begin, after = BEGIN_MARK.format(name=name), END_MARK.format(name=name)
    start, end = page.index(begin) + len(begin), page.index(after)
    return f"{page[:start]}\n\n{text}\n\n{page[end:]}"


def compact(result: Result) -> str:
    """One row for each facet, with a line for each measure of headlines.toml that was taken."""
    wanted = tomllib.loads((HERE / "headlines.toml").read_text(encoding="utf-8"))
    scores = {(score["facet"], score["measure"]): score for score in result["scores"]}
    lines = ["| facet | what | measured | goal | n |", "|---|---|---:|---:|---:|"]
    for facet, names in wanted.items():
        taken = {
            words: scores[facet, measure]
            for words, measure in names.items()
            if (facet, measure) in scores
        }
        if taken:
            lines.append(_compact_row(facet, taken))
    return "\n".join(lines)


def _compact_row(facet: str, taken: Mapping[str, Result]) -> str:
    measured = [
        f"**{score['text']}, missed**" if score["met"] is False else score["text"]
        for score in taken.values()
    ]
    goals = [score["goal"] or "" for score in taken.values()]
    counts = [str(score["n"]) for score in taken.values()]
    cells = (f"`{facet}`", *("<br>".join(cell) for cell in (taken, measured, goals, counts)))
    return f"| {' | '.join(cells)} |"


def full(result: Result) -> str:
    """Every score, then how far confidences can be relied on."""
    return "\n".join(_full(result))


def _full(result: Result) -> Iterator[str]:
    commits = " and ".join(f"`{commit}`" for commit in result["commits"] if commit)
    yield f"Of version {result['version']} ({commits}); ✗ marks a goal that is missed."
    yield from ("", *TABLE_HEAD)
    yield from (
        row((s["facet"], s["measure"], s["text"], s["goal"] or "", s["n"]), s["met"])
        for s in result["scores"]
    )
    yield from ("", "## Reliability", "", RELIABILITY_INTRODUCTION, "")
    yield as_markdown(_reliabilities(result["reliability"]))


RELIABILITY_INTRODUCTION: Final = """\
Of claims made with some confidence, the share that was right: in row cell the mean confidence →
the share right (how many claims). *Error* is the expected calibration error: the mean gap between
the two over ten bins, of all claims, and of those that were sure enough to be said."""


def _reliabilities(rows: Sequence[Result]) -> Iterator[Reliability]:
    for result in rows:
        bins = tuple(Bin(**counts) if counts else None for counts in result["bins"])
        yield Reliability(**{**result, "bins": bins})
