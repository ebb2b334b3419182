"""contact(cells) -> one sheet: pictures side by side, each with its words.

It does not know what the pictures have in common.
"""

import math
from collections.abc import Sequence
from typing import Final

from PIL import Image

from imagetoprompt.evidence.drawing import BACKGROUND_COLOR, TEXT_COLOR, DrawingCanvas, wrapped

CELL_SIDE: Final = 420
GAP: Final = 14
SIZE: Final = 15
CAPTION_LINE: Final = 20
MAX_LINES: Final = 3


def contact_sheet(cells: Sequence[tuple[str, Image.Image]], columns: int = 3) -> Image.Image:
    """The sheet, RGB: the pictures in rows of at most `columns`, words under each."""
    tiles = [_tile(words, image) for words, image in cells]
    across = min(columns, len(tiles))
    down = math.ceil(len(tiles) / columns)
    height = max(tile.height for tile in tiles)
    size = GAP + across * (CELL_SIDE + GAP), GAP + down * (height + GAP)
    sheet = Image.new("RGB", size, BACKGROUND_COLOR)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        sheet.paste(tile, (GAP + column * (CELL_SIDE + GAP), GAP + row * (height + GAP)))
    return sheet


def _tile(words: str, image: Image.Image) -> Image.Image:
    shown = image.convert("RGB")
    shown.thumbnail((CELL_SIDE, CELL_SIDE))
    lines = list(wrapped(words, CELL_SIDE - 10, SIZE))[:MAX_LINES]
    ink = DrawingCanvas.blank(CELL_SIDE, CELL_SIDE + CAPTION_LINE * len(lines) + 6)
    for number, line in enumerate(lines):
        ink.text((4, CELL_SIDE + 4 + number * CAPTION_LINE), line, TEXT_COLOR, SIZE)
    tile = ink.finished()
    tile.paste(shown, ((CELL_SIDE - shown.width) // 2, (CELL_SIDE - shown.height) // 2))
    return tile
