"""Pictures painted for tests of the meters, all from fixed seeds."""

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Picture, open_picture

Pixels = NDArray[np.uint8]


def picture(pixels: NDArray[np.float64] | Pixels) -> Picture:
    return open_picture(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def leaves(seed: int = 0, width: int = 384, height: int = 288) -> NDArray[np.float64]:
    """Overlapping discs of all sizes and grays: as rough and sharp-edged as a natural picture."""
    rng = np.random.default_rng(seed)
    canvas = np.full((2 * height, 2 * width, 3), 128.0)
    for radius in sorted(200 / rng.uniform(1, 40, 900) ** 0.9, reverse=True):
        place = int(rng.integers(0, 2 * width)), int(rng.integers(0, 2 * height))
        cv2.circle(canvas, place, max(2, int(radius)), rng.uniform(10, 245, 3).tolist(), -1)
    return np.asarray(cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA))


def smeared(canvas: NDArray[np.float64], length: int, angle: float) -> NDArray[np.float64]:
    """Moved along a straight line: degrees counter-clockwise from the horizontal."""
    offsets = np.linspace(-length / 2, length / 2, 4 * length)
    turn = np.deg2rad(angle)
    size = canvas.shape[1], canvas.shape[0]
    moved = np.zeros_like(canvas)
    for offset in offsets:
        shift = np.array([[1, 0, offset * np.cos(turn)], [0, 1, -offset * np.sin(turn)]])
        moved += cv2.warpAffine(canvas, shift, size, borderMode=cv2.BORDER_REFLECT)
    return moved / len(offsets)


def out_of_focus(canvas: NDArray[np.float64], diameter: int) -> NDArray[np.float64]:
    """Every point spread over a disc."""
    rows, columns = np.mgrid[-1 : 1 : 8j * diameter, -1 : 1 : 8j * diameter]
    fine = (rows**2 + columns**2 < 1).astype(np.float64)
    disc = cv2.resize(fine, (diameter, diameter), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.filter2D(canvas, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT))


def portrait(diameter: int) -> NDArray[np.float64]:
    """A sharp body in the middle before a ground that is out of focus."""
    body, ground = leaves(1), leaves(2)
    if diameter > 1:
        ground = out_of_focus(ground, diameter)
    mask = np.zeros(body.shape[:2])
    cv2.ellipse(mask, (192, 150), (70, 110), 0, 0, 360, 1.0, -1)
    return np.asarray(body * mask[..., None] + ground * (1 - mask[..., None]))


def landscape(level: float, roll: float = 0.0, seed: int = 0) -> NDArray[np.float64]:
    """Rough ground under a plain sky; level: of the horizon in the middle column, from the top."""
    rng = np.random.default_rng(seed)
    height, width = 240, 360
    rows, columns = np.mgrid[:height, :width] + 0.5
    line = level * height + (columns - width / 2) * np.tan(np.deg2rad(roll))
    noise = cv2.GaussianBlur(rng.normal(0, 40, (height, width)), (0, 0), 1.5)
    sky = np.array([150.0, 190, 235]) + 20 * (rows / height)[..., None]
    ground = np.array([90.0, 100, 50]) + noise[..., None]
    return np.asarray(np.where((rows > line)[..., None], ground, sky))


def body(across: float, down: float = 0.5, size: float = 0.12) -> NDArray[np.float64]:
    """A red disc on quiet green: place and radius in shares of width and height."""
    rng = np.random.default_rng(3)
    noise = cv2.GaussianBlur(rng.normal(0, 12, (240, 360, 3)), (0, 0), 4)
    canvas = np.ascontiguousarray(np.array([70.0, 130, 80]) + noise)
    place = round(across * 360), round(down * 240)
    cv2.circle(canvas, place, round(size * 240), (210.0, 40.0, 40.0), -1, cv2.LINE_AA)
    return canvas


def mirrored(canvas: NDArray[np.float64]) -> NDArray[np.float64]:
    half = canvas[:, : canvas.shape[1] // 2]
    return np.concatenate([half, half[:, ::-1]], axis=1)


def facade(lean: float = 0.0, converging: float = 0.0) -> NDArray[np.float64]:
    """Upright edges; lean: degrees to the right at the top; converging: extra lean inward at the
    borders, degrees.
    """
    canvas = np.full((300, 400, 3), 200.0)
    for place in range(40, 380, 40):
        turn = lean - converging * (place - 200) / 200
        shift = np.tan(np.deg2rad(turn)) * 110
        ends = (round(place - shift), 260), (round(place + shift), 40)
        cv2.line(canvas, *ends, (40.0, 40.0, 60.0), 8, cv2.LINE_AA)
    return canvas
