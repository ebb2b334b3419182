"""Tasks that do harm to the worker that they are given to."""

import os
import signal
import threading
import time
from collections.abc import Iterator


def eat() -> Iterator[int]:
    """Takes all the memory that it gets."""
    held = []
    while True:
        held.append(bytearray(50_000_000))
        yield len(held)


def fill() -> Iterator[int]:
    """Takes all the memory that it gets, in a library that knows no MemoryError."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    yield len(cv2.resize(np.zeros((2, 2, 3), np.uint8), (30_000, 30_000)))


def crowd() -> Iterator[int]:
    """Starts threads until their stacks have all the memory."""
    done = threading.Event()
    try:
        for _ in range(10_000):
            threading.Thread(target=done.wait, daemon=True).start()
        yield 0
    finally:
        done.set()


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
