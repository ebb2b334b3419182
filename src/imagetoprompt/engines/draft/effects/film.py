"""What a film does to a photograph: its frame and its fading. It does not know paint."""

import cv2
import numpy as np

from imagetoprompt.engines.draft.canvas import Canvas, Options
from imagetoprompt.images.picture import Pixels


def instant(canvas: Canvas, options: Options) -> Pixels:
    """The picture within the white frame of an instant print, broad at the foot."""
    width, height = canvas.size
    edge, foot = round(0.055 * canvas.longest), round(0.16 * canvas.longest)
    inner = max(1, width - 2 * edge), max(1, height - edge - foot)
    frame = np.empty_like(canvas.pixels)
    frame[:] = (243, 240, 232)
    frame[edge : edge + inner[1], edge : edge + inner[0]] = _covered(canvas.pixels, inner)
    return frame


def _covered(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """The middle of the picture, filling that width and height."""
    height, width = pixels.shape[:2]
    scale = max(size[0] / width, size[1] / height)
    wide, high = max(size[0], round(width * scale)), max(size[1], round(height * scale))
    full = cv2.resize(pixels, (wide, high), interpolation=cv2.INTER_AREA)
    left, top = (wide - size[0]) // 2, (high - size[1]) // 2
    return np.asarray(full[top : top + size[1], left : left + size[0]])
