"""Graph: build an ONNX network node by node, with weights in half precision."""

from typing import Any, TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array: TypeAlias = NDArray[Any]

OPSET_VERSION = 17
"""Supported by onnxruntime from 1.13 on."""


class Graph:
    """Nodes and constants; every method adds one and returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, kind: str, *entries: str, **settings: object) -> str:
        """A node of that kind."""
        out = f"out{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(entries), [out], **settings))
        return out

    def constant(self, values: Array) -> str:
        """An array, kept in half precision and widened when it is loaded."""
        half = f"half{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(values.astype(np.float16), half))
        return self.add("Cast", half, to=TensorProto.FLOAT)

    def indices(self, *which: int) -> str:
        """Whole numbers, such as which channels to take."""
        name = f"indices{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(which, np.int64), name))
        return name

    def rows(self, entry: str) -> str:
        """Flatten the spatial axes: n x c x h x w to n x c x h * w."""
        return self.add("Reshape", entry, self.indices(0, 0, -1))

    def layer(self, kind: str, entry: str, layer: Any, **settings: object) -> str:  # noqa: ANN401
        """A convolution ("Conv") or a linear layer ("Gemm") of torch."""
        arrays = [
            self.constant(getattr(layer, name).detach().numpy()) for name in ("weight", "bias")
        ]
        return self.add(kind, entry, *arrays, **settings)

    def fold(self, entry: str, fold: Any) -> str:  # noqa: ANN401
        """A convolution of torch, fused with the batch normalization after it."""
        kernel, bias = fused(*fold)
        side, stride = kernel.shape[-1], fold[0].stride[0]
        around = {"pads": [side // 2] * 4, "strides": [stride, stride]}
        return self.add("Conv", entry, self.constant(kernel), self.constant(bias), **around)

    def apply_layer(self, entry: str, fold: Any) -> str:  # noqa: ANN401
        """One layer with ReLU, as gradient_descent.apply_layer: residual if it keeps the size."""
        output, layer = self.fold(entry, fold), fold[0]
        residual = layer.in_channels == layer.out_channels and layer.stride[0] == 1
        return self.add("Relu", self.add("Add", output, entry) if residual else output)

    def pools(self, entry: str) -> list[str]:
        """The mean and the maximum over the spatial axes."""
        kinds = ("GlobalAveragePool", "GlobalMaxPool")
        return [self.add("Flatten", self.add(kind, entry)) for kind in kinds]

    def to_bytes(self, shape: tuple[int, int, int], output: str, width: int) -> bytes:
        """The ONNX file. Its input is "seen", n x shape; its output is n x width."""
        entry = helper.make_tensor_value_info("seen", TensorProto.FLOAT, ["n", *shape])
        out = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n", width])
        whole = helper.make_graph(self.nodes, "network", [entry], [out], self.constants)
        model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", OPSET_VERSION)])
        model.ir_version = 8
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())


def fused(convolution: Any, norm: Any) -> tuple[Array, Array]:  # noqa: ANN401
    """Kernel and bias of a convolution fused with its batch normalization."""
    kernel, gain, shift, mean, spread = (
        parameter.detach().numpy()
        for parameter in (
            *(convolution.weight, norm.weight, norm.bias),
            *(norm.running_mean, norm.running_var),
        )
    )
    scale = gain / np.sqrt(spread + norm.eps)
    return kernel * scale[:, None, None, None], shift - mean * scale
