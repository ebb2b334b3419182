"""vary(canvas, options): the same picture seen a little otherwise: another crop, another grade.

It does not add or move anything.
"""

import numpy as np

from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions, resized
from imagetoprompt.engines.draft.effects.grading import ColorGrade, apply_lut
from imagetoprompt.images.picture import Pixels


def vary(canvas: Canvas, options: EffectOptions) -> Pixels:
    """A random crop and grade for each seed, both scaled by `strength`."""
    chance = np.random.default_rng(canvas.seed)
    strength = float(options["strength"])
    one, two, three, four, five = chance.uniform(-1, 1, 5) * strength
    width, height = canvas.size
    zoom = 1 - 0.22 * strength * float(chance.uniform(0.5, 1))
    wide, high = max(1, round(width * zoom)), max(1, round(height * zoom))
    left = round((width - wide) * float(chance.uniform(0, 1)))
    top = round((height - high) * float(chance.uniform(0, 1)))
    part = canvas.pixels[top : top + high, left : left + wide]
    change = ColorGrade(
        exposure=0.45 * float(one),
        contrast=1 + 0.22 * float(two),
        saturation=1 + 0.4 * float(three),
        kelvin=6504 * 2 ** (0.35 * float(four)),
        shadows=("#27406B" if five > 0 else "#5A3A22", abs(0.5 * float(five))),
    )
    return apply_lut(resized(np.ascontiguousarray(part), canvas.size), change)
