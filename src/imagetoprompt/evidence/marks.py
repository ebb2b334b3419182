"""The marks on the picture itself: thirds, horizon, boxes, key points, words, the light's arrow.

It does not know how any of them was found.
"""

import math
from collections.abc import Iterator
from typing import Final

from PIL import Image

from imagetoprompt.core.measurements import Action, Box, Composition, Light, Subject, Text
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.evidence.drawing import Color, DrawingCanvas, Point

SUBJECT: Final = (255, 176, 46)
PERSON: Final = (255, 99, 146)
WORDS: Final = (96, 200, 255)
LAYOUT: Final = (225, 225, 225)
HORIZON: Final = (80, 220, 190)
SUN: Final = (255, 226, 89)

# COCO key points joined as a body is.
BONES: Final = (
    (5, 7), (7, 9), (6, 8), (8, 10), (5, 6), (5, 11), (6, 12), (11, 12),
    (11, 13), (13, 15), (12, 14), (14, 16), (0, 5), (0, 6), (0, 1), (0, 2), (1, 3), (2, 4),
)  # fmt: skip
# Below this MoveNet's own confidence a joint is a guess and is not drawn.
JOINT: Final = 0.3


def draw(image: Image.Image, scene: Scene) -> Image.Image:
    """The image with every mark that the scene has a measurement for."""
    sheet = DrawingCanvas.over(image)
    for fact in scene:
        _mark(sheet, fact)
    return sheet.finished()


def _mark(sheet: DrawingCanvas, fact: Fact) -> None:
    match fact.measurement:
        case Composition() as layout:
            _layout(sheet, layout)
        case Subject() as subject if fact.said:
            _subject(sheet, subject, f"{fact.value}  {fact.confidence:.2f}")
        case Action() as action:
            for person in action.keypoints:
                _skeleton(sheet, person)
        case Text() as text if fact.said:
            _boxed(sheet, text.box, text.words, WORDS)
        case Light(azimuth=azimuth) if azimuth is not None:
            _arrow(sheet, azimuth)


def _layout(sheet: DrawingCanvas, layout: Composition) -> None:
    for share in (1 / 3, 2 / 3):
        across, down = share * sheet.width, share * sheet.height
        sheet.dashes((across, 0), (across, sheet.height), LAYOUT, 0.7)
        sheet.dashes((0, down), (sheet.width, down), LAYOUT, 0.7)
    if layout.horizon is not None and 0 <= layout.horizon <= 1:
        y = layout.horizon * sheet.height
        sheet.line([(0, y), (sheet.width, y)], HORIZON)
        sheet.label((6, y + 4), "horizon", HORIZON)
    if layout.subject_box is not None:
        corner, size = _placed(sheet, layout.subject_box)
        for near, far in _corners(corner, size):
            sheet.line([near, far], LAYOUT, 3)


def _corners(corner: Point, size: Point) -> Iterator[tuple[Point, Point]]:
    """Short strokes at the corners of the subject's box, which leave the thing itself clear."""
    (x, y), (w, h) = corner, size
    reach = 0.18 * min(w, h)
    for cx, cy, dx, dy in (
        (x, y, 1, 1),
        (x + w, y, -1, 1),
        (x, y + h, 1, -1),
        (x + w, y + h, -1, -1),
    ):
        yield (cx, cy), (cx + dx * reach, cy)
        yield (cx, cy), (cx, cy + dy * reach)


def _subject(sheet: DrawingCanvas, subject: Subject, words: str) -> None:
    for number, box in enumerate(subject.boxes):
        _boxed(sheet, box, words if number == 0 else "", SUBJECT)


def _boxed(sheet: DrawingCanvas, box: Box, words: str, color: Color) -> None:
    corner, size = _placed(sheet, box)
    sheet.box(corner, size, color)
    if words:
        sheet.label((corner[0], corner[1] - 23), words, color)


def _skeleton(sheet: DrawingCanvas, person: tuple[tuple[float, float, float], ...]) -> None:
    joints = [((x * sheet.width, y * sheet.height), sure >= JOINT) for x, y, sure in person]
    for start, end in BONES:
        if joints[start][1] and joints[end][1]:
            sheet.line([joints[start][0], joints[end][0]], PERSON, 2.5)
    for point, sure in joints:
        if sure:
            sheet.dot(point, 3.5, PERSON)


def _arrow(sheet: DrawingCanvas, azimuth: float) -> None:
    """From the picture's edge towards its middle, the way the light falls."""
    turn = math.radians(azimuth)
    out = math.sin(turn), -math.cos(turn)
    middle = sheet.width / 2, sheet.height / 2
    reach = min(
        middle[0] / abs(out[0]) if out[0] else math.inf,
        middle[1] / abs(out[1]) if out[1] else math.inf,
    )
    start, end = (
        (middle[0] + out[0] * reach * share, middle[1] + out[1] * reach * share)
        for share in (0.95, 0.6)
    )
    sheet.arrow(start, end, SUN, 6)


def _placed(sheet: DrawingCanvas, box: Box) -> tuple[Point, Point]:
    x, y, w, h = box
    return (x * sheet.width, y * sheet.height), (w * sheet.width, h * sheet.height)
