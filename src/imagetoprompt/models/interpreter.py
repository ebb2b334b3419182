"""One LiteRT network: loaded in silence, run by one thread at a time.

It does not know what goes in or comes out.
"""

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.models.weights import WEIGHTS
from imagetoprompt.settings import settings

_LOADING: Final = Lock()


class Network:
    """A LiteRT model with one input; with `inner`, not only its outputs can be read."""

    def __init__(self, model: bytes, *, inner: bool = False) -> None:
        from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415

        with _without_chatter(), warnings.catch_warnings():
            # LiteRT warns of the memory that inner tensors take: 16 MB for the classifier.
            warnings.filterwarnings("ignore", message=".*preserve_all_tensors")
            self._interpreter = Interpreter(
                model_content=model,
                num_threads=threads(),
                experimental_preserve_all_tensors=inner,
            )
            self._interpreter.allocate_tensors()
        self._entry = self._interpreter.get_input_details()[0]["index"]
        self._details = {each["index"]: each for each in self._interpreter.get_tensor_details()}
        self._lock = Lock()

    def run(self, pixels: NDArray[np.uint8], *wanted: int) -> list[NDArray[np.float32]]:
        """The wanted tensors, by index, for one H x W x 3 picture, as real numbers."""
        with self._lock:
            self._interpreter.set_tensor(self._entry, pixels[None])
            self._interpreter.invoke()
            return [self._real(index) for index in wanted]

    def _real(self, index: int) -> NDArray[np.float32]:
        raw = self._interpreter.get_tensor(index)[0]
        scale, zero = self._details[index]["quantization"]
        real: Any = (raw.astype(np.float32) - zero) * scale if scale else raw
        return np.asarray(real, np.float32)


def network(part: str, *, inner: bool = False) -> Network:
    """The network of that part of WEIGHTS, loaded once per process, also when threads race."""
    with _LOADING:
        return _load(part, inner)


@cache
def _load(part: str, inner: bool) -> Network:
    return Network(WEIGHTS[part].read(), inner=inner)


def threads() -> int:
    """How many threads a network may use: the setting, or one a core but at most two.

    More than two gain nothing on networks this small.
    """
    return settings().threads or min(2, os.cpu_count() or 1)


@contextmanager
def _without_chatter() -> Iterator[None]:
    """Keep lines that start with INFO, which LiteRT writes to file descriptor 2, off the screen."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # There is no standard error, so there is nothing to keep clean.
        yield
        return
    with tempfile.TemporaryFile() as heard:
        os.dup2(heard.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            heard.seek(0)
            for line in heard:
                if not line.startswith(b"INFO:"):
                    os.write(2, line)
