"""Surfaces to paint on: paper, canvas, wood, and the unevenness of paint on them.

Maps around 0 (about -1 to 1), the same for the same seed. It does not know what is painted.
"""

from typing import cast

import cv2
import numpy as np

from imagetoprompt.engines.draft.canvas import Canvas, Floats, to_bytes
from imagetoprompt.images.picture import Pixels


def clouds(canvas: Canvas, coarsest: float, octaves: int = 4) -> Floats:
    """Fractal noise in octaves; the coarsest cell is `coarsest` of the longer side wide."""
    width, height = canvas.size
    total = np.zeros((height, width), np.float32)
    share = 1.0
    for octave in range(octaves):
        cell = max(1.0, coarsest * canvas.longest / 2**octave)
        size = max(2, round(width / cell)), max(2, round(height / cell))
        total += share * cv2.resize(
            canvas.noise(size), (width, height), interpolation=cv2.INTER_CUBIC
        )
        share /= 2
    return cast(Floats, np.clip(total / 1.6, -1.5, 1.5))


def tooth(canvas: Canvas, size: float = 1.6) -> Floats:
    """Grain of rough paper, about `size` thousandths of the longer side."""
    cell = max(0.7, size * canvas.longest / 1000)
    noise = cv2.GaussianBlur(canvas.noise(canvas.size), (0, 0), cell)
    return cast(Floats, np.clip(noise / max(float(noise.std()), 1e-6) / 2, -1, 1))


def weave(canvas: Canvas, size: float = 2.6) -> Floats:
    """Weave of canvas or linen: threads across and down."""
    step = max(2.5, size * canvas.longest / 1000)
    width, height = canvas.size
    across = np.sin(np.arange(width, dtype=np.float32) * (2 * np.pi / step))
    down = np.sin(np.arange(height, dtype=np.float32) * (2 * np.pi / step))
    return cast(Floats, (across[None, :] * down[:, None] * 0.7 + tooth(canvas) * 0.3))


def hatching(canvas: Canvas, degrees: float, long: float = 0.03, fine: float = 1.0) -> Floats:
    """Pencil or chalk strokes at an angle: noise blurred along it, mean 0, deviation 1."""
    reach = max(5, round(long * canvas.longest)) | 1
    line = np.zeros((reach, reach), np.float32)
    middle = reach // 2
    angle = np.radians(degrees)
    step = middle * np.cos(angle), middle * np.sin(angle)
    ends = [(round(middle + s * step[0]), round(middle - s * step[1])) for s in (-1, 1)]
    cv2.line(line, ends[0], ends[1], 1.0, 1, cv2.LINE_AA)
    width, height = canvas.size
    grain = max(1.0, fine * canvas.longest / 1100)
    noise = canvas.noise((max(1, round(width / grain)), max(1, round(height / grain))))
    noise = cv2.resize(noise, canvas.size, interpolation=cv2.INTER_LINEAR)
    streaks = cv2.filter2D(noise, -1, line / line.sum(), borderType=cv2.BORDER_REFLECT)
    return cast(Floats, streaks / max(float(streaks.std()), 1e-6))


def embossed(pixels: Pixels, height: Floats, depth: float) -> Pixels:
    """The pixels lit from the upper left as if `height` were their height map."""
    slope = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) + cv2.Sobel(
        height, cv2.CV_32F, 0, 1, ksize=3
    )
    shade = np.clip(1 + slope * depth, 0.6, 1.35)[..., None]
    return to_bytes(pixels.astype(np.float32) / 255 * shade)


def wobbled(pixels: Pixels, field: Floats, reach: float) -> Pixels:
    """Displace the pixels by up to `reach` pixels along a noise field, for uneven edges."""
    rows, columns = field.shape
    across, down = np.meshgrid(
        np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)
    )
    other = np.roll(field, (rows // 3, columns // 3), (0, 1))
    return cast(
        Pixels,
        cv2.remap(
            pixels,
            across + field * reach,
            down + other * reach,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        ),
    )
