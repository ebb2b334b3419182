"""`medium`: photograph, painting, drawing, pixel art and the like.

A linear probe names it; whether it has color is measured. A realistic computer rendering passes for
a photograph.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis import linear_models
from imagetoprompt.core.scene import Observation
from imagetoprompt.facts.hedging import hedged_observations
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table

FACETS: Final = ("medium",)

Floats: TypeAlias = NDArray[np.float32]

# Color is measured on a copy of this size.
COLOR_SIDE: Final = 128
# Below this chroma (CIELAB) there is no color: JPEG and scanners leave a few units in gray
# pictures. It must hold for nearly all pixels (percent): one small colored thing makes a color
# picture.
MAX_GRAY_CHROMA: Final = 4.0
NEARLY_ALL_PERCENT: Final = 99.5
# In a toned print the lightness decides the color: colors deviate from the mean color of their
# lightness by no more than this. Prints are brown or yellow, so the mean of b is above
# MIN_TONED_WARMTH. Sand and walls are of one color, too, but lack the dark and the light: a print
# has at least MIN_PRINT_RANGE of lightness between them.
MAX_TONED_SPREAD: Final = 2.0
MIN_PRINT_RANGE: Final = 35.0
MIN_TONED_WARMTH: Final = 4.0
LIGHTNESS_STEPS: Final = 32


def observe(picture: Picture, /) -> Iterator[Observation]:
    """Yield one observation, empty if nothing is likely; then unsure ones."""
    words = table("medium", __package__)
    probabilities = linear_models.probe_probabilities(picture, "medium")
    for claim in hedged_observations("medium", probabilities, words["medium"]):
        yield replace(claim, value=_toned(claim.value, picture, words["toned"]))


def _toned(value: str, picture: Picture, words: Mapping[str, Mapping[str, str]]) -> str:
    """The value, or the words for it in black and white or in a single tint."""
    return words[print_tone(picture)].get(value, value) if value else value


def print_tone(picture: Picture) -> str:
    """`gray`: without color; `tinted`: in one brown or yellow tone, as old prints; or `color`."""
    lab = cv2.cvtColor(picture.at(COLOR_SIDE).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    light, colors = lab[..., 0].ravel(), lab[..., 1:].reshape(-1, 2)
    if np.percentile(np.hypot(*colors.T), NEARLY_ALL_PERCENT) < MAX_GRAY_CHROMA:
        return "gray"
    warm = colors[:, 1].mean() > MIN_TONED_WARMTH and colors[:, 0].mean() > -2
    printed = (
        np.ptp(np.percentile(light, (2, 98))) > MIN_PRINT_RANGE
        and _spread(light, colors) < MAX_TONED_SPREAD
    )
    return "tinted" if warm and printed else "color"


def _spread(light: Floats, colors: Floats) -> float:
    """Root mean square distance of colors from the mean color of their lightness."""
    step = (light / 100 * (LIGHTNESS_STEPS - 1)).astype(int)
    counts = np.maximum(np.bincount(step, minlength=LIGHTNESS_STEPS), 1)
    means = np.stack(
        [np.bincount(step, band, LIGHTNESS_STEPS) / counts for band in colors.T], axis=1
    )
    return float(np.sqrt(((colors - means[step]) ** 2).sum(axis=1).mean()))
