"""normal: which way each surface faces, from the slope of the depth map.

Red is right, green is up, blue is toward the viewer, and 128 is zero, as in the normals of BAE
that ControlNets were trained on.
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.depth_estimation import depth_map
from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture

# Assumed distance between the nearest and the farthest place, in longer sides of the picture.
DEPTH_SCALE: Final = 1.0
# Standard deviation of the blur before slopes are taken, as a share of the longer side.
SLOPE_SMOOTHING: Final = 1 / 250


def draw(picture: Picture, /) -> Picture:
    """The direction of each surface as a color."""
    depth = depth_map(picture)
    return control_map(
        picture, _colored(surface_normals(depth.nearness)), f"normal by {depth.method}"
    )


def surface_normals(nearness: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit vectors (height x width x 3): right, up, toward the viewer."""
    longest = max(nearness.shape)
    smooth = cv2.GaussianBlur(nearness, (0, 0), max(1.0, SLOPE_SMOOTHING * longest))
    depth_range = DEPTH_SCALE * longest
    right, down = (
        cv2.Sobel(smooth, cv2.CV_32F, *axes, ksize=3, scale=depth_range / 8)
        for axes in ((1, 0), (0, 1))
    )
    # A surface that comes nearer toward the right faces left.
    vectors = np.dstack([-right, down, np.ones_like(right)])
    return np.asarray(vectors / np.linalg.norm(vectors, axis=2, keepdims=True), np.float32)


def _colored(vectors: NDArray[Any]) -> NDArray[Any]:
    """Components from -1 to 1 as channels from 0 to 1."""
    return np.asarray((vectors + 1) / 2, np.float32)
