"""segments: each region of the picture in one flat color of its own.

Regions are cut by color, not by meaning: the colors are not the classes of ADE20K or COCO.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.segmentation import color_regions, refine_regions
from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture

ANALYSIS_SIZE: Final = 768
# Hues this many turns apart never come close to one another: the golden section.
STEP: Final = 0.618034
# In turn with the hues, 40 colors are nowhere nearer than 56 of 765 levels.
SATURATIONS: Final = (255, 140)
VALUES: Final = (255, 200, 140)


def draw(picture: Picture, /) -> Picture:
    """Flat colors; the largest region has the first color, and so on."""
    labels = refine_regions(color_regions(picture), picture.at(ANALYSIS_SIZE))
    return control_map(
        picture, distinct_colors(int(labels.max()) + 1)[labels], "segments by color", flat=True
    )


def distinct_colors(count: int) -> NDArray[np.uint8]:
    """So many colors (count x 3): hues by the golden section, in six shades."""
    order = np.arange(count)
    hues = (order * STEP % 1 * 180).astype(np.uint8)
    saturations = np.array(SATURATIONS, np.uint8)[order % len(SATURATIONS)]
    values = np.array(VALUES, np.uint8)[order // len(SATURATIONS) % len(VALUES)]
    hsv = np.stack([hues, saturations, values], axis=1)[None]
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0], np.uint8)
