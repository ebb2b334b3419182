"""draw(picture, scene) -> one figure: the evidence for the facts, on the picture and beside it.

It measures nothing: all but the sharpness map is drawn from the scene's own measurements.
"""

from typing import Final

from PIL import Image

from imagetoprompt.core.scene import Scene
from imagetoprompt.evidence import drawing, evidence_panel, marks
from imagetoprompt.images.picture import Picture

# Room enough to tell key points and labels apart, small enough for a screen beside its panel.
MAX_SIDE: Final = 1000
PANEL_WIDTH: Final = 430


def draw(picture: Picture, scene: Scene, /) -> Image.Image:
    """The figure, RGB: the picture with its marks on the left, the measurements on the right."""
    shown = _fitted(Image.fromarray(picture.at(MAX_SIDE)))
    sheet = drawing.DrawingCanvas.blank(PANEL_WIDTH, 2 * MAX_SIDE)
    used = evidence_panel.draw(sheet, picture, scene)
    figure = Image.new(
        "RGB", (shown.width + PANEL_WIDTH, max(shown.height, used)), drawing.BACKGROUND_COLOR
    )
    figure.paste(marks.draw(shown, scene), (0, 0))
    figure.paste(sheet.finished(), (shown.width, 0))
    return figure


def _fitted(image: Image.Image) -> Image.Image:
    """A small picture is enlarged, so that marks stay legible."""
    scale = MAX_SIDE / max(image.size)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image if scale <= 1 else image.resize(size, Image.Resampling.BICUBIC)
