"""The shape of a picture in a target's own terms: the nearest ratio or size that it takes.

Nearest is by the logarithm of the ratio, so that 2:1 is as far from square as 1:2.
"""

from functools import lru_cache
from math import log, sqrt
from typing import Final

from imagetoprompt.core.prompt import Shape

# A ratio this near is taken for the simpler one: 1000 x 667 is 3:2.
_TOLERANCE: Final = 0.025
# Simpler than their numbers look: those that cameras and screens have.
_USUAL: Final = ((16, 9), (9, 16), (16, 10), (10, 16), (21, 9), (9, 21))
# The largest number of a ratio: enough for every shape to within the tolerance.
_LARGEST: Final = 32


def nearest(size: tuple[int, int], shape: Shape) -> tuple[int, int]:
    """The allowed pair nearest in ratio to the size, or the one computed for it."""
    wanted = size[0] / size[1]
    if shape.allowed:
        return min(shape.allowed, key=lambda pair: (_apart(pair[0] / pair[1], wanted), -pair[0]))
    if shape.asks == "ratio":
        return _simplest(min(max(wanted, shape.narrowest), shape.widest))
    return _computed(min(max(wanted, shape.narrowest), shape.widest), shape)


def ratio(size: tuple[int, int], shape: Shape) -> str:
    """The nearest ratio as the target writes it: '3:2', '3x2'."""
    across, down = nearest(size, shape)
    return f"{across}{shape.separator}{down}"


def _apart(one: float, other: float) -> float:
    return round(abs(log(one / other)), 9)


@lru_cache(maxsize=4096)
def _simplest(wanted: float) -> tuple[int, int]:
    """The pair of the smallest whole numbers within the tolerance, else the nearest one."""
    pairs = [(a, b) for a in range(1, _LARGEST + 1) for b in range(1, _LARGEST + 1)]
    near = [pair for pair in pairs if _apart(pair[0] / pair[1], wanted) <= _TOLERANCE]
    if near:
        return min(near, key=lambda pair: (_plainness(pair), _apart(pair[0] / pair[1], wanted)))
    return min(pairs, key=lambda pair: _apart(pair[0] / pair[1], wanted))


def _plainness(pair: tuple[int, int]) -> int:
    return 10 if pair in _USUAL else sum(pair)


def _computed(wanted: float, shape: Shape) -> tuple[int, int]:
    width, height = sqrt(shape.area * wanted), sqrt(shape.area / wanted)
    return _side(width, shape), _side(height, shape)


def _side(length: float, shape: Shape) -> int:
    rounded = round(length / shape.multiple) * shape.multiple
    return min(max(rounded, shape.least), shape.most // shape.multiple * shape.multiple)
