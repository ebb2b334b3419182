"""Contours: `contours(picture)`, soft outlines of things, brighter where they are surer.

By the HED network where its weights are installed, else by gradients over several scales.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.edges import hed
from imagetoprompt.analysis.edges.edge_detection import gradient_contours
from imagetoprompt.images.picture import Picture

# HED was trained on pictures of 481 x 321; a square of this size takes a quarter of a second.
HED_SIDE: Final = 384
GRADIENT_SIDE: Final = 512


@dataclass(frozen=True)
class ContourMap:
    """strength: of contours, 0 to 1, for each pixel of a smaller copy. method: its source."""

    strength: NDArray[np.float32]
    method: str


def contours(picture: Picture) -> ContourMap:
    """The contours of the picture."""
    return picture.once("contours", _contours, picture)


def _contours(picture: Picture) -> ContourMap:
    if hed.installed():
        return ContourMap(hed.hed_edges(picture.at(HED_SIDE)), "HED network")
    return ContourMap(gradient_contours(picture.at(GRADIENT_SIDE)), "gradients")
