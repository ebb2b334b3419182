"""`medium`: what the picture is made as: a photograph, a painting, a drawing, pixel art.

By a trained head; whether a photograph has color is measured. It does not know movements or
artists, and it cannot tell a faithful rendering by computer from a photograph.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis import linear_models
from imagetoprompt.core.scene import Observation
from imagetoprompt.facts.hedging import hedged_observation
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table

FACETS: Final = ("medium",)

ToneShades: TypeAlias = NDArray[np.float32]

# The copy on which color is looked for, and the chroma (CIELAB) below which there is none: JPEG
# and scanners leave a few units in gray pictures. One small colored thing makes a color picture.
ANALYSIS_SIZE: Final = 128
MAX_GRAY_CHROMA: Final = 4.0
GRAY_PIXEL_SHARE: Final = 99.5
# In a toned print the lightness decides the color: around the color of its lightness, no more than
# this is left. Prints are brown or yellow, so the mean of b is above WARM. Sand and walls are of
# one color, too, but lack the dark and the light: a print has at least RANGE between them.
MAX_TONE_SPREAD: Final = 2.0
MIN_LIGHTNESS_RANGE: Final = 35.0
MIN_TONE_WARMTH: Final = 4.0
LIGHTNESS_STEPS: Final = 32


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One claim; an empty one where nothing is likely."""
    words = table("medium", __package__)
    made = hedged_observation(
        "medium", linear_models.probe_probabilities(picture, "medium"), words["medium"]
    )
    yield replace(made, value=_toned(made.value, picture, words["toned"]))


def _toned(value: str, picture: Picture, words: Mapping[str, Mapping[str, str]]) -> str:
    """The value, or what it is called without color or in a single tint."""
    return words[print_tone(picture)].get(value, value) if value else value


def print_tone(picture: Picture) -> str:
    """`gray` without color, `tinted` in one brown or yellow tone as old prints are, or `color`."""
    lab = cv2.cvtColor(picture.at(ANALYSIS_SIZE).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    light, colors = lab[..., 0].ravel(), lab[..., 1:].reshape(-1, 2)
    if np.percentile(np.hypot(*colors.T), GRAY_PIXEL_SHARE) < MAX_GRAY_CHROMA:
        return "gray"
    warm = colors[:, 1].mean() > MIN_TONE_WARMTH and colors[:, 0].mean() > -2
    printed = (
        np.ptp(np.percentile(light, (2, 98))) > MIN_LIGHTNESS_RANGE
        and _spread(light, colors) < MAX_TONE_SPREAD
    )
    return "tinted" if warm and printed else "color"


def _spread(light: ToneShades, colors: ToneShades) -> float:
    """How far colors lie from the mean color of their lightness, root mean square."""
    step = (light / 100 * (LIGHTNESS_STEPS - 1)).astype(int)
    counts = np.maximum(np.bincount(step, minlength=LIGHTNESS_STEPS), 1)
    means = np.stack(
        [np.bincount(step, band, LIGHTNESS_STEPS) / counts for band in colors.T], axis=1
    )
    return float(np.sqrt(((colors - means[step]) ** 2).sum(axis=1).mean()))
