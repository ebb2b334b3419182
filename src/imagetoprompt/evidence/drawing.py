"""Smooth lines, arrows, labels and wrapped text on an image, and sheets of captioned pictures.

Everything is drawn at twice the size and reduced at the end, since Pillow draws lines without
antialiasing.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

from PIL import Image, ImageDraw, ImageFont

Point: TypeAlias = tuple[float, float]
Color: TypeAlias = tuple[int, int, int]

BACKGROUND_COLOR: Final = (24, 25, 28)
TEXT_COLOR: Final = (236, 236, 232)
FAINT_COLOR: Final = (140, 142, 148)
SHADE_COLOR: Final = (10, 10, 12)
SUPERSAMPLING: Final = 2


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * SUPERSAMPLING)


@dataclass(frozen=True)
class DrawingCanvas:
    """A sheet to draw on; all positions and sizes are in pixels of the finished image."""

    image: Image.Image

    @classmethod
    def blank(cls, width: int, height: int) -> "DrawingCanvas":
        """An empty sheet."""
        return cls(
            Image.new("RGB", (width * SUPERSAMPLING, height * SUPERSAMPLING), BACKGROUND_COLOR)
        )

    @classmethod
    def over(cls, image: Image.Image) -> "DrawingCanvas":
        """A sheet with the image on it."""
        size = image.width * SUPERSAMPLING, image.height * SUPERSAMPLING
        return cls(image.convert("RGB").resize(size, Image.Resampling.BICUBIC))

    def finished(self) -> Image.Image:
        """The sheet at its real size."""
        return self.image.reduce(SUPERSAMPLING)

    @property
    def width(self) -> float:
        """Width of the finished image in pixels."""
        return self.image.width / SUPERSAMPLING

    @property
    def height(self) -> float:
        """Height of the finished image in pixels."""
        return self.image.height / SUPERSAMPLING

    def line(self, points: list[Point], color: Color, width: float = 2) -> None:
        """A line through the points, with a dark rim so that it shows on any picture."""
        scaled = [(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in points]
        pen = ImageDraw.Draw(self.image)
        pen.line(scaled, SHADE_COLOR, round((width + 1.5) * SUPERSAMPLING), joint="curve")
        pen.line(scaled, color, round(width * SUPERSAMPLING), joint="curve")

    def dashes(self, start: Point, end: Point, color: Color, width: float = 1.5) -> None:
        """A dashed line."""
        length = math.dist(start, end)
        for at in range(0, int(length), 14):
            here, there = at / length, min(at + 8, length) / length
            self.line([_between(start, end, here), _between(start, end, there)], color, width)

    def arrow(self, start: Point, end: Point, color: Color, width: float = 4) -> None:
        """An arrow whose point is at `end`."""
        turn = math.atan2(end[1] - start[1], end[0] - start[0])
        barbs = [
            (end[0] - 4 * width * math.cos(turn + s), end[1] - 4 * width * math.sin(turn + s))
            for s in (-0.45, 0.45)
        ]
        self.line([start, end], color, width)
        self.line([barbs[0], end, barbs[1]], color, width)

    def box(self, corner: Point, size: Point, color: Color) -> None:
        """The outline of a box."""
        (x, y), (w, h) = corner, size
        self.line([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)], color)

    def patch(self, corner: Point, size: Point, color: Color) -> None:
        """A filled box."""
        x, y = corner[0] * SUPERSAMPLING, corner[1] * SUPERSAMPLING
        end = x + max(1, size[0] * SUPERSAMPLING - 1), y + max(1, size[1] * SUPERSAMPLING - 1)
        ImageDraw.Draw(self.image).rectangle((x, y, *end), fill=color)

    def dot(self, center: Point, radius: float, color: Color) -> None:
        """A filled disc with a dark rim."""
        for size, paint in ((radius + 1, SHADE_COLOR), (radius, color)):
            x, y, r = center[0] * SUPERSAMPLING, center[1] * SUPERSAMPLING, size * SUPERSAMPLING
            ImageDraw.Draw(self.image).ellipse((x - r, y - r, x + r, y + r), fill=paint)

    def ring(self, center: Point, radius: float, color: Color) -> None:
        """A circle."""
        x, y, r = center[0] * SUPERSAMPLING, center[1] * SUPERSAMPLING, radius * SUPERSAMPLING
        pen = ImageDraw.Draw(self.image)
        pen.ellipse((x - r, y - r, x + r, y + r), outline=color, width=2 * SUPERSAMPLING)

    def text(self, corner: Point, words: str, color: Color = TEXT_COLOR, size: int = 15) -> None:
        """One line of text whose upper left corner is at `corner`."""
        at = corner[0] * SUPERSAMPLING, corner[1] * SUPERSAMPLING
        ImageDraw.Draw(self.image).text(at, words, fill=color, font=_font(size))

    def label(self, corner: Point, words: str, color: Color, size: int = 15) -> None:
        """A line of text on a dark ground, kept inside the sheet."""
        width, height = measure(words, size) + 10, size + 8
        x = min(max(corner[0], 0), max(0, self.width - width))
        y = min(max(corner[1], 0), max(0, self.height - height))
        self.patch((x, y), (width, height), SHADE_COLOR)
        self.text((x + 5, y + 2), words, color, size)


def measure(words: str, size: int) -> float:
    """The width of a line of text in pixels of the finished image."""
    return float(_font(size).getlength(words)) / SUPERSAMPLING


def wrapped(words: str, width: float, size: int) -> Iterator[str]:
    """The words in lines no wider than `width`; a word that is wider alone stands alone."""
    line = ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if line and measure(longer, size) > width:
            yield line
            longer = word
        line = longer
    yield line


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


# All in pixels of the finished sheet.
CELL_SIDE: Final = 420
CELL_GAP: Final = 14
CAPTION_SIZE: Final = 15
CAPTION_LINE_HEIGHT: Final = 20
MAX_CAPTION_LINES: Final = 3


def contact_sheet(cells: Sequence[tuple[str, Image.Image]], columns: int = 3) -> Image.Image:
    """Draw (caption, image) cells in rows of at most `columns`, as one RGB image."""
    tiles = [_tile(caption, image) for caption, image in cells]
    across = min(columns, len(tiles))
    down = math.ceil(len(tiles) / columns)
    height = max(tile.height for tile in tiles)
    size = CELL_GAP + across * (CELL_SIDE + CELL_GAP), CELL_GAP + down * (height + CELL_GAP)
    sheet = Image.new("RGB", size, BACKGROUND_COLOR)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        sheet.paste(
            tile, (CELL_GAP + column * (CELL_SIDE + CELL_GAP), CELL_GAP + row * (height + CELL_GAP))
        )
    return sheet


def _tile(caption: str, image: Image.Image) -> Image.Image:
    shown = image.convert("RGB")
    shown.thumbnail((CELL_SIDE, CELL_SIDE))
    lines = list(wrapped(caption, CELL_SIDE - 10, CAPTION_SIZE))[:MAX_CAPTION_LINES]
    canvas = DrawingCanvas.blank(CELL_SIDE, CELL_SIDE + CAPTION_LINE_HEIGHT * len(lines) + 6)
    for number, line in enumerate(lines):
        canvas.text(
            (4, CELL_SIDE + 4 + number * CAPTION_LINE_HEIGHT), line, TEXT_COLOR, CAPTION_SIZE
        )
    tile = canvas.finished()
    tile.paste(shown, ((CELL_SIDE - shown.width) // 2, (CELL_SIDE - shown.height) // 2))
    return tile
