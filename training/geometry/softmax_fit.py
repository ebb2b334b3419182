"""fit_softmax(rows, ...): a linear softmax model over standardized features.

It is written as a table of analysis/linear_models.toml, which analysis.linear_models reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from training.geometry.textures import Array

STEP_COUNT: Final = 1500
LEARNING_RATE: Final = 0.03
WEIGHT_PENALTY: Final = 0.01
"""L2 penalty of the weights; of 0.001, 0.003, 0.01 and 0.03 the choice hardly matters."""
MAX_DEVIATIONS: Final = 4.0
"""Standardized features are clipped to this, as analysis.linear_models does."""


@dataclass(frozen=True)
class SoftmaxModel:
    """mean, spread: of each feature. classes: in order of the columns; weights: features + bias."""

    classes: tuple[str, ...]
    mean: Array
    spread: Array
    weights: Array

    def probabilities(self, rows: Array) -> Array:
        """Rows x classes, each summing to 1."""
        return _softmax(_standardized(rows, self.mean, self.spread) @ self.weights)


def fit_softmax(rows: Array, truth: Sequence[int], classes: tuple[str, ...]) -> SoftmaxModel:
    """Full-batch Adam from zero weights: the same on every run."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    ready, targets = _standardized(rows, mean, spread), np.eye(len(classes))[np.asarray(truth)]
    weights = np.zeros((ready.shape[1], len(classes)))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    penalty = np.append(np.ones(rows.shape[1]), 0.0)[:, None] * WEIGHT_PENALTY
    for step in range(1, STEP_COUNT):
        gradient = ready.T @ (_softmax(ready @ weights) - targets) / len(ready) + penalty * weights
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        scale = np.sqrt(second / (1 - 0.999**step)) + 1e-8
        weights = weights - LEARNING_RATE * first / (1 - 0.9**step) / scale
    return SoftmaxModel(classes, mean, spread, weights)


def toml(name: str, note: str, model: SoftmaxModel) -> str:
    """One table of linear_models.toml: the bias of each class stands before its weights."""
    lines = [f"# {note}", f"[{name}]", f"mean = {_list(model.mean)}"]
    lines += [f"spread = {_list(model.spread)}", f"[{name}.classes]"]
    for index, label in enumerate(model.classes):
        column = model.weights[:, index]
        lines.append(f'"{label}" = {_list(np.append(column[-1], column[:-1]))}')
    return "\n".join(lines) + "\n"


def _standardized(rows: Array, mean: Array, spread: Array) -> Array:
    bounded = np.clip((rows - mean) / spread, -MAX_DEVIATIONS, MAX_DEVIATIONS)
    return np.column_stack([bounded, np.ones(len(rows))])


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _list(numbers: Array) -> str:
    return "[" + ", ".join(f"{number:.4g}" for number in numbers) + "]"
