"""One ONNX network of the text reader: loaded once, fed one array, giving one array.

It does not know what the arrays stand for.
"""

from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.models.interpreter import threads
from imagetoprompt.models.weights import WEIGHTS

Floats = NDArray[np.float32]

_LOADING: Final = Lock()


class Session:
    """An ONNX model, its bytes or its path, with one input; several threads may run it at once."""

    def __init__(self, model: bytes | str) -> None:
        import onnxruntime  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads()
        # Pictures differ in size: an arena would keep room for the largest one ever seen.
        options.enable_cpu_mem_arena = False
        # Threads that wait for more by spinning would take the core of the next observer.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._entry = self._session.get_inputs()[0].name

    def run(self, entry: Floats) -> Floats:
        """The output for this input."""
        return self.outputs(entry)[0]

    def outputs(self, entry: Floats) -> list[Floats]:
        """All outputs for this input, in the order of the file."""
        return list(self._session.run(None, {self._entry: entry}))

    @property
    def shape(self) -> tuple[int | str | None, ...]:
        """The length of each axis of the input; a name, or None, where it is open."""
        return tuple(self._session.get_inputs()[0].shape)

    def note(self, key: str) -> str:
        """What the model's own notes say under the key."""
        return str(self._session.get_modelmeta().custom_metadata_map[key])


@cache
def ours(name: str) -> Session:
    """A network that was trained here, by the name of its file among the package's weights."""
    return Session(files("imagetoprompt").joinpath("weights", name).read_bytes())


def session(part: str) -> Session:
    """The network of that part of WEIGHTS, loaded once per process, also when threads race."""
    with _LOADING:
        return _load(part)


@cache
def _load(part: str) -> Session:
    return Session(WEIGHTS[part].read())


def scaled(pixels: NDArray[np.uint8]) -> Floats:
    """Height x width x 3 pixels, RGB, as the 1 x 3 x height x width, BGR, -1 to 1 of PP-OCR."""
    planes = pixels[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32)
    return planes / 127.5 - 1
