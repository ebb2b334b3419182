"""Text detection and recognition by PP-OCRv6 (DBNet and a CTC recognizer)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Picture, Pixels
from imagetoprompt.models.runtime import onnx_session, to_unit_range

# Longer side in pixels of the picture that the text detector gets.
DETECTION_SIDE: Final = 480
# The network's input sides must be multiples of this.
SIZE_STEP: Final = 32
# DBNet (Liao et al., AAAI 2020): pixels above PIXEL_THRESHOLD are text; a region is kept when its
# mean is above REGION_THRESHOLD, and enlarged by BOX_GROWTH, since training shrinks regions.
PIXEL_THRESHOLD: Final = 0.3
REGION_THRESHOLD: Final = 0.6
BOX_GROWTH: Final = 1.6
# Minimum height of a line as a share of the longer side; lower ones are not legible.
MIN_BOX_HEIGHT: Final = 0.01


@dataclass(frozen=True, eq=False)
class TextLine:
    """A line of text: its four corners (4 x 2: x, y as fractions), clockwise from its beginning.

    confidence: mean of the probability map inside, 0 to 1.
    """

    corners: NDArray[np.float32]
    confidence: float


def find_text_lines(picture: Picture, /) -> tuple[TextLine, ...]:
    """The text lines of the picture, in no particular order."""
    pixels = picture.at(DETECTION_SIDE)
    height, width = pixels.shape[:2]
    size = tuple(max(SIZE_STEP, round(side / SIZE_STEP) * SIZE_STEP) for side in (width, height))
    probabilities = onnx_session("text detector").run(to_unit_range(cv2.resize(pixels, size)))[0, 0]
    return tuple(_text_lines(probabilities, np.array(size, np.float32)))


def crop_line(pixels: Pixels, line: TextLine, height: int) -> Pixels:
    """The line cut out of the pixels, rectified and `height` pixels high."""
    sides = np.array(pixels.shape[1::-1], np.float32)
    corners = (line.corners * sides).astype(np.float32)
    length = np.linalg.norm(corners[1] - corners[0]) / np.linalg.norm(corners[3] - corners[0])
    width = max(height // 2, round(float(length) * height))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    upright: Any = cv2.warpPerspective(
        pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(upright, np.uint8)


def _text_lines(
    probabilities: NDArray[np.float32], sides: NDArray[np.float32]
) -> Iterator[TextLine]:
    """The lines in a map of text probabilities (height x width). sides: its width and height."""
    outlines, _ = cv2.findContours(
        (probabilities > PIXEL_THRESHOLD).astype(np.uint8),
        cv2.RETR_EXTERNAL,
        cv2.CHAIN_APPROX_SIMPLE,
    )
    for outline in outlines:
        center, (width, height), angle = cv2.minAreaRect(outline)
        growth = BOX_GROWTH * width * height / max(width + height, 1e-6)
        grown = (width + growth, height + growth)
        if min(grown) < MIN_BOX_HEIGHT * sides.max():
            continue
        confidence = _mean_inside(probabilities, outline)
        if confidence >= REGION_THRESHOLD:
            yield TextLine(_ordered(cv2.boxPoints((center, grown, angle))) / sides, confidence)


def _mean_inside(probabilities: NDArray[np.float32], outline: NDArray[np.int32]) -> float:
    x, y, width, height = cv2.boundingRect(outline)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [outline - (x, y)], (1,))
    return float(cv2.mean(probabilities[y : y + height, x : x + width], mask)[0])


def _ordered(corners: Any) -> NDArray[np.float32]:  # noqa: ANN401
    """Corners clockwise from the one where reading begins: along the longer side, rightwards.

    Vertical text is taken to run upwards, as on most book spines.
    """
    points = np.asarray(corners, np.float32)
    first, second = points[1] - points[0], points[2] - points[1]
    if np.linalg.norm(first) < 1.0 * np.linalg.norm(second):
        points, first = np.roll(points, -1, axis=0), second
    if first[0] < 0 or (abs(first[0]) < 1e-3 and first[1] > 0):
        points = np.roll(points, -2, axis=0)
    return points


LINE_HEIGHT: Final = 48
"""The height in pixels of the line that the network reads."""
# Minimum probability of a space: within words the network gives it less than 0.00001, and between
# words that it runs together 0.026 or more (measured on rendered text and posters).
MIN_SPACE_PROBABILITY: Final = 0.005


def recognize_text(line: Pixels) -> tuple[str, float]:
    """The text of a line that is LINE_HEIGHT pixels high, and the mean confidence, 0 to 1."""
    probabilities = onnx_session("text recognizer").run(to_unit_range(line))[0]
    best, confidence = probabilities.argmax(1), probabilities.max(1)
    # Greedy CTC decoding (Graves et al., 2006): repeats are one letter, and letter 0 is the blank.
    (positions,) = np.nonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
    if not len(positions):
        return "", 0.0
    letters = _letters()
    words = "".join(
        " " * _is_gap(probabilities[previous + 1 : position]) + letters[best[position]]
        for previous, position in zip([positions[0], *positions[:-1]], positions, strict=True)
    )
    return " ".join(words.split()), float(confidence[positions].mean())


def _is_gap(between: NDArray[np.float32]) -> bool:
    """Whether a space is likely enough between two letters (steps x letters)."""
    return bool((between[:, -1] > MIN_SPACE_PROBABILITY).any())


@cache
def _letters() -> tuple[str, ...]:
    """The network's alphabet by index: the CTC blank first, a space last."""
    return ("", *onnx_session("text recognizer").metadata("character").splitlines(), " ")
