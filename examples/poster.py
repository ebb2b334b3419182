"""Draw `poster.jpg`, the example with words in it: a harbor at dusk, in flat shapes.

    python examples/poster.py

It does not know ImageToPrompt; the picture is ours, so that it may be given away.
"""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

SIZE: Final = (640, 896)
HORIZON: Final = 560
SKY: Final = ("#1d2b53", "#3b3a6b", "#7a4a76", "#c46a6b", "#f0a35e", "#ffd08a")
SUN: Final = (320, 470, 92)


def draw() -> Image.Image:
    """The poster: sky in bands, a low sun, a sea, a sail and two lines of words."""
    image = Image.new("RGB", SIZE, SKY[0])
    pen = ImageDraw.Draw(image)
    band = HORIZON // len(SKY)
    for row, color in enumerate(SKY):
        pen.rectangle((0, row * band, SIZE[0], HORIZON), fill=color)
    x, y, radius = SUN
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#fff1c9")
    pen.rectangle((0, HORIZON, *SIZE), fill="#16324f")
    for row in range(HORIZON + 14, 750, 34):
        width = 150 - (row - HORIZON) // 4
        pen.rectangle((x - width, row, x + width, row + 7), fill="#f0a35e")
    pen.polygon([(440, 620), (440, 400), (560, 600)], fill="#f7efe2")
    pen.polygon([(428, 600), (428, 430), (350, 600)], fill="#d9c9b6")
    pen.polygon([(340, 628), (580, 628), (540, 676), (380, 676)], fill="#3a1f2b")
    _words(pen, "HARBOR LIGHTS", 92, 66)
    _words(pen, "OPEN ALL SUMMER", 800, 44)
    return image


def _words(pen: ImageDraw.ImageDraw, words: str, top: int, size: int) -> None:
    font = ImageFont.load_default(size=size)
    pen.text((SIZE[0] // 2, top), words, font=font, fill="#fff1c9", anchor="mm")


if __name__ == "__main__":
    draw().save(Path(__file__).with_name("poster.jpg"), quality=90, optimize=True)
