"""The command line: the group of commands, and `main`, which turns errors into exit codes."""

import io
import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

import click

from imagetoprompt import __version__
from imagetoprompt.cli.compare_command import compare
from imagetoprompt.cli.control_command import control
from imagetoprompt.cli.describe_command import BAD_USAGE, EXAMPLES, describe, explain
from imagetoprompt.cli.doctor_command import doctor
from imagetoprompt.cli.edit_command import edit
from imagetoprompt.cli.keys_command import keys
from imagetoprompt.cli.list_commands import observers, presets, targets, tasks
from imagetoprompt.cli.serve_command import serve
from imagetoprompt.cli.terminal import print_message
from imagetoprompt.cli.transform_command import transform
from imagetoprompt.errors import ImageToPromptError

# 128 + SIGINT, as shells report it.
INTERRUPTED: Final = 130
# 128 + SIGPIPE.
CLOSED_PIPE: Final = 141

COMMANDS: Final[tuple[click.Command, ...]] = (
    *(describe, explain, targets, observers, doctor, control, compare),
    *(edit, keys, presets, serve, tasks, transform),
)


class DescribeByDefault(click.Group):
    """A group that runs `describe` when the first argument is not a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `describe` in front of the arguments unless they start with a command."""
        if not args:
            raise click.UsageError("Give a picture, as in 'imagetoprompt photo.jpg'.")
        known = {*self.commands, "--help", "-h", "--version"}
        if args[0] not in known:
            args = ["describe", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command and write all of its output, before click sees an error of the pipe."""
        try:
            result: object = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
        except BrokenPipeError:
            _discard_output()
            _stop(CLOSED_PIPE)
        return result


@click.group(
    cls=DescribeByDefault, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXAMPLES
)
@click.version_option(__version__, message="imagetoprompt %(version)s")
def app() -> None:
    """Describe a picture, and write the prompt for each image generator.

    'imagetoprompt PICTURE' is short for 'imagetoprompt describe PICTURE'.
    """


for command in COMMANDS:
    app.add_command(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit.

    Exit codes: 0 done; 1 `doctor` found a broken part, or a colored output was closed (by rich); 2
    wrong usage or an unreadable picture, with one line on standard error; 130 interrupted; 141 the
    reader of the output closed the pipe. Characters that the encoding of the output lacks become
    question marks.
    """
    _prepare_outputs()
    try:
        app.main(args=arguments, prog_name="imagetoprompt", standalone_mode=False)
    except click.UsageError as error:
        _stop(BAD_USAGE, f"{error.format_message()} See 'imagetoprompt --help'.")
    except click.ClickException as error:
        _stop(BAD_USAGE, error.format_message())
    except (click.Abort, KeyboardInterrupt):
        _stop(INTERRUPTED)
    except (ImageToPromptError, OSError) as error:
        _stop(BAD_USAGE, str(error))
    raise SystemExit(0)


def _prepare_outputs() -> None:
    """Replace what an output cannot encode, and write to nowhere where an output is closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _discard_output() -> None:
    """Send what is left in the buffer nowhere, so that Python's last flush does not fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _stop(code: int, message: str = "") -> NoReturn:
    if message:
        print_message(message)
    raise SystemExit(code)
