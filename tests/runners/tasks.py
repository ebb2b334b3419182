"""Tasks for the tests of the runners; workers import them by name."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path


def count(end: int) -> Iterator[int]:
    yield from range(end)


def pid() -> Iterator[int]:
    yield os.getpid()
