"""A spinner on standard error for what takes longer than a second.

It shows nothing when standard error is not a terminal.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from threading import Event, Thread
from typing import Final, TextIO

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
