"""Draw `describe.svg`: what the terminal really shows for an example picture.

    python docs/figures/draw.py

It runs the code of the command line, so the figure is what the command prints.
"""

import io
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from imagetoprompt import describe, write
from imagetoprompt.reports.description import Report
from imagetoprompt.reports.rich_text import print_report

PICTURE: Final = "examples/photographer.jpg"
TARGETS: Final = ("midjourney", "flux")
ROOT: Final = Path(__file__).parent.parent.parent
COLUMNS: Final = 100

# A dark ground close to that of common terminals; the sixteen colors are not used by `paint`
# but for gray, which is number eight.
GRAYS: Final = [(24, 26, 31)] + [(170, 170, 170)] * 7
THEME: Final = TerminalTheme((24, 26, 31), (220, 223, 228), GRAYS, [(70, 75, 85)] * 8)


def draw() -> str:
    """The figure as SVG."""
    scene = describe(ROOT / PICTURE)
    report = Report(PICTURE, scene, tuple(write(scene, target) for target in TARGETS))
    console = Console(
        file=io.StringIO(),
        width=COLUMNS,
        record=True,
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    print_report(console, report)
    command = f"imagetoprompt {PICTURE} --for {','.join(TARGETS)}"
    return console.export_svg(title=command, theme=THEME, unique_id="describe")


if __name__ == "__main__":
    Path(__file__).with_name("describe.svg").write_text(draw(), encoding="utf-8")
