"""lineart: the drawing that a pen would make of it, white on black, graded.

Dark lines and the dark side of edges by a difference of Gaussians with soft thresholds (XDoG:
Winnemoeller, Kyprianidis and Olsen, 2012).
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture

Floats = NDArray[np.float32]

ANALYSIS_SIZE: Final = 1024
# Width of a line in shares of the longer side, and the ratio of the wider Gaussian to it that the
# authors of XDoG use in place of a Laplacian.
LINE: Final = 1 / 900
WIDER: Final = 1.6
# Differences in units of CIE lightness: below this is grain.
FAINTEST: Final = 0.8
# A full line is as dark as the darkest twentieth of the lines, within these bounds, so that a hazy
# picture is drawn as firmly as a crisp one.
DARKEST: Final = 0.95
FULL: Final = (2.0, 6.0)


def draw(picture: Picture, /) -> Picture:
    """Lines on black, the darker in the picture the brighter."""
    gray = _lightness(picture.at(ANALYSIS_SIZE))
    width = max(0.8, LINE * max(gray.shape))
    fine, coarse = (_smooth(gray, each) for each in (width, WIDER * width))
    dark = coarse - fine
    ink = np.clip((dark - FAINTEST) / (_full(dark) - FAINTEST), 0, 1)
    return control_map(picture, _without_specks(ink), "lineart")


def _full(dark: NDArray[Any]) -> float:
    lines = dark[dark > FAINTEST]
    return float(np.clip(np.quantile(lines, DARKEST) if lines.size else FULL[1], *FULL))


def _lightness(pixels: NDArray[np.uint8]) -> Floats:
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return np.ascontiguousarray(lab[:, :, 0])


def _smooth(gray: Floats, width: float) -> NDArray[Any]:
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), width, borderType=cv2.BORDER_REFLECT))


def _without_specks(ink: NDArray[Any]) -> NDArray[Any]:
    """Only what hangs together over a dozen pixels of a full copy."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (ink > 0.1).astype(np.uint8), connectivity=8
    )
    kept = stats[:, cv2.CC_STAT_AREA] >= max(4, max(ink.shape) // 40)
    kept[0] = False
    return ink * kept[labels] if count > 1 else ink
