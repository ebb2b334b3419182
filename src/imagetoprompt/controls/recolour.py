"""recolour: how light each place is, for a painter to choose the colours anew.

It does not know the colours.
"""

import cv2
import numpy as np

from imagetoprompt.picture import Picture
from imagetoprompt.sheet import sheet


def draw(picture: Picture, /) -> Picture:
    """The lightness of CIE Lab as grey: 0 black, 255 white."""
    lab = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2LAB)
    return sheet(picture, np.ascontiguousarray(lab[:, :, 0]), "recolour")
