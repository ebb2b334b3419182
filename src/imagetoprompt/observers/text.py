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

# More lines than this are a page to read, not part of a picture: the largest are kept.
MAX_TEXT_LINES: Final = 12
# Reading from a larger copy than this gains nothing.
READING_SIDE: Final = 1600
# Confidence of the text detector from which a strip is surely text.
SURE_STRIP_CONFIDENCE: Final = 0.8
# Power of the confidence of other scripts than Latin: strokes of a drawing read as Chinese.
FOREIGN_POWER: Final = 3
# Factor for lines that run into the edge: they may go on beyond it.
CUT_WORD_TRUST: Final = 0.8
# The detector's boxes end this far from the letters, as a fraction of the picture.
EDGE_MARGIN: Final = 0.006


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One claim for each line of text that was read well enough to keep."""
    kept = table("facets")["text"]["kept"]
    strips = sorted(ocr.find_text_lines(picture), key=_area, reverse=True)[:MAX_TEXT_LINES]
    for strip in _in_reading_order(strips):
        line = ocr.crop_line(picture.at(READING_SIDE), strip, ocr.LINE_HEIGHT)
        words, letters = ocr.recognize_text(line)
        confidence = letters * min(1.0, strip.confidence / SURE_STRIP_CONFIDENCE)
        if _is_foreign(words):
            confidence **= FOREIGN_POWER
        if _is_cut(_box(strip)):
            confidence *= CUT_WORD_TRUST
        if confidence >= kept and _has_letters(words):
            yield Observation("text", words, round(confidence, 3), "ocr", Text(words, _box(strip)))


def _has_letters(words: str) -> bool:
    """Whether there are at least two letters or digits."""
    return sum(letter.isalnum() for letter in words) >= 2


def _is_cut(box: Box) -> bool:
    """Whether the line starts or ends at an edge of the picture."""
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
    """From top to bottom; strips that overlap by half their height form one row, left to right."""
    rows: list[list[TextLine]] = []
    for strip in sorted(strips, key=_middle):
        if rows and abs(_middle(strip) - _middle(rows[-1][0])) < _height(rows[-1][0]) / 2:
            rows[-1].append(strip)
        else:
            rows.append([strip])
    return [strip for row in rows for strip in sorted(row, key=lambda strip: _box(strip)[0])]


def _box(strip: TextLine) -> Box:
    low, high = np.clip(strip.corners.min(0), 0, 1), np.clip(strip.corners.max(0), 0, 1)
    x, y, width, height = (round(float(number), 4) for number in (*low, *(high - low)))
    return x, y, width, height


def _middle(strip: TextLine) -> float:
    return float(strip.corners[:, 1].mean())


def _height(strip: TextLine) -> float:
    """Height of the line, as a fraction of the picture."""
    return float(np.linalg.norm(strip.corners[3] - strip.corners[0]))


def _area(strip: TextLine) -> float:
    return _height(strip) * float(np.linalg.norm(strip.corners[1] - strip.corners[0]))
