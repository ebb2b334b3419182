"""Tasks for the tests of the runners; workers import them by name."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from imagetoprompt.errors import PictureError, UnknownNameError

WARM: list[str] = []


def count(end: int) -> Iterator[int]:
    yield from range(end)


def as_asked(end: int, folder: Path) -> Iterator[int]:
    """Yields the next value once the file of the one before is there."""
    for number in range(end):
        while number and not (folder / str(number - 1)).exists():
            time.sleep(0.005)
        yield number


def meet(mine: Path, theirs: Path) -> Iterator[str]:
    """Ends when both have begun."""
    mine.touch()
    while not theirs.exists():
        time.sleep(0.005)
    yield mine.name


def pid() -> Iterator[int]:
    yield os.getpid()


def endless(mark: Path) -> Iterator[int]:
    """Yields its process and then numbers, and marks that it was closed."""
    try:
        yield os.getpid()
        while True:
            time.sleep(0.005)
            yield 0
    finally:
        mark.write_text("closed", "utf-8")


def stubborn() -> Iterator[int]:
    """Yields its process, and never comes to its next step."""
    yield os.getpid()
    while True:
        time.sleep(60)


def in_machine_code() -> Iterator[int]:
    """Yields its process, and holds the interpreter for a minute."""
    yield os.getpid()
    ctypes.PyDLL(None).sleep(60)


def spin() -> Iterator[int]:
    while True:
        if os.getpid() < 0:
            yield 0


def fill(megabytes: int) -> Iterator[int]:
    filled = bytearray(megabytes << 20)
    yield len(filled) >> 20


def hoard(megabytes: int) -> Iterator[int]:
    """Keeps what it filled, as a leak would."""
    sys.modules[__name__].__dict__.setdefault("KEPT", []).append(b"x" * (megabytes << 20))
    yield os.getpid()


def die(name: str) -> Iterator[int]:
    yield 1
    os.kill(os.getpid(), signal.Signals[name])
    time.sleep(60)


def leave(code: int) -> Iterator[int]:
    yield 1
    os._exit(code)


def unknown() -> Iterator[int]:
    yield 1
    raise UnknownNameError("target", "dali", ("flux", "firefly"))


def refuse(message: str) -> Iterator[int]:
    yield 1
    raise PictureError(message)


def stumble() -> Iterator[int]:
    yield 1
    raise ZeroDivisionError("what the picture says")


def unspeakable() -> Iterator[object]:
    yield 1
    yield threading.Lock()


def listed() -> Iterator[int]:
    return iter([1, 2])


def warm() -> Iterator[None]:
    WARM.append("warm")
    yield


def warmth() -> Iterator[list[str]]:
    yield WARM


def cold() -> Iterator[None]:
    raise PictureError("The model is absent; install it.")
    yield


def cold_until(mark: Path) -> Iterator[None]:
    if not mark.exists():
        raise PictureError("The model is absent; install it.")
    yield
