"""Decoders' warnings are kept from the user; their many kinds of damage have one name.

It does not know which decoder runs.
"""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final

DAMAGE: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What decoders raise on damaged bytes; found by feeding them thousands of mutated files."""

_lock: Final = Lock()
_saved: Final[list[Any]] = []
_inside: Final[list[None]] = []


@contextmanager
def quietly() -> Iterator[None]:
    """No warning is shown inside.

    Filters of warnings belong to the whole process, so threads that overlap share one change of
    them: the first to enter makes it, the last to leave undoes it.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    with _lock:
        if not _inside:
            caught = warnings.catch_warnings()
            caught.__enter__()
            warnings.simplefilter("ignore")
            _saved.append(caught)
        _inside.append(None)


def _leave() -> None:
    with _lock:
        _inside.pop()
        if not _inside:
            _saved.pop().__exit__(None, None, None)
