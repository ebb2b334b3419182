"""The marks on the picture: thirds, horizon, boxes, key points, words and the light's arrow."""

from typing import Final

from PIL import Image

from imagetoprompt.core.measurements import Action, Box, Composition, Light, Subject, Text
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.evidence.drawing import Color, DrawingCanvas
from imagetoprompt.evidence.geometry import corner_strokes, ray_points, scaled_box, skeleton

SUBJECT: Final = (255, 176, 46)
PERSON: Final = (255, 99, 146)
WORDS: Final = (96, 200, 255)
LAYOUT: Final = (225, 225, 225)
HORIZON: Final = (80, 220, 190)
SUN: Final = (255, 226, 89)

# The arrow's ends on the way from the center (0) to the edge (1).
ARROW_SHARES: Final = (0.95, 0.6)


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
            _light_arrow(sheet, azimuth)


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
        box = scaled_box(layout.subject_box, sheet.width, sheet.height)
        for end, corner, other_end in corner_strokes(box):
            sheet.line([corner, end], LAYOUT, 3)
            sheet.line([corner, other_end], LAYOUT, 3)


def _subject(sheet: DrawingCanvas, subject: Subject, words: str) -> None:
    for number, box in enumerate(subject.boxes):
        _boxed(sheet, box, words if number == 0 else "", SUBJECT)


def _boxed(sheet: DrawingCanvas, box: Box, words: str, color: Color) -> None:
    x, y, width, height = scaled_box(box, sheet.width, sheet.height)
    sheet.box((x, y), (width, height), color)
    if words:
        sheet.label((x, y - 23), words, color)


def _skeleton(sheet: DrawingCanvas, person: tuple[tuple[float, float, float], ...]) -> None:
    joints, bones = skeleton(person, sheet.width, sheet.height)
    for start, end in bones:
        sheet.line([start, end], PERSON, 2.5)
    for joint in joints:
        sheet.dot(joint, 3.5, PERSON)


def _light_arrow(sheet: DrawingCanvas, azimuth: float) -> None:
    """From the picture's edge towards its center, the way the light falls."""
    start, end = ray_points(azimuth, sheet.width, sheet.height, ARROW_SHARES)
    sheet.arrow(start, end, SUN, 6)
