"""contact(cells) -> one sheet: pictures side by side, each with its words.

It does not know what the pictures have in common.
"""

import math
from collections.abc import Sequence
from typing import Final

from PIL import Image

from imagetoprompt.evidence.drawing import GROUND, INK, Ink, wrapped

CELL: Final = 420
GAP: Final = 14
SIZE: Final = 15
LINE: Final = 20
MOST_LINES: Final = 3


def contact(cells: Sequence[tuple[str, Image.Image]], columns: int = 3) -> Image.Image:
    """The sheet, RGB: the pictures in rows of at most `columns`, words under each."""
    tiles = [_tile(words, image) for words, image in cells]
    across = min(columns, len(tiles))
    down = math.ceil(len(tiles) / columns)
    height = max(tile.height for tile in tiles)
    size = GAP + across * (CELL + GAP), GAP + down * (height + GAP)
    sheet = Image.new("RGB", size, GROUND)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        sheet.paste(tile, (GAP + column * (CELL + GAP), GAP + row * (height + GAP)))
    return sheet


def _tile(words: str, image: Image.Image) -> Image.Image:
    shown = image.convert("RGB")
    shown.thumbnail((CELL, CELL))
    lines = list(wrapped(words, CELL - 10, SIZE))[:MOST_LINES]
    ink = Ink.blank(CELL, CELL + LINE * len(lines) + 6)
    for number, line in enumerate(lines):
        ink.text((4, CELL + 4 + number * LINE), line, INK, SIZE)
    tile = ink.finished()
    tile.paste(shown, ((CELL - shown.width) // 2, (CELL - shown.height) // 2))
    return tile
