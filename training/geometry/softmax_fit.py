"""fitted(rows, classes) -> a Model: a linear softmax over standardised features.

The models of analysis/linear_models.toml, as imagetoprompt.analysis.linear_models reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from training.geometry.textures import Array

STEPS: Final = 1500
RATE: Final = 0.03
PENALTY: Final = 0.01
"""Of the squared weights; of 0.001, 0.003, 0.01 and 0.03 the choice hardly matters."""
FURTHEST: Final = 4.0
"""Features are bounded to so many deviations, as odds does."""


@dataclass(frozen=True)
class Model:
    """mean, spread: of each feature. classes: in order of the columns; weights: features + bias."""

    classes: tuple[str, ...]
    mean: Array
    spread: Array
    weights: Array

    def chances(self, rows: Array) -> Array:
        """Rows x classes, each summing to 1."""
        return _shares(_ready(rows, self.mean, self.spread) @ self.weights)


def fitted(rows: Array, which: Sequence[int], classes: tuple[str, ...]) -> Model:
    """Full-batch Adam from zero weights: the same on every run."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    ready, wanted = _ready(rows, mean, spread), np.eye(len(classes))[np.asarray(which)]
    weights = np.zeros((ready.shape[1], len(classes)))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    held = np.append(np.ones(rows.shape[1]), 0.0)[:, None] * PENALTY
    for step in range(1, STEPS):
        slope = ready.T @ (_shares(ready @ weights) - wanted) / len(ready) + held * weights
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        scale = np.sqrt(second / (1 - 0.999**step)) + 1e-8
        weights = weights - RATE * first / (1 - 0.9**step) / scale
    return Model(classes, mean, spread, weights)


def toml(name: str, note: str, model: Model) -> str:
    """One table of meters.toml: the bias of each class stands before its weights."""
    lines = [f"# {note}", f"[{name}]", f"mean = {_list(model.mean)}"]
    lines += [f"spread = {_list(model.spread)}", f"[{name}.classes]"]
    for index, label in enumerate(model.classes):
        column = model.weights[:, index]
        lines.append(f'"{label}" = {_list(np.append(column[-1], column[:-1]))}')
    return "\n".join(lines) + "\n"


def _ready(rows: Array, mean: Array, spread: Array) -> Array:
    bounded = np.clip((rows - mean) / spread, -FURTHEST, FURTHEST)
    return np.column_stack([bounded, np.ones(len(rows))])


def _shares(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _list(numbers: Array) -> str:
    return "[" + ", ".join(f"{each:.4g}" for each in numbers) + "]"
