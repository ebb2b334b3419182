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
# Step between hues in turns: with the golden section no two hues come close.
HUE_STEP: Final = 0.618034
# Combined with the hues: among 40 colors no two differ by less than 56 of 765 levels.
HSV_SATURATIONS: Final = (255, 140)
HSV_VALUES: Final = (255, 200, 140)


def draw(picture: Picture, /) -> Picture:
    """Flat colors, assigned to the regions from the largest to the smallest."""
    labels = refine_regions(color_regions(picture), picture.at(ANALYSIS_SIZE))
    return control_map(
        picture, distinct_colors(int(labels.max()) + 1)[labels], "segments by color", flat=True
    )


def distinct_colors(count: int) -> NDArray[np.uint8]:
    """`count` colors (count x 3, RGB): hues by the golden section, in six shades."""
    order = np.arange(count)
    hues = (order * HUE_STEP % 1 * 180).astype(np.uint8)
    saturations = np.array(HSV_SATURATIONS, np.uint8)[order % len(HSV_SATURATIONS)]
    values = np.array(HSV_VALUES, np.uint8)[order // len(HSV_SATURATIONS) % len(HSV_VALUES)]
    hsv = np.stack([hues, saturations, values], axis=1)[None]
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0], np.uint8)
