"""Depth: `depth_map(picture)`, how near each pixel is.

By the network that the setting depth_model names, else a heuristic guess.
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

# Depth has few fine details, and a ControlNet reads no finer ones.
DEPTH_SIDE: Final = 1024
# Reach of an edge as a share of the longer side, and the contrast (0 to 1) that counts as an edge,
# for the guided filter that moves the borders of the rough guess onto those of the picture.
FILTER_RADIUS: Final = 1 / 48
EDGE_CONTRAST: Final = 0.04


@dataclass(frozen=True)
class DepthMap:
    """nearness: 1 nearest to 0 farthest, for each pixel of a smaller copy. method: its source."""

    nearness: NDArray[np.float32]
    method: str


def depth_map(picture: Picture) -> DepthMap:
    """The depth of the picture; MissingPartError when the model cannot be used."""
    return picture.once("depth map", _depth_map, picture, settings().depth_model)


def _depth_map(picture: Picture, model: str) -> DepthMap:
    pixels = picture.at(DEPTH_SIDE)
    if model:
        return DepthMap(network_depth(pixels, model), "depth model")
    guess = heuristic_depth(picture)
    radius = max(3, round(FILTER_RADIUS * max(guess.shape)))
    refined = guided_filter(guess, picture.at(ANALYSIS_SIDE), radius, EDGE_CONTRAST, pixels)
    return DepthMap(np.clip(refined, 0, 1), "rough guess")
