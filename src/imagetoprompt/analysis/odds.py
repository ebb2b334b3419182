"""odds(model, features): the probabilities of a small linear model, kept in lexicon/meters.toml.

Each model there says what its features are and what it was fitted on. It does not know how the
features are measured.
"""

from collections.abc import Sequence
from math import exp

from imagetoprompt.lexicon import table


def odds(model: str, features: Sequence[float]) -> dict[str, float]:
    """The probability of each class: softmax of weights times the standardised features."""
    numbers = table("meters")[model]
    ready = [
        max(-4.0, min(4.0, (value - mean) / spread))
        for value, mean, spread in zip(features, numbers["mean"], numbers["spread"], strict=True)
    ]
    scores = {
        name: bias + sum(weight * value for weight, value in zip(weights, ready, strict=True))
        for name, (bias, *weights) in numbers["classes"].items()
    }
    top = max(scores.values())
    powers = {name: exp(score - top) for name, score in scores.items()}
    total = sum(powers.values())
    return {name: power / total for name, power in powers.items()}
