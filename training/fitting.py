"""fit and calibrate: rows and labels -> a linear head whose probabilities mean something."""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Rows: TypeAlias = NDArray[np.float32]

# Inverse strength of the L2 penalty: of 0.001, 0.003, 0.01 and 0.03 the one that did best on
# folds that were not trained on.
PENALTY: Final = 0.003
# Scores are divided by the temperature that makes the held-out labels likeliest, within these.
TEMPERATURES: Final = np.geomspace(0.4, 6, 120)


@dataclass(frozen=True)
class Linear:
    """Scores of each label: rows @ weights + offsets."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]

    def scores(self, rows: Rows) -> Rows:
        """One score per row and label."""
        return rows @ self.weights + self.offsets

    def cooled(self, temperature: float) -> "Linear":
        """The same head with all scores divided by the temperature."""
        return Linear(self.labels, self.weights / temperature, self.offsets / temperature)


def fit(rows: Rows, labels: Sequence[str], sources: Sequence[str]) -> Linear:
    """A multinomial logistic head from pictures x variants x numbers."""
    variants = rows.shape[1]
    flat = rows.reshape(-1, rows.shape[-1])
    middle, spread = flat.mean(axis=0), flat.std(axis=0) + 1e-3
    model = LogisticRegression(C=PENALTY, max_iter=200, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        each = np.repeat(balance(labels, sources), variants)
        model.fit((flat - middle) / spread, np.repeat(np.asarray(labels), variants), each)
    slopes, bases = _two_sided(model.coef_), _two_sided(model.intercept_[:, None])[:, 0]
    weights = (slopes / spread).T
    return Linear(
        tuple(str(label) for label in model.classes_),
        weights.astype(np.float32),
        (bases - middle @ weights).astype(np.float32),
    )


def _two_sided(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """A row per label: of two labels, scikit-learn keeps the second one's row alone."""
    return np.vstack([-numbers / 2, numbers / 2]) if len(numbers) == 1 else numbers


def balance(labels: Sequence[str], sources: Sequence[str]) -> NDArray[np.float64]:
    """Weights, one on average: a label of a set counts as the square root of its pictures."""
    counts = Counter(zip(sources, labels, strict=True))
    raw = np.array([counts[pair] ** -0.5 for pair in zip(sources, labels, strict=True)])
    return np.asarray(raw / raw.mean(), np.float64)


def surprise(scores: Rows, truth: Sequence[int], temperature: float) -> float:
    """Summed negative log-probability of the labels `truth`, columns of the scores."""
    return -float(log_shares(scores / temperature)[np.arange(len(truth)), list(truth)].sum())


def log_shares(scores: Rows) -> Rows:
    """Logarithms of the softmax of each row."""
    top = scores.max(axis=1, keepdims=True)
    total = np.exp(scores - top).sum(axis=1, keepdims=True)
    return np.asarray(scores - top - np.log(total), np.float32)
