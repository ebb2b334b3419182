"""Lines and tables on whatever standard output is: colored on a terminal, plain in a pipe.

It does not know what the lines say.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from imagetoprompt.reports.description import legible

Kind = Literal["head", "gone", "come", "same", "note", "code", ""]
# What stands before a line in plain text, and how a terminal shows it.
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
    """One line and what it is: a head, words that go or come, a note, or something to paste."""

    text: str = ""
    kind: Kind = ""


def colorful() -> bool:
    """Whether standard output is a terminal that may be colored (no-color.org)."""
    dumb = os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not dumb and not os.environ.get("NO_COLOR")


def show(lines: Iterable[Line]) -> None:
    """Print the lines, wrapped on a terminal only."""
    if not colorful():
        sys.stdout.writelines(f"{plain(line)}\n" for line in lines)
        return
    # Here, since a pipe does without rich, which takes a while to load.
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console()
    for line in lines:
        console.print(Text(plain(line), style=_STYLES.get(line.kind, "")))


def plain(line: Line) -> str:
    """The line with its mark, harmless to a terminal."""
    return legible(f"{_MARKS.get(line.kind, '')}{line.text}").rstrip()


def rows(table: Iterable[Sequence[str]], kind: Kind = "") -> list[Line]:
    """Rows as lines of even columns, two spaces apart."""
    kept = [tuple(row) for row in table]
    widths = [max(map(len, column)) for column in zip(*kept, strict=True)] if kept else []
    return [
        Line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)), kind)
        for row in kept
    ]
