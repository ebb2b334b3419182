"""A report for a color terminal: swatches, bars of confidence, prompts colored by facet."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

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

# Neighbors in facet order differ clearly. The lightness suits dark backgrounds, which are more
# common, and stays legible on light ones.
COLORS: Final = {
    "subject": "#e0a030",
    "action": "#d9822b",
    "setting": "#5aa45f",
    "time": "#8f7fd6",
    "weather": "#4f9fd0",
    "season": "#7fae3a",
    "light": "#c9a227",
    "palette": "#d2649a",
    "composition": "#35a79c",
    "camera": "#7a93b8",
    "focus": "#a478c4",
    "mood": "#cf6a6a",
    "medium": "#5f8dff",
    "style": "#b5763f",
    "text": "#9a9a9a",
}

# Longer lines are hard to read, however wide the window is.
MAX_WIDTH: Final = 110
# Widths in characters: of the strip that shows the palette by area, and of a confidence bar.
STRIP_WIDTH: Final = 48
BAR_WIDTH: Final = 5


def print_report(console: Console, report: Report) -> None:
    """The whole report, wrapped to the console's width."""
    console.print(Group(*_parts(report)), width=min(console.width, MAX_WIDTH))


def _parts(report: Report) -> Iterator[RenderableType]:
    width, height = report.scene.size
    yield Text.assemble((printable(report.picture), "bold"), (f"  {width} x {height}", "dim"))
    for warning in report.scene.warnings:
        yield Text(warning, style="yellow")
    if report.scene.origin is not None:
        yield Padding(_origin(report.scene.origin), (1, 0, 0, 0))
    yield Padding(_facts(report), (1, 0, 0, 0))
    for prompt in report.prompts:
        yield Padding(_prompt(prompt), (1, 0, 0, 0))
    yield Text()


def _origin(origin: EmbeddedPrompt) -> RenderableType:
    head = Text.assemble(
        ("Written in the file", "bold"), (f"  {printable(origin.generator)}", "dim")
    )
    lines = [Text(printable(origin.prompt))]
    if origin.negative:
        lines.append(Text.assemble(("negative  ", "dim"), printable(origin.negative)))
    return Group(head, Padding(Group(*lines), (0, 0, 0, 2)))


def _facts(report: Report) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    empty_facets = []
    for facet, facts in report.by_facet():
        shown = [fact for fact in facts if report.why or fact.value or fact.facet == "palette"]
        for number, fact in enumerate(shown):
            name = Text("" if number else facet, style=COLORS[facet] if fact.said else "dim")
            table.add_row(name, _bar(fact), Group(*_fact(fact, report.why)))
        empty_facets += [] if shown else [facet]
    if empty_facets:
        table.add_row(
            Text("not determined", style="dim"), "", Text(", ".join(empty_facets), style="dim")
        )
    return table


def _bar(fact: Fact) -> Text:
    full = round(fact.confidence * BAR_WIDTH)
    color = COLORS[fact.facet] if fact.said else "dim"
    return Text.assemble(
        ("━" * full, color),
        ("━" * (BAR_WIDTH - full), "bright_black"),
        (f" {fact.confidence:.2f}", "dim"),
    )


def _fact(fact: Fact, why: bool) -> Iterator[RenderableType]:
    if fact.said:
        yield Text(printable(fact.value))
    else:
        reason = "" if why else fact.reason
        yield Text(printable(" · ".join(filter(None, (fact.value, reason)))), style="dim italic")
    if isinstance(fact.measurement, Palette):
        yield from _swatches(fact.measurement)
    if why:
        yield from (Text(printable(sentence), style="dim") for sentence in explain(fact))


def _swatches(palette: Palette) -> Iterator[RenderableType]:
    strip, names = Text(), []
    for swatch in palette.swatches:
        strip.append("█" * max(1, round(swatch.area * STRIP_WIDTH)), style=swatch.hex)
        words = f"{swatch.hex} {printable(swatch.name)} {swatch.area:.0%}"
        names.append(Text.assemble(("■ ", swatch.hex), (words, "dim")))
    yield strip
    yield Columns(names, padding=(0, 2))


def _prompt(prompt: Prompt) -> RenderableType:
    name = f"  {prompt.target}:{prompt.variant} · {measurement_text(prompt)}"
    return Group(
        Text.assemble((report_heading(prompt), "bold"), (name, "dim")),
        Padding(Group(colored_prompt(prompt), *_rest(prompt)), (0, 0, 0, 2)),
    )


def colored_prompt(prompt: Prompt) -> Text:
    """The prompt's text, each span in the color of the facet that it comes from."""
    text = Text(printable(prompt.text))
    for span in prompt.spans:
        text.stylize(COLORS[span.facet], span.start, span.end)
    return text


def _rest(prompt: Prompt) -> Iterator[Text]:
    if prompt.negative:
        yield Text.assemble(("negative    ", "dim"), printable(prompt.negative))
    if prompt.parameters:
        yield Text(f"parameters  {printable(settings_line(prompt))}", style="dim")
    for dropped in prompt.dropped:
        words = f"left out    {dropped.facet}: {dropped.value} · {dropped.reason}"
        yield Text(printable(words), style="dim italic")


def print_table(console: Console, rows: Iterable[Sequence[str]]) -> None:
    """Print rows as a table; the first row is the heading."""
    head, *body = rows
    table = Table(*head, box=None, header_style="bold", padding=(0, 2, 0, 0))
    for row in body:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console.print(table)
