"""pose(picture, box) -> KeyPoints of one person, by MoveNet Lightning (192 x 192).

It does not know what the pose is called.
"""

from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture
from imagetoprompt.models.interpreter import network

SIDE: Final = 192
POINTS: Final = 316  # The output tensor of the packaged file: 1 x 17 x (y, x, confidence).
# MoveNet was trained on crops that are wider than the person by about this share of the longer
# side (https://www.tensorflow.org/hub/tutorials/movenet, torso expansion).
MARGIN: Final = 0.15

KeyPoints: TypeAlias = tuple[tuple[float, float, float], ...]
"""17 points in COCO order: x, y as fractions of the picture, confidence 0 to 1."""


def pose(picture: Picture, box: Box, /) -> KeyPoints:
    """The key points of the person in the box; run once for each box."""
    return picture.once(("networks.pose", box), lambda: _run(picture, box))


def _run(picture: Picture, box: Box) -> KeyPoints:
    pixels = picture.at(640)
    height, width = pixels.shape[:2]
    side = max(1.0, (1 + 2 * MARGIN) * max(box[2] * width, box[3] * height))
    left = (box[0] + box[2] / 2) * width - side / 2
    top = (box[1] + box[3] / 2) * height - side / 2
    rows = network("skeleton").run(_square(pixels, left, top, side), POINTS)[0][0]
    return tuple(
        (
            round(float(left + x * side) / width, 4),
            round(float(top + y * side) / height, 4),
            round(float(confidence), 4),
        )
        for y, x, confidence in rows
    )


def _square(pixels: NDArray[np.uint8], left: float, top: float, side: float) -> NDArray[np.uint8]:
    """The square of `side` pixels at left, top; black where it leaves the picture."""
    scale = SIDE / side
    matrix = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]], np.float32)
    square: NDArray[np.uint8] = cv2.warpAffine(pixels, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    return square
