"""packed(shader) -> the bytes of an ONNX file: the network with its weights in half precision.

It does not know how the network was trained.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.lightbox.learning import EDGES, LAYERS, POOLED, Shader
from training.lightbox.lessons import SIZE

OPSET = 17
"""Known to onnxruntime from 1.13 on."""


class _Graph:
    """Nodes and constants as they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: np.ndarray) -> str:
        """The name of an array, kept in half precision and widened when it is loaded."""
        half, full = f"half{len(self.constants)}", f"full{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(values.astype(np.float16), half))
        self.nodes.append(helper.make_node("Cast", [half], [full], to=TensorProto.FLOAT))
        return full

    def add(self, kind: str, *entries: str, **settings: object) -> str:
        """The name of what a node of that kind gives."""
        out = f"out{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(entries), [out], **settings))
        return out


def packed(shader: Shader) -> bytes:
    """Takes seen: n x SIZE x SIZE x 4; gives n x 32."""
    graph = _Graph()
    seen = graph.add("Transpose", "seen", perm=[0, 3, 1, 2])
    pools: list[str] = []
    for layer, (side, _, _, stride) in enumerate(LAYERS):
        kernel, bias = (graph.constant(each) for each in _folded(shader, layer))
        around = {"pads": [side // 2] * 4, "strides": [stride, stride]}
        seen = graph.add("Relu", graph.add("Conv", seen, kernel, bias, **around))
        if layer in POOLED:
            pools += [
                graph.add("Flatten", graph.add("GlobalAveragePool", seen)),
                graph.add("Flatten", graph.add("GlobalMaxPool", seen)),
            ]
    narrow = graph.add("Conv", seen, *_constants(graph, shader.narrow))
    pools.append(graph.add("Flatten", graph.add("Relu", narrow)))
    pooled = graph.add("Concat", *pools, axis=1)
    hidden = graph.add(
        "Relu", graph.add("Gemm", pooled, *_constants(graph, shader.hidden), transB=1)
    )
    # The cast is learned only to learn the rest better: it is told no better than by statistics.
    last = [graph.constant(half[: EDGES[3]]) for half in _arrays(shader.last)]
    found = graph.add("Gemm", hidden, *last, transB=1)
    return _model(graph, found)


def _constants(graph: _Graph, layer: object) -> list[str]:
    return [graph.constant(each) for each in _arrays(layer)]


def _arrays(layer: object) -> list[np.ndarray]:
    return [getattr(layer, each).detach().numpy() for each in ("weight", "bias")]


def _folded(shader: Shader, layer: int) -> tuple[np.ndarray, np.ndarray]:
    """Kernel and bias of a convolution with its normalization taken in."""
    convolution, norm = shader.folds[layer]
    kernel, gain, shift, mean, spread = (
        each.detach().numpy()
        for each in (
            convolution.weight,
            norm.weight,
            norm.bias,
            norm.running_mean,
            norm.running_var,
        )
    )
    scale = gain / np.sqrt(spread + norm.eps)
    return kernel * scale[:, None, None, None], shift - mean * scale


def _model(graph: _Graph, found: str) -> bytes:
    entry = helper.make_tensor_value_info("seen", TensorProto.FLOAT, ["n", SIZE, SIZE, 4])
    out = helper.make_tensor_value_info(found, TensorProto.FLOAT, ["n", EDGES[3]])
    whole = helper.make_graph(graph.nodes, "shading", [entry], [out], graph.constants)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    found_bytes: bytes = model.SerializeToString()
    return found_bytes
