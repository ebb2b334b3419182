"""Motion blur of known length and angle, laid on a picture in linear light."""

import cv2
import numpy as np
from numpy.typing import NDArray


def streak(length: float, angle: float) -> NDArray[np.float64]:
    """The kernel of a steady move: `length` pixels, `angle` degrees counter-clockwise."""
    side = 2 * int(np.ceil(length / 2)) + 3
    fine = 8
    steps = np.linspace(-length / 2, length / 2, max(2, int(length * fine)))
    across = side / 2 + steps * np.cos(np.radians(angle))
    down = side / 2 - steps * np.sin(np.radians(angle))
    kernel = np.zeros((side, side))
    for x, y in zip(across - 0.5, down - 0.5, strict=True):
        left, top = int(np.floor(x)), int(np.floor(y))
        dx, dy = x - left, y - top
        kernel[top : top + 2, left : left + 2] += np.outer([1 - dy, dy], [1 - dx, dx])
    return np.asarray(kernel / kernel.sum())


def moved(light: NDArray[np.float64], length: float, angle: float) -> NDArray[np.float64]:
    """The picture as a shaken camera sees it; `light` is linear, height x width x 3."""
    kernel = streak(length, angle)
    return np.asarray(cv2.filter2D(light, -1, kernel, borderType=cv2.BORDER_REFLECT_101))
