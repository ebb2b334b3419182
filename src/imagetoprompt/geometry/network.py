"""chances(cells): whether a field is shallow, medium or deep, by a small network of our own.

Two convolutions over the edges of cells, summed up over the picture, and two dense layers; learned
on pictures with a known lens (training/geometry). It runs in numpy and does not know the picture.
"""

from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

Map: TypeAlias = NDArray[np.float32]

# Side of a convolution in cells, channels of each, and units of the dense layer.
KERNEL: Final = 3
WIDTH: Final = 20
HIDDEN: Final = 24
# Share of the height from which a cell belongs to the foreground.
LOWER: Final = 0.66


def chances(cells: Map) -> tuple[float, float, float]:
    """Of shallow, medium and deep, summing to 1; cells as imagetoprompt.geometry.edges has them."""
    return answer(_weights(), cells)


def answer(weights: list[Map], cells: Map) -> tuple[float, float, float]:
    """The same with these weights: kernel and bias of each layer in turn."""
    seen = _convolved(_convolved(cells, weights[0], weights[1]), weights[2], weights[3])
    under = seen[cells[..., -1] > LOWER].mean(axis=0)
    mean, spread = seen.mean(axis=(0, 1)), np.sqrt(seen.var(axis=(0, 1)) + 1e-6)
    pooled = np.concatenate([mean, spread, seen.max(axis=(0, 1)), under])
    logits = np.maximum(pooled @ weights[4] + weights[5], 0) @ weights[6] + weights[7]
    powers = np.exp(logits - logits.max())
    shallow, medium, deep = (powers / powers.sum()).tolist()
    return shallow, medium, deep


def _convolved(seen: Map, kernel: Map, bias: Map) -> Map:
    """A rectified convolution of the same size, the picture padded by zeros."""
    reach, (rows, columns) = KERNEL // 2, seen.shape[:2]
    wide = np.pad(seen, ((reach, reach), (reach, reach), (0, 0)))
    steps = [(y, x) for y in range(KERNEL) for x in range(KERNEL)]
    windows = np.concatenate([wide[y : y + rows, x : x + columns] for y, x in steps], axis=-1)
    return cast(Map, np.maximum(windows @ kernel + bias, 0))


@cache
def _weights() -> list[Map]:
    with files("imagetoprompt").joinpath("weights", "focus.npz").open("rb") as file:
        arrays: Any = np.load(file)
        return [arrays[f"arr_{index}"].astype(np.float32) for index in range(len(arrays.files))]
