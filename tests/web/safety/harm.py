"""Tasks that do harm to the worker that they are given to."""

import os
import signal
import time
from collections.abc import Iterator


def eat() -> Iterator[int]:
    """Takes all the memory that it gets."""
    held = []
    while True:
        held.append(bytearray(50_000_000))
        yield len(held)


def burn() -> Iterator[int]:
    """Computes without end."""
    while True:
        pass
    yield 0


def hang() -> Iterator[int]:
    """Waits without end."""
    time.sleep(3600)
    yield 0


def die() -> Iterator[int]:
    """Is killed, as when the system is out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    yield 0
