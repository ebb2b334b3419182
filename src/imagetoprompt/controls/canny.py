"""canny: thin white edges on black, with thresholds from the picture's own gradients."""

from typing import Final

from imagetoprompt.analysis.edge_detection import canny_edges
from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture

# ControlNets are trained at 512 to 1024 pixels; finer detail than this is texture to them.
ANALYSIS_SIZE: Final = 1536


def draw(picture: Picture, /) -> Picture:
    """Edges one pixel wide, 255 on 0."""
    return control_map(picture, canny_edges(picture.at(ANALYSIS_SIZE)), "canny", flat=True)
