"""`text`: the words that stand in the picture, line by line in reading order.

It does not know what they mean, and keeps a line only when its letters leave little doubt.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

import numpy as np

from imagetoprompt.core.measurements import Box, Text
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import ocr
from imagetoprompt.models.ocr import TextLine

FACETS: Final = ("text",)

# More lines than this are a page to read, not a part of a picture: the largest are kept.
MAX_TEXT_LINES: Final = 12
# What is read from pixels larger than this gains nothing.
READING_SIZE: Final = 1600
# The mean confidence of the letters below which a line is not even handed on.
MIN_LINE_CONFIDENCE: Final = 0.6
# The confidence of a strip from which it is text for certain.
CERTAIN_CONFIDENCE: Final = 0.8
# What other scripts are asked for more: a drawing's strokes are Chinese sooner than Latin.
FOREIGN_SCRIPT_FACTOR: Final = 3
# What words that touch the edge are worth: they may go on beyond it.
CUT_WORD_TRUST: Final = 0.8
# As a fraction of the picture: the detector's boxes end this far from the letters.
EDGE_MARGIN: Final = 0.006


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One observation for each line of text."""
    strips = sorted(ocr.find_text_lines(picture), key=_area, reverse=True)[:MAX_TEXT_LINES]
    for strip in _in_reading_order(strips):
        line = ocr.crop_line(picture.at(READING_SIZE), strip, ocr.LINE_HEIGHT)
        words, confidence = ocr.recognize_text(line)
        belief = confidence * min(1.0, strip.confidence / CERTAIN_CONFIDENCE)
        if _is_foreign(words):
            belief **= FOREIGN_SCRIPT_FACTOR
        if _is_cut(_box(strip)):
            belief *= CUT_WORD_TRUST
        if belief >= MIN_LINE_CONFIDENCE and _reads(words):
            yield Observation("text", words, round(belief, 3), "ocr", Text(words, _box(strip)))


def _reads(words: str) -> bool:
    """Whether it is more than a stroke: two letters or digits at least."""
    return sum(letter.isalnum() for letter in words) >= 2


def _is_cut(box: Box) -> bool:
    """Whether the line runs into the edge that it is written towards or comes from."""
    x, y, width, height = box
    start, end = (x, x + width) if width >= height else (y, y + height)
    return start < EDGE_MARGIN or end > 1 - EDGE_MARGIN


def _is_foreign(words: str) -> bool:
    """Whether any letter is of another script than Latin."""
    return any(
        letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN")
        for letter in words
    )


def _in_reading_order(strips: list[TextLine]) -> list[TextLine]:
    """From top to bottom; strips that overlap by half their height are one row, left to right."""
    rows: list[list[TextLine]] = []
    for strip in sorted(strips, key=_middle):
        if rows and abs(_middle(strip) - _middle(rows[-1][0])) < _height(rows[-1][0]) / 2:
            rows[-1].append(strip)
        else:
            rows.append([strip])
    return [strip for row in rows for strip in sorted(row, key=lambda each: _box(each)[0])]


def _box(strip: TextLine) -> Box:
    low, high = np.clip(strip.corners.min(0), 0, 1), np.clip(strip.corners.max(0), 0, 1)
    x, y, width, height = (round(float(each), 4) for each in (*low, *(high - low)))
    return x, y, width, height


def _middle(strip: TextLine) -> float:
    return float(strip.corners[:, 1].mean())


def _height(strip: TextLine) -> float:
    """Across the line, as a fraction of the picture."""
    return float(np.linalg.norm(strip.corners[3] - strip.corners[0]))


def _area(strip: TextLine) -> float:
    return _height(strip) * float(np.linalg.norm(strip.corners[1] - strip.corners[0]))
