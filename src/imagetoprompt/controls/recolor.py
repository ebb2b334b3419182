"""recolor: how light each place is, so that the model chooses new colors."""

import cv2
import numpy as np

from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture


def draw(picture: Picture, /) -> Picture:
    """The lightness of CIE Lab as gray: 0 black, 255 white."""
    lab = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2LAB)
    return control_map(picture, np.ascontiguousarray(lab[:, :, 0]), "recolor")
