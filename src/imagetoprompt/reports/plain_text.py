"""A report in plain text: for pipes, files, NO_COLOR and grep.

One line for each fact, starting with its facet; one line for each prompt, below a line with its
target in brackets. There are no escape codes, and nothing is cut or wrapped.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from imagetoprompt.core.measurements import Palette
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.core.scene import EmbeddedPrompt, Fact
from imagetoprompt.facts.explain import explain
from imagetoprompt.reports.description import (
    Report,
    measurement_text,
    printable,
    report_heading,
    settings_line,
)


def report_text(report: Report) -> str:
    """The whole report, ending with a line feed."""
    return "".join(f"{printable(line)}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    width, height = report.scene.size
    yield f"{report.picture} ({width} x {height})"
    yield from report.scene.warnings
    yield ""
    if report.scene.origin is not None:
        yield from _origin(report.scene.origin)
    for _, facts in report.by_facet():
        for fact in facts:
            yield from _fact(fact, report.why)
    for prompt in report.prompts:
        yield ""
        yield from _prompt(prompt)


def _origin(origin: EmbeddedPrompt) -> Iterator[str]:
    yield f"[written in the file by {origin.generator}]"
    yield origin.prompt
    if origin.negative:
        yield f"negative: {origin.negative}"
    yield ""


def _fact(fact: Fact, why: bool) -> Iterator[str]:
    note = "" if fact.said or why else f"({fact.reason or 'Not said.'})"
    words = " ".join(filter(None, (fact.value, note)))
    yield f"{fact.facet:<12}{fact.confidence:.2f}  {words}"
    if isinstance(fact.measurement, Palette):
        for swatch in fact.measurement.swatches:
            yield f"{fact.facet:<12}{swatch.area:>4.0%}  {swatch.hex}  {swatch.name}"
    if why:
        yield from (f"{'':<18}{sentence}" for sentence in explain(fact))


def _prompt(prompt: Prompt) -> Iterator[str]:
    yield f"[{prompt.target}:{prompt.variant}] {report_heading(prompt)}, {measurement_text(prompt)}"
    yield prompt.text
    if prompt.negative:
        yield f"negative: {prompt.negative}"
    if prompt.parameters:
        yield f"parameters: {settings_line(prompt)}"
    for dropped in prompt.dropped:
        yield f"left out: {dropped.facet}: {dropped.value} ({dropped.reason})"


def aligned_rows(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows as lines with columns of equal width, two spaces apart; the last is not padded."""
    cells = [tuple(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


Kind = Literal["head", "gone", "come", "same", "note", "code", ""]
# The prefix of a line in plain text, and its style on a terminal.
_MARKS: Final[dict[Kind, str]] = {"gone": "- ", "come": "+ ", "same": "  "}
_STYLES: Final[dict[Kind, str]] = {
    "head": "bold",
    "gone": "red",
    "come": "green",
    "note": "dim",
    "code": "cyan",
}


@dataclass(frozen=True)
class Line:
    """One line and its kind: a heading, removed or added words, a note, or something to paste."""

    text: str = ""
    kind: Kind = ""


def supports_color() -> bool:
    """Whether standard output is a terminal that may be colored (no-color.org)."""
    dumb = os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not dumb and not os.environ.get("NO_COLOR")


def print_lines(lines: Iterable[Line]) -> None:
    """Print the lines, wrapped on a terminal only."""
    if not supports_color():
        sys.stdout.writelines(f"{plain_line(line)}\n" for line in lines)
        return
    # rich loads slowly, and a pipe does not need it.
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console()
    for line in lines:
        console.print(Text(plain_line(line), style=_STYLES.get(line.kind, "")))


def plain_line(line: Line) -> str:
    """The line with its mark, and without characters that could control the terminal."""
    return printable(f"{_MARKS.get(line.kind, '')}{line.text}").rstrip()
