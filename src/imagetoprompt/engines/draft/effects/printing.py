"""Prints and flat shapes: linocut, woodblock, flat vector, layered paper.

Each takes the canvas and the options of its row in recipes.toml.
"""

from typing import cast

import cv2
import numpy as np

from imagetoprompt.engines.draft import strokes
from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions, Floats, to_bytes
from imagetoprompt.images import color
from imagetoprompt.images.filters import luma
from imagetoprompt.images.picture import Pixels


def linocut(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Black ink only: carved lines along the shapes stand for the grays."""
    unit = canvas.longest / 1000
    calm = strokes.kuwahara_sparing_skin(canvas, 8 * unit)
    light = strokes.stretch_contrast(cv2.GaussianBlur(luma(calm), (0, 0), 2.5 * unit))
    noise = cv2.GaussianBlur(canvas.noise(canvas.size), (0, 0), max(1.0, 2.2 * unit))
    carved = strokes.blur_along_flow(
        noise, strokes.edge_tangent_flow(calm, 9 * unit), round(40 * unit)
    )
    carved = carved / max(float(carved.std()), 1e-6)
    level = 0.47 + 0.12 * np.clip(carved, -2, 2)
    white = _soft_threshold(light, level, 0.03)
    lines = strokes.outlines(calm, 2.2 * unit, 0.97, 1.6)
    printed = np.minimum(white, lines)
    speck = np.clip(0.96 + 0.05 * strokes.paper_grain(canvas), 0, 1)
    ink = np.array((0.085, 0.08, 0.09), np.float32) / speck[..., None]
    paper = np.array((0.95, 0.93, 0.88), np.float32)
    return to_bytes(paper * printed[..., None] + ink * (1 - printed[..., None]))


def _soft_threshold(light: Floats, level: Floats, soft: float) -> Floats:
    return np.clip((light - level) / soft + 0.5, 0, 1).astype(np.float32)


def woodblock(canvas: Canvas, options: EffectOptions) -> Pixels:
    """A few muted inks in flat shapes, key lines, wood grain, warm paper."""
    unit = canvas.longest / 1000
    flat = strokes.kuwahara_sparing_skin(canvas, 9 * unit)
    few = strokes.quantize_colors(strokes.boost_chroma(flat, 1.3, 0.05), options.get("colors", 10))
    shapes = cv2.medianBlur(few, _odd(7 * unit)).astype(np.float32) / 255
    muted = shapes * np.array((0.97, 0.95, 0.86), np.float32) * 0.86 + 0.1
    grain = strokes.hatching(canvas, 2, 0.12, 1.8)
    inked = muted * (1 + 0.045 * grain + 0.03 * strokes.paper_grain(canvas))[..., None]
    lines = strokes.outlines(flat, 1.7 * unit, 0.975, 1.6)[..., None]
    key = np.array((0.13, 0.16, 0.24), np.float32)
    return to_bytes(inked * lines + key * (1 - lines))


def flat_vector(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Smooth shapes of a few clear colors, without lines."""
    unit = canvas.longest / 1000
    flat = strokes.kuwahara(strokes.kuwahara_sparing_skin(canvas, 10 * unit), 3 * unit)
    few = strokes.quantize_colors(strokes.boost_chroma(flat, 1.35, 0.04), options.get("colors", 16))
    return _smooth_shapes(few, 5 * unit)


def _smooth_shapes(few: Pixels, width: float) -> Pixels:
    """The same flat colors with rounded borders: a median, then supersampling by two."""
    calm = cv2.medianBlur(cv2.medianBlur(few, _odd(width)), _odd(width))
    return cast(Pixels, cv2.GaussianBlur(calm, (0, 0), 0.7))


def paper_cut(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Sheets of colored paper, dark ones on top, each with its shadow on those below."""
    unit = canvas.longest / 1000
    calm = cv2.GaussianBlur(strokes.kuwahara_sparing_skin(canvas, 10 * unit), (0, 0), 2 * unit)
    light = strokes.stretch_contrast(luma(calm))
    count = options.get("sheets", 7)
    around = cv2.GaussianBlur(light, (0, 0), 3 * unit)
    bounds = np.quantile(around[::4, ::4], np.linspace(0, 1, count + 1)[1:-1])[::-1]
    fibers = (
        1 + 0.03 * strokes.paper_grain(canvas, 1.2) + 0.02 * strokes.fractal_noise(canvas, 0.05, 4)
    )
    made = np.ones_like(calm, np.float32) * _paper(calm, around >= bounds[0])
    for bound, below in zip(bounds, [*bounds[1:], -1.0], strict=True):
        cover = np.clip((bound - around) / 0.01 + 0.5, 0, 1)
        shadow = _moved(cv2.GaussianBlur(cover, (0, 0), 5 * unit), round(5 * unit))
        made = made * (1 - 0.4 * shadow * (1 - cover))[..., None]
        paper = _paper(calm, (around < bound) & (around >= below))
        made = made * (1 - cover[..., None]) + paper * cover[..., None]
    return to_bytes(made * fibers[..., None])


def _moved(values: Floats, step: int) -> Floats:
    """The values shifted down and to the right."""
    moved = np.zeros_like(values)
    moved[step:, step:] = values[: values.shape[0] - step, : values.shape[1] - step]
    return moved


def _paper(calm: Pixels, inside: Floats) -> Floats:
    """The color of a sheet: the mean of its area, lighter and more saturated."""
    calm, inside = calm[::3, ::3], inside[::3, ::3]
    light = color.to_linear(calm[inside]) if inside.any() else np.ones((1, 3), np.float32)
    lab = color.oklab(light).mean(axis=0)
    lab = np.array((0.1 + 0.88 * lab[0], 1.7 * lab[1], 1.7 * lab[2]), np.float32)
    return color.to_srgb(color.from_oklab(lab))


def _odd(size: float) -> int:
    return min(255, max(3, round(size) | 1))
