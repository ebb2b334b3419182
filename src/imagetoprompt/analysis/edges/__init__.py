"""contours_of(picture) -> Contours: the outlines of things, soft, the surer the brighter.

By the HED network where its weights are installed, else by gradients over several scales. It does
not know what will be drawn from them.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.edges import hed
from imagetoprompt.analysis.edges.edge_detection import gradient_edges
from imagetoprompt.images.picture import Picture

# HED was trained on pictures of 481 x 321; a square of this size takes a quarter of a second.
HED_SIZE: Final = 384
ANALYSIS_SIZE: Final = 512


@dataclass(frozen=True)
class SoftEdges:
    """How surely each pixel of a smaller copy is on an outline, 0 to 1, and by what it was told."""

    strength: NDArray[np.float32]
    method: str


def soft_edges_of(picture: Picture) -> SoftEdges:
    """The contours of the picture, made once."""
    return picture.once("contours", lambda: _contours(picture))


def _contours(picture: Picture) -> SoftEdges:
    if hed.hed_is_installed():
        return SoftEdges(hed.hed_edges(picture.at(HED_SIZE)), "HED network")
    return SoftEdges(gradient_edges(picture.at(ANALYSIS_SIZE)), "gradients")
