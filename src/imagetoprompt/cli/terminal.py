"""The terminal of the command line: a spinner while people wait, and the clipboard."""

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

from imagetoprompt.errors import MissingPartError

# Command, and the variable without which it has no display to copy to ("" for none).
COMMANDS: Final = (
    (("pbcopy",), ""),
    (("wl-copy",), "WAYLAND_DISPLAY"),
    (("xclip", "-selection", "clipboard"), "DISPLAY"),
    (("xsel", "--clipboard", "--input"), "DISPLAY"),
    (("clip.exe",), ""),
    (("clip",), ""),
)
# A clipboard command that has not taken the text by then hangs on its display.
TIMEOUT_SECONDS: Final = 5


def copy(text: str, terminal: TextIO | None = None) -> str:
    """Copies the text and returns by what means; MissingPartError when there is none.

    Over SSH the terminal is asked (OSC 52), since the commands would fill the far clipboard.
    """
    terminal = terminal or sys.stderr
    command = None if "SSH_CONNECTION" in os.environ else _command(os.environ)
    if command is not None and _taken(command, text):
        return command[0]
    if terminal.isatty():
        terminal.write(osc52(text))
        terminal.flush()
        return "the terminal"
    raise MissingPartError(
        "There is no clipboard here: run it in a terminal, or install wl-clipboard or xclip."
    )


def _command(environment: Mapping[str, str]) -> tuple[str, ...] | None:
    for command, variable in COMMANDS:
        if shutil.which(command[0]) and (not variable or variable in environment):
            return command
    return None


def _taken(command: tuple[str, ...], text: str) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - one of COMMANDS, without a shell
            command,
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def osc52(text: str) -> str:
    """The escape sequence by which xterm and its kin set the clipboard (xterm ctlseqs, OSC 52)."""
    return f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"


DELAY_SECONDS: Final = 1.0
"""Seconds that people wait without wondering (Nielsen 1993: a flow of thought stays unbroken)."""
FRAMES: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
FRAME_SECONDS: Final = 0.1
ERASE: Final = "\r\x1b[K"


@contextmanager
def spinner(words: str, terminal: TextIO | None = None) -> Iterator[None]:
    """Shows `words` beside a spinner while the block runs, from the first second on."""
    terminal = terminal or sys.stderr
    if not terminal.isatty():
        yield
        return
    done = Event()
    spinner = Thread(target=_spin, args=(words, terminal, done), daemon=True)
    spinner.start()
    try:
        yield
    finally:
        done.set()
        spinner.join()


def _spin(words: str, terminal: TextIO, done: Event) -> None:
    if done.wait(DELAY_SECONDS):
        return
    for frame in cycle(FRAMES):
        terminal.write(f"\r{frame} {words}")
        terminal.flush()
        if done.wait(FRAME_SECONDS):
            break
    terminal.write(ERASE)
    terminal.flush()
