"""lineart: the lines that a pen drawing would have, white on black, in graded strength.

Dark lines and the dark side of edges by a difference of Gaussians with soft thresholds (XDoG:
Winnemoeller, Kyprianidis and Olsen, 2012).
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.filters import difference_of_gaussians
from imagetoprompt.images.picture import Picture

Floats = NDArray[np.float32]

ANALYSIS_SIZE: Final = 1024
# Width of a line as a share of the longer side.
LINE_WIDTH: Final = 1 / 900
# In units of CIE lightness (0 to 100): smaller differences are grain.
MIN_DIFFERENCE: Final = 0.8
# The difference at this quantile is drawn at full strength, within these bounds, so that a hazy
# picture gets lines as strong as a crisp one.
FULL_QUANTILE: Final = 0.95
FULL_RANGE: Final = (2.0, 6.0)


def draw(picture: Picture, /) -> Picture:
    """Lines on black: the darker a line is in the picture, the brighter it is drawn."""
    gray = _lightness(picture.at(ANALYSIS_SIZE))
    width = max(0.8, LINE_WIDTH * max(gray.shape))
    dark = -difference_of_gaussians(gray, width, border=cv2.BORDER_REFLECT)
    ink = np.clip((dark - MIN_DIFFERENCE) / (_full_strength(dark) - MIN_DIFFERENCE), 0, 1)
    return control_map(picture, _without_specks(ink), "lineart")


def _full_strength(dark: NDArray[Any]) -> float:
    """The difference that is drawn at full strength."""
    lines = dark[dark > MIN_DIFFERENCE]
    return float(
        np.clip(np.quantile(lines, FULL_QUANTILE) if lines.size else FULL_RANGE[1], *FULL_RANGE)
    )


def _lightness(pixels: NDArray[np.uint8]) -> Floats:
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return np.ascontiguousarray(lab[:, :, 0])


def _without_specks(ink: NDArray[Any]) -> NDArray[Any]:
    """Remove connected components of fewer pixels than a 40th of the longer side."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (ink > 0.1).astype(np.uint8), connectivity=8
    )
    kept = stats[:, cv2.CC_STAT_AREA] >= max(4, max(ink.shape) // 40)
    kept[0] = False
    return ink * kept[labels] if count > 1 else ink
