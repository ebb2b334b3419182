"""`imagetoprompt describe` and `explain`: the facts of pictures, and the evidence for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from imagetoprompt.cli.change_options import comma_separated, output_file
from imagetoprompt.cli.terminal import copy, print_message, spinner
from imagetoprompt.core.scene import FACETS, checked_facet
from imagetoprompt.errors import ImageToPromptError

if TYPE_CHECKING:
    from imagetoprompt.core.prompt import Prompt
    from imagetoprompt.core.scene import Scene
    from imagetoprompt.reports.description import Report

# The exit code of shells and click for wrong usage.
BAD_USAGE: Final = 2

EXAMPLES: Final = """\b
Examples:
  imagetoprompt photo.jpg                       facts, and a prompt for each target
  imagetoprompt photo.jpg --for flux,sd:xl      two prompts only
  imagetoprompt photo.jpg --without palette     leave the colors open
  imagetoprompt *.jpg --json > scenes.jsonl     one JSON object a line, one a picture
  imagetoprompt https://example.org/photo.jpg   a picture on the web
  cat photo.jpg | imagetoprompt -               a picture from a pipe
"""


@dataclass(frozen=True)
class DescribeOptions:
    """The options of `describe`: which facets and targets, and how the answer is printed."""

    only: tuple[str, ...]
    without: tuple[str, ...]
    exclude: tuple[str, ...]
    targets: tuple[str, ...]
    alternatives: bool
    why: bool
    as_json: bool
    to_clipboard: bool


def _facets(ctx: click.Context, option: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(checked_facet(name) for name in comma_separated(ctx, option, values))


def _targets(ctx: click.Context, option: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    from imagetoprompt.pipeline import resolve

    names = comma_separated(ctx, option, values)
    for name in names:
        resolve(name)
    return names


@click.command(epilog=EXAMPLES, short_help="Show facts and prompts (the default).")
@click.argument("pictures", nargs=-1, required=True, metavar="PICTURE...")
@click.option(
    "--for",
    "targets",
    multiple=True,
    callback=_targets,
    metavar="TARGET[,TARGET]",
    help="Write for these targets only; a variant follows a colon, as in sd:xl. "
    "'imagetoprompt targets' lists them.",
)
@click.option(
    "--only",
    multiple=True,
    callback=_facets,
    metavar="FACET[,FACET]",
    help=f"Look for these facets only: {', '.join(FACETS)}.",
)
@click.option(
    "--without",
    multiple=True,
    callback=_facets,
    metavar="FACET[,FACET]",
    help="Do not look for these facets.",
)
@click.option(
    "--exclude",
    multiple=True,
    callback=comma_separated,
    metavar="WORDS[,WORDS]",
    help="What the new picture must not show; written in each target's own way.",
)
@click.option(
    "--alternatives",
    is_flag=True,
    help="Write four prompts for each target, with different emphases.",
)
@click.option("--explain", "why", is_flag=True, help="Say why each fact is included or left out.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line, one a picture."
)
@click.option(
    "--copy", "to_clipboard", is_flag=True, help="Copy the first prompt to the clipboard."
)
def describe(pictures: tuple[str, ...], **values: object) -> None:
    """Show the facts of each PICTURE, and the prompts written from them.

    A PICTURE is a file, a URL, or - for standard input. For a picture that cannot be read, one line
    is printed on standard error; the others are still described, and the exit code is 2.
    """
    options = DescribeOptions(**values)  # type: ignore[arg-type]
    show = _as_json if options.as_json else _as_text()
    shown = 0
    for picture in pictures:
        try:
            report = _report(picture, options)
        except ImageToPromptError as error:
            print_message(f"{picture}: {error}" if len(pictures) > 1 else str(error))
            continue
        show(report)
        shown += 1
        if options.to_clipboard and shown == 1:
            _copy(report)
    if shown < len(pictures):
        raise SystemExit(BAD_USAGE)


def _report(picture: str, options: DescribeOptions) -> "Report":
    with spinner(f"looking at {Path(picture).name}"):
        from imagetoprompt import pipeline
        from imagetoprompt.reports.description import Report, printable

        scene = pipeline.describe(picture, only=options.only, without=options.without)
        scene = replace(scene, excluded=options.exclude)
        return Report(printable(picture), scene, tuple(_prompts(scene, options)), options.why)


def _prompts(scene: "Scene", options: DescribeOptions) -> "list[Prompt]":
    from imagetoprompt.pipeline import alternatives, write
    from imagetoprompt.targets import TARGETS

    targets = options.targets or TARGETS.names()
    if options.alternatives:
        return [prompt for name in targets for prompt in alternatives(scene, name)]
    return [write(scene, name) for name in targets]


def _as_json(report: "Report") -> None:
    click.echo(report.line())


def _as_text() -> "Callable[[Report], None]":
    from imagetoprompt.reports.plain_text import supports_color

    if not supports_color():
        from imagetoprompt.reports import plain_text

        return lambda report: click.echo(plain_text.report_text(report), nl=False)
    from rich.console import Console

    from imagetoprompt.reports import rich_text

    console = Console()
    return lambda report: rich_text.print_report(console, report)


def _copy(report: "Report") -> None:
    first = report.prompts[0]
    print_message(f"Copied the prompt for {first.target} by {copy(first.text)}.")


# Formats of a figure by the ending of its file, as Pillow names them.
FIGURE_FORMATS: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


@click.command(short_help="Draw the evidence on the picture.")
@click.argument("picture", metavar="PICTURE")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    callback=output_file(*FIGURE_FORMATS),
    metavar="FILE",
    help="Where to write the figure; the extension chooses the format, as in evidence.png.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def explain(picture: str, output: Path, force: bool) -> None:
    """Draw the evidence for the facts on the PICTURE, with the measurements beside it.

    An arrow for the light, swatches, sharp areas, thirds and horizon, boxes, key points and text.
    'imagetoprompt PICTURE --explain' prints the same as text. Without --force, an existing file
    stays and the new one gets a number. Its name is printed.
    """
    import io

    with spinner(f"looking at {Path(picture).name}"):
        from imagetoprompt import evidence
        from imagetoprompt.images.picture import open_picture
        from imagetoprompt.pipeline import describe

        opened = open_picture(picture)
        figure = evidence.draw(opened, describe(opened))
    from imagetoprompt.output_files import write_new_file

    buffer = io.BytesIO()
    figure.save(buffer, FIGURE_FORMATS[output.suffix.lower()])
    click.echo(str(write_new_file(output, buffer.getvalue(), overwrite=force)))
