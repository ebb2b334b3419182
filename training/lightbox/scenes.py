"""scene(seed) -> a picture of lit things and the truth of its light.

It does not know what is learned from them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imagetoprompt import colour
from training.lightbox.developing import developed
from training.lightbox.layout import Layout, layout
from training.lightbox.tracing import seen

LONGEST = 128
SAMPLES = 12
RATIOS = (1, 1, 4 / 3, 3 / 2, 3 / 4, 2 / 3)
# One picture in three has had its white balance set, more or less.
BALANCED = 0.35


@dataclass(frozen=True)
class Truth:
    """toward: the key light as right, up, and towards the camera. radius: degrees; None if none.

    mired: of the cast of all light together, as shown.
    """

    toward: tuple[float, float, float]
    radius: float | None
    mired: float


def scene(
    seed: int, longest: int = LONGEST, samples: int = SAMPLES
) -> tuple[NDArray[np.uint8], Truth]:
    """The picture (h x w x 3) and the truth of a seed: the same on every run."""
    rng = np.random.default_rng(seed)
    placed = layout(rng)
    ratio = float(rng.choice(RATIOS))
    width, height = longest, longest
    if ratio > 1:
        height = round(longest / ratio)
    else:
        width = round(longest * ratio)
    starts = rng.random((height, width, 6))
    light = seen(placed.world, placed.lens, starts, samples)
    cast = placed.cast / placed.cast.mean()
    if rng.random() < BALANCED:
        gains = cast ** -rng.uniform(0.3, 1.0)
        light, cast = light * gains, cast * gains
    return developed(rng, light), _truth(placed, cast)


def _truth(placed: Layout, cast: NDArray[np.float64]) -> Truth:
    mired = 1e6 / colour.kelvin(cast)
    if not placed.lamps:
        return Truth((0.0, 1.0, 0.0), None, mired)
    right, up, ahead = (float(each) for each in placed.lens.axes @ placed.lamps[0].toward)
    return Truth((right, up, -ahead), placed.lamps[0].radius, mired)
