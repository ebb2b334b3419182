"""depth: how near each place is, near bright, far dark.

By the ONNX model that IMAGETOPROMPT_DEPTH_MODEL names, else a rough guess from ground, things and
focus, which says so in its metadata. It does not know metres.
"""

from imagetoprompt.picture import Picture
from imagetoprompt.relief import relief_of
from imagetoprompt.sheet import sheet


def draw(picture: Picture, /) -> Picture:
    """Nearness as grey: 255 the nearest place, 0 the farthest."""
    found = relief_of(picture)
    return sheet(picture, found.nearness, f"depth by {found.method}")
