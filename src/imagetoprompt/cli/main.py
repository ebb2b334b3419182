"""The command line: parse, call `pipeline`, print. Errors become one line and an exit code here.

Nothing heavy is imported before a command needs it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from imagetoprompt import __version__
from imagetoprompt.cli.change_options import comma_separated
from imagetoprompt.cli.compare_command import compare
from imagetoprompt.cli.control_command import control
from imagetoprompt.cli.edit_command import edit
from imagetoprompt.cli.keys_command import keys
from imagetoprompt.cli.list_commands import presets, tasks
from imagetoprompt.cli.serve_command import serve
from imagetoprompt.cli.transform_command import transform
from imagetoprompt.core.scene import FACETS, checked_facet
from imagetoprompt.errors import ImageToPromptError

if TYPE_CHECKING:
    from imagetoprompt.core.prompt import Prompt
    from imagetoprompt.core.scene import Scene
    from imagetoprompt.reports.description import Report

# 2 is what shells and click use for bad usage; 130 is 128 + SIGINT. A reader that leaves ends it
# with 1, by click and rich.
WRONG, INTERRUPTED = 2, 130

EXAMPLES: Final = """\b
Examples:
  imagetoprompt photo.jpg                       facts, and a prompt for each target
  imagetoprompt photo.jpg --for flux,sd:xl      two prompts only
  imagetoprompt photo.jpg --without palette     leave the colors open
  imagetoprompt *.jpg --json > scenes.jsonl     one JSON object a line, one a picture
  imagetoprompt https://example.org/photo.jpg   a picture on the web
  cat photo.jpg | imagetoprompt -               a picture from a pipe
"""


class DescribeByDefault(click.Group):
    """A group whose command is `describe` when the first word is no command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with `describe` put in front of a picture or an option of its own."""
        if not args:
            raise click.UsageError("Give a picture, as in 'imagetoprompt photo.jpg'.")
        own = {*self.commands, "--help", "-h", "--version"}
        if args and args[0] not in own:
            args = ["describe", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=DescribeByDefault, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXAMPLES
)
@click.version_option(__version__, message="imagetoprompt %(version)s")
def app() -> None:
    """Look at a picture and write the prompt that each image generator wants.

    'imagetoprompt PICTURE' is short for 'imagetoprompt describe PICTURE'.
    """


@dataclass(frozen=True)
class DescribeOptions:
    """What is wanted of each picture: facets, targets, and how the answer is to be given."""

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


@app.command(epilog=EXAMPLES, short_help="Show facts and prompts (the default).")
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
    help="What a new picture must not show; written the way each target takes it.",
)
@click.option("--alternatives", is_flag=True, help="Four prompts for each target, not one.")
@click.option(
    "--explain", "why", is_flag=True, help="Say why each fact is believed or left unsaid."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line, one a picture."
)
@click.option(
    "--copy", "to_clipboard", is_flag=True, help="Copy the first prompt to the clipboard."
)
def describe(pictures: tuple[str, ...], **given: object) -> None:
    """Show the facts of each PICTURE, and the prompts written from them.

    A PICTURE is a file, a URL, or - for standard input. A picture that cannot be read costs one
    line on standard error; the others still come, and the exit code is 2.
    """
    options = DescribeOptions(**given)  # type: ignore[arg-type]
    show = _as_json if options.as_json else _as_text()
    shown = 0
    for picture in pictures:
        try:
            report = _report(picture, options)
        except ImageToPromptError as error:
            _say(f"{picture}: {error}" if len(pictures) > 1 else str(error))
            continue
        show(report)
        shown += 1
        if options.to_clipboard and shown == 1:
            _copy(report)
    if shown < len(pictures):
        raise SystemExit(WRONG)


def _report(picture: str, options: DescribeOptions) -> "Report":
    from imagetoprompt.cli.terminal import spinner

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
    from imagetoprompt.cli.terminal import copy

    first = report.prompts[0]
    _say(f"Copied the prompt for {first.target} by {copy(first.text)}.")


def _table(rows: list[tuple[str, ...]]) -> None:
    from imagetoprompt.reports.plain_text import supports_color

    if supports_color():
        from rich.console import Console

        from imagetoprompt.reports.rich_text import print_table

        print_table(Console(), rows)
    else:
        from imagetoprompt.reports.plain_text import columns

        click.echo(columns(rows), nl=False)


@app.command(short_help="Draw the evidence on the picture.")
@click.argument("picture", metavar="PICTURE")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="Where to write the figure; its ending chooses the format, as in evidence.png.",
)
def explain(picture: str, output: str) -> None:
    """Draw on the PICTURE what its facts rest on, and the measurements beside it.

    An arrow for the light, the swatches, the sharp parts, thirds and horizon, boxes, key points and
    words. 'imagetoprompt PICTURE --explain' tells the same in words.
    """
    from imagetoprompt.cli.terminal import spinner

    with spinner(f"looking at {Path(picture).name}"):
        from imagetoprompt import evidence
        from imagetoprompt.images.picture import open_picture
        from imagetoprompt.pipeline import describe

        opened = open_picture(picture)
        figure = evidence.draw(opened, describe(opened))
    try:
        figure.save(output)
    except ValueError as error:
        raise click.UsageError(f"'{output}' names no format: end it with .png or .jpg.") from error


@app.command(short_help="List what prompts are written for.")
def targets() -> None:
    """List the targets and variants that prompts are written for."""
    from imagetoprompt.reports.description import target_rows

    _table(target_rows())


@app.command(short_help="List what looks at a picture.")
def observers() -> None:
    """List the observers: what looks at a picture, and for which facets."""
    from imagetoprompt.reports.description import observer_rows

    _table(observer_rows())


@app.command(short_help="Run every part, and say what mends it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(as_json: bool) -> None:
    """Run every part on a built-in picture: what works, what is missing, and what mends it.

    The exit code is 1 when a part that is needed does not work.
    """
    from imagetoprompt.cli.terminal import spinner
    from imagetoprompt.reports import doctor as clinic

    with spinner("running every part"):
        checks = clinic.examine()
    click.echo(clinic.as_json(checks) if as_json else clinic.as_text(checks), nl=False)
    if not clinic.healthy(checks):
        raise SystemExit(1)


app.add_command(control)
app.add_command(compare)
app.add_command(edit)
app.add_command(keys)
app.add_command(presets)
app.add_command(serve)
app.add_command(tasks)
app.add_command(transform)


def _say(words: str) -> None:
    """One line on standard error."""
    from imagetoprompt.reports.description import printable

    click.echo(f"imagetoprompt: {printable(' '.join(words.split()))}", err=True)


def _stop(code: int, words: str = "") -> NoReturn:
    if words:
        _say(words)
    raise SystemExit(code)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 2 bad usage or a bad picture, 130 interrupted."""
    try:
        app.main(args=arguments, prog_name="imagetoprompt", standalone_mode=False)
    except click.UsageError as error:
        _stop(WRONG, f"{error.format_message()} See 'imagetoprompt --help'.")
    except click.ClickException as error:
        _stop(WRONG, error.format_message())
    except (click.Abort, KeyboardInterrupt):
        _stop(INTERRUPTED)
    except (ImageToPromptError, OSError) as error:
        _stop(WRONG, str(error))
    raise SystemExit(0)
