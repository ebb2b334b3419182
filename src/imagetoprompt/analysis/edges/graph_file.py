"""model(nodes, weights, …) -> the bytes of an ONNX file, so that no package is needed to write one.

Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (IR version 8,
operator set 13); encoding: https://protobuf.dev/programming-guides/encoding. It knows convolutions
no better than any other node.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

IR_VERSION: Final = 8
OPERATORS: Final = 13
_FLOAT: Final = 1
_INTS: Final = 7
_TEXT: Final = 3


@dataclass(frozen=True)
class Node:
    """One operation: its kind, what goes in and comes out by name, and its whole numbers."""

    kind: str
    entries: tuple[str, ...]
    result: str
    numbers: Mapping[str, Sequence[int]] = field(default_factory=dict, hash=False)
    words: Mapping[str, str] = field(default_factory=dict, hash=False)


Shape = tuple["int | str", ...]
"""The length of each axis, or a name where it is open."""


def model(
    nodes: Iterable[Node],
    weights: Mapping[str, Floats],
    entry: tuple[str, Shape],
    results: Mapping[str, Shape],
) -> bytes:
    """An ONNX file with one input; all numbers in it are float32."""
    graph = b"".join(
        [
            *(_block(1, _node(node)) for node in nodes),
            _text(2, "graph"),
            *(_block(5, _tensor(name, values)) for name, values in weights.items()),
            _block(11, _value(*entry)),
            *(_block(12, _value(name, shape)) for name, shape in results.items()),
        ]
    )
    return _number(1, IR_VERSION) + _block(7, graph) + _block(8, _number(2, OPERATORS))


def _node(node: Node) -> bytes:
    return b"".join(
        [
            *(_text(1, name) for name in node.entries),
            _text(2, node.result),
            _text(4, node.kind),
            *(_block(5, _whole_numbers(name, each)) for name, each in node.numbers.items()),
            *(
                _block(5, _text(1, name) + _text(4, each) + _number(20, _TEXT))
                for name, each in node.words.items()
            ),
        ]
    )


def _whole_numbers(name: str, values: Sequence[int]) -> bytes:
    return _text(1, name) + b"".join(_number(8, each) for each in values) + _number(20, _INTS)


def _tensor(name: str, values: Floats) -> bytes:
    lengths = b"".join(_number(1, each) for each in values.shape)
    raw = np.ascontiguousarray(values, "<f4").tobytes()
    return lengths + _number(2, _FLOAT) + _text(8, name) + _block(9, raw)


def _value(name: str, shape: Shape) -> bytes:
    axes = b"".join(
        _block(1, _text(2, each) if isinstance(each, str) else _number(1, each)) for each in shape
    )
    return _text(1, name) + _block(2, _block(1, _number(1, _FLOAT) + _block(2, axes)))


def _text(place: int, words: str) -> bytes:
    return _block(place, words.encode())


def _block(place: int, data: bytes) -> bytes:
    return _varint(place << 3 | 2) + _varint(len(data)) + data


def _number(place: int, value: int) -> bytes:
    return _varint(place << 3) + _varint(value)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    digits = bytearray()
    while value > 0x7F:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*digits, value))
