"""name(probabilities) -> Named: the most exact name that the classifier is sure enough of.

Probabilities are summed up the tree of lexicon/hierarchy.toml: when breeds split the vote, the dog
still has all of it (hedging of Deng et al., CVPR 2012). It does not know where a thing stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.lexicon import table


@dataclass(frozen=True)
class Named:
    """A name, the share of the probability that it has, and the kinds above it, nearest first."""

    name: str
    probability: float
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class _Node:
    """A name in the tree, the kinds above it, the classes below it, and whether it is ever said."""

    name: str
    kinds: tuple[str, ...]
    classes: tuple[int, ...]
    said: bool


def name(probabilities: NDArray[np.float32], sure: float, under: str = "") -> Named | None:
    """The most exact name whose share reaches `sure` (above 0.5); None when none is worth saying.

    With `under`, only what belongs to that kind is weighed, and shares are shares of it.
    """
    shares = _shares(probabilities)
    least = sure * (shares.get(under, 0.0) if under else 1.0)
    named = [
        Named(node.name, shares[node.name] * sure / max(least, 1e-9), node.kinds)
        for node in _tree()
        if node.said and shares[node.name] >= least and (not under or under in node.kinds)
    ]
    return max(named, key=lambda each: (len(each.kinds), each.probability), default=None)


def share(probabilities: NDArray[np.float32], kind: str) -> float:
    """The probability, 0 to 1, of everything that belongs to the kind or bears that name."""
    return _shares(probabilities).get(kind, 0.0)


def _shares(probabilities: NDArray[np.float32]) -> dict[str, float]:
    nodes, classes = _pairs()
    sums = np.bincount(nodes, probabilities[classes])
    return {node.name: float(total) for node, total in zip(_tree(), sums, strict=True)}


@cache
def _pairs() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of a node's place in the tree and the place in the network of a class below it."""
    pairs = [(place, each) for place, node in enumerate(_tree()) for each in node.classes]
    nodes, classes = np.array(pairs, np.intp).T
    return nodes, classes


@cache
def _tree() -> tuple[_Node, ...]:
    classes: dict[str, list[int]] = {}
    above: dict[str, tuple[str, ...]] = {}
    for kind, entry in table("hierarchy").items():
        line = tuple(_line(kind))
        for place, each in entry.get("classes", {}).items():
            path = line if each == kind else (each, *line)
            for depth, node in enumerate(path):
                classes.setdefault(node, []).append(int(place))
                above[node] = path[depth + 1 :]
    return tuple(
        _Node(each, above[each], tuple(classes[each]), _said(each, above[each])) for each in above
    )


def _line(kind: str) -> Iterator[str]:
    """The kind and all kinds above it."""
    while kind:
        yield kind
        kind = table("hierarchy")[kind].get("of", "")


def _said(each: str, above: tuple[str, ...]) -> bool:
    kinds = table("hierarchy")
    vague = kinds.get(each, {}).get("vague", False)
    return not vague and all(kinds[kind].get("say", True) for kind in above if kind in kinds)
