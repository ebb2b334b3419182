"""relief_of(picture) -> Relief: how near each pixel is, and by what that was told.

By the network that the setting depth_model names, else roughly, from what the picture shows. It
does not know meters.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.depth.depth_heuristic import heuristic_depth
from imagetoprompt.analysis.depth.depth_network import network_depth
from imagetoprompt.analysis.segmentation import ANALYSIS_SIDE
from imagetoprompt.images.filters import guided_filter
from imagetoprompt.images.picture import Picture
from imagetoprompt.settings import settings

# A depth has few fine details, and a ControlNet reads no finer ones.
DEPTH_SIDE: Final = 1024


@dataclass(frozen=True)
class DepthMap:
    """Nearness of each pixel of a smaller copy: 1 the nearest, 0 the farthest; and its source."""

    nearness: NDArray[np.float32]
    method: str


def depth_map(picture: Picture) -> DepthMap:
    """The relief of the picture, made once; MissingPartError when the model cannot be used."""
    return picture.once("relief", lambda: _relief(picture, settings().depth_model))


def _relief(picture: Picture, model: str) -> DepthMap:
    pixels = picture.at(DEPTH_SIDE)
    if model:
        return DepthMap(network_depth(pixels, model), "depth model")
    guess = guided_filter(heuristic_depth(picture), picture.at(ANALYSIS_SIDE), pixels)
    return DepthMap(guess, "rough guess")
