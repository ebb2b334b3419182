"""The panel beside the picture: light, palette, sharpness, then every fact with its confidence."""

from typing import Final

import numpy as np
from PIL import Image

from imagetoprompt.analysis.blur import blur_map
from imagetoprompt.core.measurements import Focus, Light, Palette
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.evidence.drawing import (
    FAINT_COLOR,
    SUPERSAMPLING,
    TEXT_COLOR,
    DrawingCanvas,
    wrapped,
)
from imagetoprompt.evidence.geometry import from_direction
from imagetoprompt.evidence.marks import SUN
from imagetoprompt.images.color import hex_to_rgb_bytes
from imagetoprompt.images.picture import Picture, Pixels

MARGIN: Final = 20
SMALL: Final = 13
PANEL_LINE: Final = 19
GAP: Final = 12
INCLUDED_COLOR: Final = (120, 205, 140)


def draw(sheet: DrawingCanvas, picture: Picture, scene: Scene) -> int:
    """Draw the panel from the top of the sheet; the height used, in pixels."""
    y = float(MARGIN)
    for fact in scene:
        match fact.measurement:
            case Light() as light:
                y = _light(sheet, light, y) + GAP
            case Palette() as palette:
                y = _palette(sheet, palette, y) + GAP
            case Focus():
                y = _sharpness(sheet, picture, y) + GAP
    y = _title(sheet, "Facts", y)
    for fact in scene:
        if fact.value:
            y = _fact(sheet, fact, y)
    return round(y + MARGIN)


def _title(sheet: DrawingCanvas, words: str, y: float) -> float:
    sheet.text((MARGIN, y), words, TEXT_COLOR, 18)
    return y + 28


def _light(sheet: DrawingCanvas, light: Light, y: float) -> float:
    y = _title(sheet, "Light", y)
    center, radius = (MARGIN + 46.0, y + 46.0), 44.0
    sheet.ring(center, radius, FAINT_COLOR)
    if light.azimuth is not None:
        out = from_direction(light.azimuth)
        rim = center[0] + radius * out[0], center[1] + radius * out[1]
        sheet.arrow(rim, center, SUN, 3)
    from_ = "not determined" if light.azimuth is None else f"{light.azimuth:.0f}°"
    rows = (
        f"from  {from_}   front/back  {light.frontal:+.2f}",
        f"hardness  {light.hardness:.2f}   contrast  {light.contrast:.2f}",
        f"{light.key} key   {light.kelvin:.0f} K",
    )
    for number, row in enumerate(rows):
        sheet.text((MARGIN + 108, y + 18 + number * PANEL_LINE), row, TEXT_COLOR, SMALL)
    return y + 96


def _palette(sheet: DrawingCanvas, palette: Palette, y: float) -> float:
    y = _title(sheet, "Palette", y)
    x, room = float(MARGIN), sheet.width - 2 * MARGIN
    for swatch in palette.swatches:
        sheet.patch((x, y), (swatch.area * room, 22), hex_to_rgb_bytes(swatch.hex))
        x += swatch.area * room
    y += 30
    for swatch in palette.swatches:
        sheet.patch((MARGIN, y), (15, 15), hex_to_rgb_bytes(swatch.hex))
        words = f"{swatch.hex}  {swatch.name}{'  (accent)' if swatch.accent else ''}"
        sheet.text((MARGIN + 24, y - 1), words, TEXT_COLOR, SMALL)
        sheet.text((sheet.width - MARGIN - 40, y - 1), f"{swatch.area:.1%}", FAINT_COLOR, SMALL)
        y += PANEL_LINE
    return y


def _sharpness(sheet: DrawingCanvas, picture: Picture, y: float) -> float:
    """Where the picture is sharp: bright is sharp, dark is blurred, flat ground tells nothing."""
    y = _title(sheet, "Sharpness (bright is sharp)", y)
    shown = sharpness_overlay(picture)
    width = round(sheet.width - 2 * MARGIN)
    height = max(1, min(220, round(width * picture.size[1] / picture.size[0])))
    width = max(1, min(width, round(height * picture.size[0] / picture.size[1])))
    image = Image.fromarray(shown)
    size = width * SUPERSAMPLING, height * SUPERSAMPLING
    sheet.image.paste(
        image.resize(size, Image.Resampling.BICUBIC).convert("RGB"),
        (MARGIN * SUPERSAMPLING, round(y * SUPERSAMPLING)),
    )
    return y + height + 4


def _fact(sheet: DrawingCanvas, fact: Fact, y: float) -> float:
    color = TEXT_COLOR if fact.said else FAINT_COLOR
    sheet.text((MARGIN, y), fact.facet, INCLUDED_COLOR if fact.said else FAINT_COLOR, SMALL)
    sheet.patch((MARGIN + 92, y + 5), (36, 6), (60, 62, 66))
    sheet.patch(
        (MARGIN + 92, y + 5),
        (36 * fact.confidence, 6),
        INCLUDED_COLOR if fact.said else FAINT_COLOR,
    )
    left = MARGIN + 140
    words = fact.value if fact.said else f"{fact.value} (not said)"
    for line in wrapped(words, sheet.width - left - MARGIN, SMALL):
        sheet.text((left, y), line, color, SMALL)
        y += PANEL_LINE
    return y


# Edges this blurred, in pixels of a 512 pixel copy, are drawn as dark as it gets.
MAX_SHOWN_BLUR: Final = 5.0


def sharpness_overlay(picture: Picture) -> Pixels:
    """One sample a cell: bright is sharp, dark is blurred, flat ground tells nothing."""
    cells = blur_map(picture)
    shown = np.clip(1 - cells.sigma / MAX_SHOWN_BLUR, 0.08, 1) * np.clip(cells.weight / 4, 0.15, 1)
    return np.asarray(255 * shown, np.uint8)
