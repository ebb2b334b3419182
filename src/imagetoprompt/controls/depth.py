"""depth: how near each place is, near bright, far dark.

By the ONNX model that IMAGETOPROMPT_DEPTH_MODEL names, else a rough estimate from ground, objects
and focus; the metadata of the map says which.
"""

from imagetoprompt.analysis.depth_estimation import depth_map
from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture


def draw(picture: Picture, /) -> Picture:
    """Nearness as gray: 255 the nearest place, 0 the farthest."""
    depth = depth_map(picture)
    return control_map(picture, depth.nearness, f"depth by {depth.method}")
