"""`text`: the words in the picture, line by line in reading order (OCR)."""

import unicodedata
from collections.abc import Iterator
from typing import Final

import numpy as np

from imagetoprompt.core.measurements import Box, Text
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table
from imagetoprompt.models import ocr
from imagetoprompt.models.ocr import TextLine

FACETS: Final = ("text",)

# A picture with more lines is a page to read; the largest lines are kept.
MAX_TEXT_LINES: Final = 12
# Longer side of the copy that is read; a larger one gains nothing.
OCR_SIZE: Final = 1600
# Confidence of the text detector from which a line is surely text.
SURE_DETECTION_CONFIDENCE: Final = 0.8
# Exponent for the confidence of lines in other scripts than Latin, since strokes of a drawing are
# easily read as Chinese.
NON_LATIN_EXPONENT: Final = 3
# Confidence factor of lines that run into an edge: they may be cut off.
CUT_LINE_FACTOR: Final = 0.8
# A line within this fraction of the picture from an edge runs into it: the detector's boxes are
# wider than the letters by as much.
EDGE_MARGIN: Final = 0.006


def observe(picture: Picture, /) -> Iterator[Observation]:
    """Yield one observation for each line of text that was read well enough to keep."""
    kept = table("facets")["text"]["kept"]
    lines = sorted(ocr.find_text_lines(picture), key=_area, reverse=True)[:MAX_TEXT_LINES]
    for line in _in_reading_order(lines):
        crop = ocr.crop_line(picture.at(OCR_SIZE), line, ocr.LINE_HEIGHT)
        words, recognition = ocr.recognize_text(crop)
        confidence = recognition * min(1.0, line.confidence / SURE_DETECTION_CONFIDENCE)
        if _is_non_latin(words):
            confidence **= NON_LATIN_EXPONENT
        if _is_cut(_box(line)):
            confidence *= CUT_LINE_FACTOR
        if confidence >= kept and _has_letters(words):
            yield Observation("text", words, round(confidence, 3), "ocr", Text(words, _box(line)))


def _has_letters(words: str) -> bool:
    """Whether there are at least two letters or digits."""
    return sum(letter.isalnum() for letter in words) >= 2


def _is_cut(box: Box) -> bool:
    """Whether the line starts or ends at an edge of the picture."""
    x, y, width, height = box
    start, end = (x, x + width) if width >= height else (y, y + height)
    return start < EDGE_MARGIN or end > 1 - EDGE_MARGIN


def _is_non_latin(words: str) -> bool:
    """Whether any letter is of another script than Latin."""
    return any(
        letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN")
        for letter in words
    )


def _in_reading_order(lines: list[TextLine]) -> list[TextLine]:
    """From top to bottom; lines that overlap by half their height form one row, left to right."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=_middle):
        if rows and abs(_middle(line) - _middle(rows[-1][0])) < _height(rows[-1][0]) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: _box(line)[0])]


def _box(line: TextLine) -> Box:
    low, high = np.clip(line.corners.min(0), 0, 1), np.clip(line.corners.max(0), 0, 1)
    x, y, width, height = (round(float(number), 4) for number in (*low, *(high - low)))
    return x, y, width, height


def _middle(line: TextLine) -> float:
    return float(line.corners[:, 1].mean())


def _height(line: TextLine) -> float:
    """Height of the line, as a fraction of the picture."""
    return float(np.linalg.norm(line.corners[3] - line.corners[0]))


def _area(line: TextLine) -> float:
    return _height(line) * float(np.linalg.norm(line.corners[1] - line.corners[0]))
