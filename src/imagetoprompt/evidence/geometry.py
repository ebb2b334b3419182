"""Geometry of the marks on a picture, shared by the figures (Pillow) and the page (SVG).

Boxes and key points come as fractions of the picture; results are in the units of the drawing,
whose size is width x height, x to the right and y down.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from imagetoprompt.core.measurements import Box

Point: TypeAlias = tuple[float, float]

# Pairs of COCO key points that are joined by a bone.
BONES: Final = (
    (5, 7), (7, 9), (6, 8), (8, 10), (5, 6), (5, 11), (6, 12), (11, 12),
    (11, 13), (13, 15), (12, 14), (14, 16), (0, 5), (0, 6), (0, 1), (0, 2), (1, 3), (2, 4),
)  # fmt: skip
# MoveNet's confidence below which a key point is a guess and is not drawn.
MIN_JOINT_CONFIDENCE: Final = 0.3
# Length of a corner stroke, as a share of the box's shorter side.
CORNER_SHARE: Final = 0.18


def scaled_box(box: Box, width: float, height: float) -> Box:
    """x, y, width and height of the box in the drawing."""
    x, y, w, h = box
    return x * width, y * height, w * width, h * height


def corner_strokes(box: Box) -> Iterator[tuple[Point, Point, Point]]:
    """At each corner of a scaled box an angle: end, corner, end. The inside stays clear."""
    x, y, w, h = box
    reach = CORNER_SHARE * min(w, h)
    corners = ((x, y, 1, 1), (x + w, y, -1, 1), (x, y + h, 1, -1), (x + w, y + h, -1, -1))
    for cx, cy, right, down in corners:
        yield (cx + right * reach, cy), (cx, cy), (cx, cy + down * reach)


def skeleton(
    key_points: Sequence[tuple[float, float, float]], width: float, height: float
) -> tuple[list[Point], list[tuple[Point, Point]]]:
    """The joints that are confident, and the bones between them."""
    places = [(x * width, y * height) for x, y, _ in key_points]
    visible = [confidence >= MIN_JOINT_CONFIDENCE for _, _, confidence in key_points]
    joints = [place for place, is_visible in zip(places, visible, strict=True) if is_visible]
    bones = [(places[a], places[b]) for a, b in BONES if visible[a] and visible[b]]
    return joints, bones


def from_direction(azimuth: float) -> Point:
    """The unit vector towards the light. azimuth: degrees clockwise from straight above."""
    turn = math.radians(azimuth)
    return math.sin(turn), -math.cos(turn)


def ray_points(azimuth: float, width: float, height: float, shares: Sequence[float]) -> list[Point]:
    """Points from the center (share 0) towards the light to the edge of the drawing (share 1)."""
    out = from_direction(azimuth)
    center = width / 2, height / 2
    reach = min(half / abs(d) if d else math.inf for half, d in zip(center, out, strict=True))
    return [
        (center[0] + out[0] * reach * share, center[1] + out[1] * reach * share) for share in shares
    ]
