"""Light as a second exposure, and colors from hex. It does not know where light comes from."""

from typing import cast

import cv2
import numpy as np

from imagetoprompt.engines.draft.canvas import Canvas, Floats, bytes_of
from imagetoprompt.images.picture import Pixels

# Soft things are drawn at this size and enlarged.
SMALL = 256


def screened(canvas: Canvas, light: Floats) -> Pixels:
    """Light (0 to 1, a small map) added as a second exposure."""
    full = cv2.resize(light.astype(np.float32), canvas.size, interpolation=cv2.INTER_LINEAR)
    base = canvas.pixels.astype(np.float32) / 255
    return bytes_of(1 - (1 - base) * (1 - np.clip(full, 0, 1)))


def small_of(canvas: Canvas) -> Floats:
    """The pixels small, as floats from 0 to 1."""
    scale = min(1.0, SMALL / canvas.longest)
    size = max(1, round(canvas.size[0] * scale)), max(1, round(canvas.size[1] * scale))
    small = cv2.resize(canvas.pixels, size, interpolation=cv2.INTER_AREA)
    return cast(Floats, small.astype(np.float32) / 255)


def rgb(text: str) -> Floats:
    """#RRGGBB as three floats from 0 to 1."""
    return np.array([int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def rgb_bytes(text: str) -> tuple[int, ...]:
    """#RRGGBB as three numbers from 0 to 255."""
    return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))
