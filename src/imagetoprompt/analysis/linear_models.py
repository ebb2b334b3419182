"""Small trained heads: from the classifier's features and plain numbers to labels.

A head is an array file in weights/, made by `make train`: a column of weights for each label. What
each was trained on and what it is worth stands in docs/heads.md. It does not know what its labels
are called in a prompt: that is for hedging and the lexicon.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from math import exp
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.image_stats import image_stats
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table
from imagetoprompt.models import class_probabilities

# The label of a picture that shows none of what a head knows.
OTHER_CLASS: Final = "other"


class LinearProbe(NamedTuple):
    """weights: numbers x labels. offsets: one per label. Both already calibrated."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]


def probe_features(picture: Picture, /) -> NDArray[np.float32]:
    """What every head reads, made once: roots of the classifier's features, then appearance.

    The features are sums of rare events, from 0 to 6; their roots are spread more evenly.
    """
    return picture.once(
        "heads.vector",
        lambda: np.concatenate(
            [np.sqrt(class_probabilities(picture).features), image_stats(picture)]
        ),
    )


def probabilities(picture: Picture, name: str, /) -> Mapping[str, float]:
    """Of each label of the head, `other` included, the calibrated probability; made once."""
    return picture.once(("heads", name), lambda: _weighed(picture, load_probe(name)))


def _weighed(picture: Picture, head: LinearProbe) -> Mapping[str, float]:
    scores = probe_features(picture) @ head.weights + head.offsets
    powers = np.exp(scores - scores.max())
    shares = powers / powers.sum()
    return {label: float(share) for label, share in zip(head.labels, shares, strict=True)}


@cache
def load_probe(name: str) -> LinearProbe:
    """The head of that name, read once."""
    data = files("imagetoprompt").joinpath("weights", f"{name}.npz").read_bytes()
    with np.load(BytesIO(data)) as arrays:
        labels = tuple(str(label) for label in arrays["labels"])
        weights = arrays["weights"].astype(np.float32)
        return LinearProbe(labels, weights, arrays["offsets"].astype(np.float32))


def logistic_odds(model: str, features: Sequence[float]) -> dict[str, float]:
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
