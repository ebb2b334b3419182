"""pose: the skeleton of each person, in the limbs and colors of OpenPose.

Hands and faces have no points beyond wrists, eyes, ears and nose.
"""

from collections.abc import Iterator
from math import atan2, degrees, hypot
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.control_map import control_map
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import Detection, KeyPoints, detect, find_key_points
from imagetoprompt.models.detector import without_duplicates
from imagetoprompt.models.pose_estimation import MIN_JOINT_CONFIDENCE

# OpenPose's 18 points in COCO's order of 17; -1, the neck, lies midway between the shoulders.
JOINT_ORDER: Final = (0, -1, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3)
# Limbs as pairs of OpenPose's points, and a color for each limb and each point, as drawn by
# OpenPose and read by ControlNets trained on it (controlnet_aux/open_pose/util.py, Apache-2.0).
OPENPOSE_LIMBS: Final = (
    (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10),
    (1, 11), (11, 12), (12, 13), (1, 0), (0, 14), (14, 16), (0, 15), (15, 17),
)  # fmt: skip
OPENPOSE_COLORS: Final = (
    (255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0), (85, 255, 0),
    (0, 255, 0), (0, 255, 85), (0, 255, 170), (0, 255, 255), (0, 170, 255), (0, 85, 255),
    (0, 0, 255), (85, 0, 255), (170, 0, 255), (255, 0, 255), (255, 0, 170), (255, 0, 85),
)  # fmt: skip
LIMB_BRIGHTNESS: Final = 0.6
# Four pixels at 512, as OpenPose draws.
LINE_THICKNESS: Final = 4 / 512
ANALYSIS_SIZE: Final = 1536
# Each person costs a run of the network; smaller or less certain ones have no readable joints.
MAX_PEOPLE: Final = 8
MIN_PERSON_SHARE: Final = 0.1
MIN_PERSON_CONFIDENCE: Final = 0.4
# With fewer confident points there is no pose to keep, only dots.
MIN_JOINTS: Final = 5

Points = list["tuple[int, int] | None"]


def draw(picture: Picture, /) -> Picture:
    """Skeletons on black; an all-black map when nobody is detected."""
    height, width = picture.at(ANALYSIS_SIZE).shape[:2]
    canvas = np.zeros((height, width, 3), np.uint8)
    thick = max(1, round(LINE_THICKNESS * min(height, width)))
    for person in _people(picture):
        points = joints(find_key_points(picture, person.box), (width, height))
        if sum(point is not None for point in points) >= MIN_JOINTS:
            _draw_skeleton(canvas, points, thick)
    return control_map(picture, canvas, "pose")


def joints(points: KeyPoints, size: tuple[int, int]) -> Points:
    """OpenPose's 18 points in pixels of a picture of this width and height; None when unsure."""
    pixels: Points = [
        (round(x * size[0]), round(y * size[1])) if confidence >= MIN_JOINT_CONFIDENCE else None
        for x, y, confidence in points
    ]
    left, right = pixels[5], pixels[6]
    neck = ((left[0] + right[0]) // 2, (left[1] + right[1]) // 2) if left and right else None
    return [neck if index < 0 else pixels[index] for index in JOINT_ORDER]


def _people(picture: Picture) -> Iterator[Detection]:
    people = [
        detection
        for detection in without_duplicates(detect(picture))
        if detection.label == "person"
        and detection.confidence >= MIN_PERSON_CONFIDENCE
        and max(detection.box[2:]) >= MIN_PERSON_SHARE
    ]
    # The nearest are drawn last, over those behind them.
    yield from sorted(people[:MAX_PEOPLE], key=lambda person: person.box[2] * person.box[3])


def _draw_skeleton(canvas: NDArray[np.uint8], points: Points, thick: int) -> None:
    for (first, last), color in zip(OPENPOSE_LIMBS, OPENPOSE_COLORS, strict=False):
        start, end = points[first], points[last]
        if start and end:
            dim = [int(channel * LIMB_BRIGHTNESS) for channel in color]
            cv2.fillConvexPoly(canvas, _limb_outline(start, end, thick), dim)
    for point, color in zip(points, OPENPOSE_COLORS, strict=True):
        if point:
            cv2.circle(canvas, point, thick, color, -1)


def _limb_outline(start: tuple[int, int], end: tuple[int, int], thick: int) -> NDArray[np.int32]:
    """An ellipse from one point to the other, as a polygon."""
    across, down = start[0] - end[0], start[1] - end[1]
    middle = (start[0] + end[0]) // 2, (start[1] + end[1]) // 2
    axes = int(hypot(across, down) / 2), thick
    outline = cv2.ellipse2Poly(middle, axes, int(degrees(atan2(down, across))), 0, 360, 1)
    return np.asarray(outline, np.int32)
