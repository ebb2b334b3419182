"""canny: thin white edges on black, with thresholds from the picture's own gradients.

It does not know which edges belong to a thing and which to a texture.
"""

from typing import Final

from imagetoprompt.analysis.edges.edge_detection import canny_edges
from imagetoprompt.images.control_map import sheet
from imagetoprompt.images.picture import Picture

# ControlNets are trained at 512 to 1024 pixels; finer detail than this is texture to them.
WORKING: Final = 1536


def draw(picture: Picture, /) -> Picture:
    """Edges one pixel wide, 255 on 0."""
    return sheet(picture, canny_edges(picture.at(WORKING)), "canny", flat=True)
