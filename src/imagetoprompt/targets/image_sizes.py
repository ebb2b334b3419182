"""The shape of a picture in a target's own terms: the nearest ratio or size that it takes.

Nearest is by the logarithm of the ratio, so that 2:1 is as far from square as 1:2.
"""

from functools import lru_cache
from math import log, sqrt
from typing import Final

from imagetoprompt.core.plan import Plan
from imagetoprompt.core.prompt import SizeRule

# A ratio this near is taken for the simpler one: 1000 x 667 is 3:2.
_TOLERANCE: Final = 0.025
# Simpler than their numbers look: those that cameras and screens have.
_USUAL: Final = ((16, 9), (9, 16), (16, 10), (10, 16), (21, 9), (9, 21))
# The largest number of a ratio: enough for every shape to within the tolerance.
_LARGEST: Final = 32


def nearest_size(size: tuple[int, int], shape: SizeRule) -> tuple[int, int]:
    """The allowed pair nearest in ratio to the size, or the one computed for it."""
    wanted = size[0] / size[1]
    if shape.allowed:
        return min(shape.allowed, key=lambda pair: (_apart(pair[0] / pair[1], wanted), -pair[0]))
    if shape.asks == "ratio":
        return _simplest(min(max(wanted, shape.narrowest), shape.widest))
    return _computed(min(max(wanted, shape.narrowest), shape.widest), shape)


def aspect_ratio(size: tuple[int, int], shape: SizeRule) -> str:
    """The nearest ratio as the target writes it: '3:2', '3x2'."""
    across, down = nearest_size(size, shape)
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


def _computed(wanted: float, shape: SizeRule) -> tuple[int, int]:
    width, height = sqrt(shape.area * wanted), sqrt(shape.area / wanted)
    return _side(width, shape), _side(height, shape)


def _side(length: float, shape: SizeRule) -> int:
    rounded = round(length / shape.multiple) * shape.multiple
    return min(max(rounded, shape.least), shape.most // shape.multiple * shape.multiple)


# A shape this near loses no more than a rim that nobody misses.
_CROP: Final = 0.02


def plan_size(plan: Plan, shape: SizeRule) -> tuple[int, int]:
    """The width and height, or the ratio, nearest to the plan's size."""
    return nearest_size(plan.size, shape)


def plan_aspect_ratio(plan: Plan, shape: SizeRule) -> str:
    """The nearest ratio as the target writes it."""
    return aspect_ratio(plan.size, shape)


def crop_limitation(plan: Plan, pair: tuple[int, int]) -> tuple[str, ...]:
    """A sentence when the pair has another shape than the plan's size."""
    wanted, given = plan.size[0] / plan.size[1], pair[0] / pair[1]
    lost = 1 - min(wanted, given) / max(wanted, given)
    if lost <= _CROP:
        return ()
    side = "width" if given < wanted else "height"
    return (f"The nearest shape is {pair[0]}:{pair[1]}, so {lost:.0%} of the {side} is lost.",)


def shrunk_size(plan: Plan, pair: tuple[int, int]) -> tuple[str, ...]:
    """A sentence when the result has fewer pixels than the plan asks for."""
    if pair[0] >= plan.size[0]:
        return ()
    return (
        f"The result is {pair[0]} x {pair[1]}, the picture {plan.size[0]} x {plan.size[1]}: "
        "enlarge it afterwards.",
    )


def margin_pixels(plan: Plan, most: int = 10**9) -> tuple[dict[str, int], tuple[str, ...]]:
    """Pixels to add on each side, each at most `most`, and a sentence when that cuts them."""
    beyond = plan.margins
    if beyond is None:
        return {}, ()
    width = plan.size[0] / (1 + beyond.left + beyond.right)
    height = plan.size[1] / (1 + beyond.top + beyond.bottom)
    wanted = {
        "left": round(beyond.left * width),
        "top": round(beyond.top * height),
        "right": round(beyond.right * width),
        "bottom": round(beyond.bottom * height),
    }
    pixels = {side: min(room, most) for side, room in wanted.items()}
    cut = [side for side in wanted if wanted[side] > most]
    return pixels, tuple(f"At most {most} pixels are added at the {side}." for side in cut)
