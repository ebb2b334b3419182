"""Terminal output shared by the commands: messages, a spinner, progress, and the clipboard."""

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from threading import Event, Thread
from typing import Final, TextIO

import click

from imagetoprompt.errors import MissingPartError

# Within a second the user's flow of thought is not interrupted (Nielsen 1993): no spinner yet.
DELAY_SECONDS: Final = 1.0
FRAMES: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
FRAME_SECONDS: Final = 0.1
ERASE: Final = "\r\x1b[K"

# Command, and the environment variable that names its display ("" if it needs none).
CLIPBOARD_COMMANDS: Final = (
    (("pbcopy",), ""),
    (("wl-copy",), "WAYLAND_DISPLAY"),
    (("xclip", "-selection", "clipboard"), "DISPLAY"),
    (("xsel", "--clipboard", "--input"), "DISPLAY"),
    (("clip.exe",), ""),
    (("clip",), ""),
)
# A clipboard command that takes longer hangs on its display.
CLIPBOARD_TIMEOUT_SECONDS: Final = 5


def print_message(text: str) -> None:
    """One line on standard error, without control characters."""
    from imagetoprompt.reports.description import printable

    click.echo(f"imagetoprompt: {printable(' '.join(text.split()))}", err=True)


def show_progress(text: str) -> None:
    """Replace the line of progress on standard error, if that is a terminal; '' erases it."""
    if sys.stderr.isatty():
        click.echo(f"{ERASE}{text}", nl=False, err=True)


@contextmanager
def spinner(text: str, terminal: TextIO | None = None) -> Iterator[None]:
    """Show the text beside a spinner while the block runs, from the first second on.

    Nothing is shown where standard error is not a terminal.
    """
    terminal = terminal or sys.stderr
    if not terminal.isatty():
        yield
        return
    done = Event()
    thread = Thread(target=_spin, args=(text, terminal, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _spin(text: str, terminal: TextIO, done: Event) -> None:
    if done.wait(DELAY_SECONDS):
        return
    for frame in cycle(FRAMES):
        terminal.write(f"\r{frame} {text}")
        terminal.flush()
        if done.wait(FRAME_SECONDS):
            break
    terminal.write(ERASE)
    terminal.flush()


def copy(text: str, terminal: TextIO | None = None) -> str:
    """Copy the text to the clipboard; returns what copied it. MissingPartError if nothing can.

    Over SSH the terminal copies (OSC 52), since a command would fill the clipboard of the server.
    """
    terminal = terminal or sys.stderr
    command = None if "SSH_CONNECTION" in os.environ else _clipboard_command(os.environ)
    if command is not None and _copied_by(command, text):
        return command[0]
    if terminal.isatty():
        terminal.write(osc52(text))
        terminal.flush()
        return "the terminal"
    raise MissingPartError(
        "No clipboard is available: run this in a terminal, or install wl-clipboard or xclip."
    )


def _clipboard_command(environment: Mapping[str, str]) -> tuple[str, ...] | None:
    for command, variable in CLIPBOARD_COMMANDS:
        if shutil.which(command[0]) and (not variable or variable in environment):
            return command
    return None


def _copied_by(command: tuple[str, ...], text: str) -> bool:
    try:
        process = subprocess.run(  # noqa: S603 - one of CLIPBOARD_COMMANDS, without a shell
            command,
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=CLIPBOARD_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return process.returncode == 0


def osc52(text: str) -> str:
    """The escape sequence that sets the clipboard in xterm and its like (xterm ctlseqs, OSC 52)."""
    return f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"
