"""Drawn layouts: a subject aside or in the middle, mirrored halves, lines, a tilted horizon."""

from typing import Final

import cv2
import numpy as np

from bench.drawn.picture import Canvas, Drawn, color, filed, textured

LAYOUTS: Final = (
    "left",
    "center",
    "right",
    "mirrored",
    "scattered",
    "diagonal",
    "leading",
    "horizon",
)
"""One after the other. Scattered is mirrored without the mirror."""


def draw(seed: int) -> Drawn:
    """The layout whose turn it is."""
    rng = np.random.default_rng([seed, 12])
    kind = LAYOUTS[(seed // 2) % len(LAYOUTS)]
    size = (360, 270) if rng.random() < 0.6 else (288, 288)
    if kind in ("left", "center", "right"):
        return _subject(rng, kind, size)
    if kind in ("mirrored", "scattered"):
        return _shapes(rng, kind, size)
    if kind == "horizon":
        return _horizon(rng, size)
    return _lines(rng, kind, size)


def _subject(rng: np.random.Generator, kind: str, size: tuple[int, int]) -> Drawn:
    """A body of its own color and texture on a quiet ground."""
    width, height = size
    canvas = textured(rng, size, 0.12)
    across = {"left": 1 / 3, "center": 1 / 2, "right": 2 / 3}[kind]
    middle = (across + rng.uniform(-0.02, 0.02)) * width, rng.uniform(0.4, 0.6) * height
    half = rng.uniform(0.1, 0.2, 2) * height
    mask = np.zeros((height, width), dtype=np.uint8)
    corner = (int(middle[0] - half[0]), int(middle[1] - half[1]))
    if rng.random() < 0.5:
        far = (int(middle[0] + half[0]), int(middle[1] + half[1]))
        cv2.rectangle(mask, corner, far, 1, -1)
    else:
        axes = (int(half[0]), int(half[1]))
        cv2.ellipse(mask, (int(middle[0]), int(middle[1])), axes, 0, 0, 360, 1, -1)
    body = _standing_out(rng, canvas) + 0.2 * (textured(rng, size, 1.0) - 0.5)
    canvas = np.where(mask[..., None] > 0, body, canvas)
    box = [
        round(float(value), 4)
        for value in (
            corner[0] / width,
            corner[1] / height,
            2 * half[0] / width,
            2 * half[1] / height,
        )
    ]
    symmetric = None if kind == "center" else False
    layout = "centered" if kind == "center" else "rule of thirds"
    known = {"subject_box": box, "placement": kind, "horizon": None, "symmetric": symmetric}
    return filed(canvas, rng, {"composition": known, "layout": layout})


def _standing_out(rng: np.random.Generator, canvas: Canvas) -> Canvas:
    ground = canvas.mean(axis=(0, 1))
    drawn = [color(rng) for _ in range(20)]
    return max(drawn, key=lambda each: float(np.linalg.norm(each - ground)))


def _shapes(rng: np.random.Generator, kind: str, size: tuple[int, int]) -> Drawn:
    """Shapes on the left and their mirror image on the right, or shapes all over."""
    mirrored = kind == "mirrored"
    canvas = textured(rng, size, 0.3)
    for _ in range(int(rng.integers(3, 9))):
        across = int(rng.integers(0, size[0] // 2 if mirrored else size[0]))
        place = (across, int(rng.integers(0, size[1])))
        shade = tuple(float(band) for band in color(rng))
        cv2.circle(canvas, place, int(rng.integers(12, 50)), shade, -1, cv2.LINE_AA)
    half = canvas[:, : size[0] // 2]
    if mirrored:
        canvas = np.concatenate([half, half[:, ::-1]], axis=1)
    known = {"subject_box": None, "placement": None, "horizon": None, "symmetric": mirrored}
    return filed(canvas, rng, {"composition": known, "layout": "symmetric" if mirrored else None})


def _lines(rng: np.random.Generator, kind: str, size: tuple[int, int]) -> Drawn:
    """Lines that meet in one point, or one bold diagonal."""
    width, height = size
    canvas = textured(rng, size, 0.15)
    shade = tuple(float(band) for band in _standing_out(rng, canvas))
    if kind == "diagonal":
        ends = [(0, 0), (width, height)] if rng.random() < 0.5 else [(0, height), (width, 0)]
        cv2.line(canvas, ends[0], ends[1], shade, int(rng.integers(14, 40)), cv2.LINE_AA)
    else:
        meet = (int(rng.uniform(0.3, 0.7) * width), int(rng.uniform(0.3, 0.5) * height))
        for foot in np.linspace(-0.5, 1.5, int(rng.integers(6, 11))) * width:
            cv2.line(canvas, (int(foot), height), meet, shade, int(rng.integers(2, 6)), cv2.LINE_AA)
    known = {"subject_box": None, "placement": None, "horizon": None, "symmetric": None}
    layout = "diagonal" if kind == "diagonal" else "leading lines"
    return filed(canvas, rng, {"composition": known, "layout": layout})


def _horizon(rng: np.random.Generator, size: tuple[int, int]) -> Drawn:
    """Uneven land under a smooth sky, tilted by up to ten degrees."""
    width, height = size
    level, roll = float(rng.uniform(0.25, 0.75)), float(rng.uniform(-10, 10))
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    line = level * height + (columns - width / 2) * np.tan(np.radians(roll))
    rough = 2.0 * np.interp(columns[0], np.linspace(0, width, 40), rng.normal(size=40))
    land, sky = textured(rng, size, 0.45), textured(rng, size, 0.0)
    sky = sky + 0.15 * (rows / height - 0.5)[..., None] + 0.2
    canvas = np.where((rows > line + rough)[..., None], land * 0.8, np.clip(sky, 0, 1))
    known = {
        "subject_box": None,
        "placement": None,
        "horizon": round(level, 4),
        "symmetric": None,
    }
    return filed(
        canvas, rng, {"composition": known, "camera": {"angle": None, "roll": round(roll, 2)}}
    )
