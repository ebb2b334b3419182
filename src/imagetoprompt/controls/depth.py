"""depth: how near each place is, near bright, far dark.

By the ONNX model that IMAGETOPROMPT_DEPTH_MODEL names, else a rough guess from ground, things and
focus, which says so in its metadata.
"""

from imagetoprompt.analysis.depth import depth_map
from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture


def draw(picture: Picture, /) -> Picture:
    """Nearness as gray: 255 the nearest place, 0 the farthest."""
    found = depth_map(picture)
    return control_map(picture, found.nearness, f"depth by {found.method}")
