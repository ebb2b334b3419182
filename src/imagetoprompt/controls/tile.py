"""tile: the picture without its detail, which the model fills in again."""

from typing import Final

import cv2

from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture

# An eighth of 1024 pixels: what the tile ControlNet's own preprocessor leaves at its strongest.
KEPT_SIDE: Final = 128


def draw(picture: Picture, /) -> Picture:
    """Colors and large shapes only: what a copy of 128 pixels still shows, smoothed."""
    small = cv2.GaussianBlur(picture.at(KEPT_SIDE), (0, 0), 0.7)
    return control_map(picture, small, "tile")
