"""Fit a linear head to feature rows and labels, and measure its likelihood."""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Rows: TypeAlias = NDArray[np.float32]

# C of scikit-learn, the inverse strength of the L2 penalty: of 0.001, 0.003, 0.01 and 0.03 the best
# on folds that were not trained on.
INVERSE_PENALTY: Final = 0.003
# Candidates for the temperature, by which scores are divided.
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
    """A multinomial logistic regression. rows: pictures x variants x features."""
    variants = rows.shape[1]
    flat = rows.reshape(-1, rows.shape[-1])
    mean, deviation = flat.mean(axis=0), flat.std(axis=0) + 1e-3
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=200, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sample_weights = np.repeat(balanced_weights(labels, sources), variants)
        truth = np.repeat(np.asarray(labels), variants)
        model.fit((flat - mean) / deviation, truth, sample_weights)
    slopes, bases = _two_sided(model.coef_), _two_sided(model.intercept_[:, None])[:, 0]
    weights = (slopes / deviation).T
    return Linear(
        tuple(str(label) for label in model.classes_),
        weights.astype(np.float32),
        (bases - mean @ weights).astype(np.float32),
    )


def _two_sided(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """A row per label; for two labels scikit-learn returns one row, of the second label."""
    return np.vstack([-numbers / 2, numbers / 2]) if len(numbers) == 1 else numbers


def balanced_weights(labels: Sequence[str], sources: Sequence[str]) -> NDArray[np.float64]:
    """Sample weights with mean 1: a label of a set weighs as the root of its number of pictures."""
    counts = Counter(zip(sources, labels, strict=True))
    raw = np.array([counts[pair] ** -0.5 for pair in zip(sources, labels, strict=True)])
    return np.asarray(raw / raw.mean(), np.float64)


def negative_log_likelihood(scores: Rows, truth: Sequence[int], temperature: float) -> float:
    """Summed negative log-probability of the labels `truth`, columns of the scores."""
    return -float(log_softmax(scores / temperature)[np.arange(len(truth)), list(truth)].sum())


def log_softmax(scores: Rows) -> Rows:
    """Logarithms of the softmax of each row."""
    top = scores.max(axis=1, keepdims=True)
    total = np.exp(scores - top).sum(axis=1, keepdims=True)
    return np.asarray(scores - top - np.log(total), np.float32)
