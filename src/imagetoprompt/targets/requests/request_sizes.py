"""Sizes and margins in a target's own numbers, and what is lost on the way.

It does not know any one target: what each takes is in its Shape.
"""

from typing import Final

from imagetoprompt.core.plan import Plan
from imagetoprompt.core.prompt import Shape
from imagetoprompt.targets.aspect_ratio import nearest, ratio

# A shape this near loses no more than a rim that nobody misses.
_CROP: Final = 0.02


def framed(plan: Plan, shape: Shape) -> tuple[int, int]:
    """The width and height, or the ratio, nearest to the plan's size."""
    return nearest(plan.size, shape)


def proportion(plan: Plan, shape: Shape) -> str:
    """The nearest ratio as the target writes it."""
    return ratio(plan.size, shape)


def cropped(plan: Plan, pair: tuple[int, int]) -> tuple[str, ...]:
    """A sentence when the pair has another shape than the plan's size."""
    wanted, given = plan.size[0] / plan.size[1], pair[0] / pair[1]
    lost = 1 - min(wanted, given) / max(wanted, given)
    if lost <= _CROP:
        return ()
    side = "width" if given < wanted else "height"
    return (f"The nearest shape is {pair[0]}:{pair[1]}, so {lost:.0%} of the {side} is lost.",)


def smaller(plan: Plan, pair: tuple[int, int]) -> tuple[str, ...]:
    """A sentence when the result has fewer pixels than the plan asks for."""
    if pair[0] >= plan.size[0]:
        return ()
    return (
        f"The result is {pair[0]} x {pair[1]}, the picture {plan.size[0]} x {plan.size[1]}: "
        "enlarge it afterwards.",
    )


def margins(plan: Plan, most: int = 10**9) -> tuple[dict[str, int], tuple[str, ...]]:
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
