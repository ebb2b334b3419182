"""Words set in known fonts on plain, uneven and picture-like grounds.

Roboto, Source Serif and Fredoka come with the extra `bench`; Aileron is inside Pillow. Serif,
rounded and italic faces are held out for reporting.
"""

from importlib import resources
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bench.drawn.picture import Canvas, Drawn, filed, textured

WORDS: Final = (
    *("open", "closed", "coffee", "bakery", "market", "street", "hotel", "station", "exit"),
    *("gallery", "museum", "summer", "winter", "music", "garden", "bridge", "river", "mountain"),
    *("books", "fresh", "bread", "daily", "special", "sale", "today", "welcome", "city", "night"),
    *("school", "library", "pharmacy", "parking", "taxi", "police", "airport", "kitchen", "studio"),
    *("theatre", "cinema", "flower", "paper", "London", "Paris", "Berlin", "Tokyo", "Monday"),
    *("Sunday", "April", "1984", "2025", "24", "100", "Cafe", "Bar", "Pizza", "Sushi"),
)

TUNE_FACES: Final = ("", "roboto/Roboto-Regular.ttf", "roboto/Roboto-Bold.ttf")
REPORT_FACES: Final = (
    *TUNE_FACES,
    "roboto/Roboto-Italic.ttf",
    "source_serif_pro/SourceSerifPro-Regular.ttf",
    "source_serif_pro/SourceSerifPro-Semibold.ttf",
    "fredoka_one/FredokaOne-Regular.ttf",
)


def draw(seed: int) -> Drawn:
    """One to four lines, 22 to 60 pixels high, some tilted; the truth has the words in order."""
    rng = np.random.default_rng([seed, 13])
    size = (640, 480)
    canvas = textured(rng, size, float(rng.choice([0.0, 0.15, 0.4])))
    face = face_of(seed)
    lines = _lines(rng)
    mask = _mask(rng, lines, face, size)
    dark = canvas.mean() > 0.5
    ink = rng.uniform(0.0, 0.15, 3) if dark else rng.uniform(0.85, 1.0, 3)
    canvas = canvas * (1 - mask) + ink * mask
    words = [word for line in lines for word in line.split()]
    return filed(canvas, rng, {"text": {"words": words, "face": face or "Aileron"}})


def face_of(seed: int) -> str:
    """The face of a seed, as package/file; "" for the one inside Pillow."""
    faces = REPORT_FACES if seed % 2 else TUNE_FACES
    return faces[(seed // 2) % len(faces)]


def _lines(rng: np.random.Generator) -> list[str]:
    return [_line(rng) for _ in range(int(rng.integers(1, 5)))]


def _line(rng: np.random.Generator) -> str:
    words = " ".join(str(word) for word in rng.choice(WORDS, int(rng.integers(1, 4))))
    return str(rng.choice([words, words.upper(), words.title()]))


def _mask(rng: np.random.Generator, lines: list[str], face: str, size: tuple[int, int]) -> Canvas:
    """Where the ink is, 0 to 1: the lines under one another, tilted in one picture of three."""
    layer = Image.new("L", size)
    pen = ImageDraw.Draw(layer)
    top = int(rng.integers(30, 80))
    for line in lines:
        tall = int(rng.integers(22, 61))
        font = _font(face, tall)
        while pen.textlength(line, font=font) > size[0] - 60 and tall > 12:
            tall -= 2
            font = _font(face, tall)
        spare = size[0] - 60 - pen.textlength(line, font=font)
        pen.text((30 + int(rng.uniform(0, max(spare, 1))), top), line, fill=255, font=font)
        top += int(tall * 1.5)
    tilt = float(rng.uniform(-8, 8)) if rng.random() < 1 / 3 else 0.0
    layer = layer.rotate(tilt, Image.Resampling.BICUBIC)
    return np.asarray(layer, dtype=np.float64)[..., None] / 255


def _font(face: str, tall: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if not face:
        return ImageFont.load_default(tall)
    package, name = face.split("/")
    held = resources.files(f"font_{package}") / "files" / name
    with resources.as_file(held) as path:
        return ImageFont.truetype(path, tall)
