"""Flat shapes: linocut, woodblock, flat vector, layered paper. It does not know paint or pens."""

from typing import cast

import cv2
import numpy as np

from imagetoprompt import colour
from imagetoprompt.engines.drafting import papers, strokes
from imagetoprompt.engines.drafting.canvas import Canvas, Floats, Options, bytes_of
from imagetoprompt.picture import Pixels


def linocut(canvas: Canvas, options: Options) -> Pixels:
    """One black: carved lines along the forms are the grays."""
    unit = canvas.longest / 1000
    calm = strokes.simplified(canvas.pixels, 8 * unit)
    light = strokes.evened(cv2.GaussianBlur(strokes.lightness(calm), (0, 0), 2.5 * unit))
    noise = cv2.GaussianBlur(canvas.noise(canvas.size), (0, 0), max(1.0, 2.2 * unit))
    carved = strokes.smeared(noise, strokes.flow(calm, 9 * unit), round(40 * unit))
    carved = carved / max(float(carved.std()), 1e-6)
    level = 0.5 + 0.17 * np.clip(carved, -2, 2)
    white = _cut(light, level, 0.03)
    lines = strokes.outlines(calm, 2.2 * unit, 0.97, 50)
    printed = np.minimum(white, lines)
    speck = np.clip(0.96 + 0.05 * papers.tooth(canvas), 0, 1)
    ink = np.array((0.085, 0.08, 0.09), np.float32) / speck[..., None]
    paper = np.array((0.95, 0.93, 0.88), np.float32)
    return bytes_of(paper * printed[..., None] + ink * (1 - printed[..., None]))


def _cut(light: Floats, level: Floats, soft: float) -> Floats:
    return np.clip((light - level) / soft + 0.5, 0, 1).astype(np.float32)


def woodblock(canvas: Canvas, options: Options) -> Pixels:
    """A few muted inks in flat shapes, key lines, wood grain, warm paper."""
    unit = canvas.longest / 1000
    flat = strokes.simplified(canvas.pixels, 9 * unit)
    few = strokes.paletted(strokes.vivid(flat, 1.15), options.get("colors", 9))
    shapes = cv2.medianBlur(few, _odd(7 * unit)).astype(np.float32) / 255
    muted = shapes * np.array((0.96, 0.95, 0.86), np.float32) * 0.88 + 0.07
    grain = papers.hatching(canvas, 2, 0.12, 1.8)
    inked = muted * (1 + 0.045 * grain + 0.03 * papers.tooth(canvas))[..., None]
    lines = strokes.outlines(flat, 1.7 * unit, 0.975, 45)[..., None]
    key = np.array((0.13, 0.16, 0.24), np.float32)
    return bytes_of(inked * lines + key * (1 - lines))


def flat_vector(canvas: Canvas, options: Options) -> Pixels:
    """Smooth shapes of a few clear colors, without lines."""
    unit = canvas.longest / 1000
    flat = strokes.simplified(strokes.simplified(canvas.pixels, 10 * unit), 8 * unit)
    few = strokes.paletted(strokes.vivid(flat, 1.35, 0.04), options.get("colors", 14))
    return _smooth_shapes(few, 9 * unit)


def _smooth_shapes(few: Pixels, width: float) -> Pixels:
    """The same flat colors with rounded borders: a median, then drawn at twice the size."""
    calm = cv2.medianBlur(cv2.medianBlur(few, _odd(width)), _odd(width))
    return cast(Pixels, cv2.GaussianBlur(calm, (0, 0), 0.7))


def paper_cut(canvas: Canvas, options: Options) -> Pixels:
    """Sheets of colored paper, dark ones on top, each with its shadow on those below."""
    unit = canvas.longest / 1000
    calm = cv2.GaussianBlur(strokes.simplified(canvas.pixels, 12 * unit), (0, 0), 4 * unit)
    light = strokes.evened(strokes.lightness(calm))
    count = options.get("sheets", 6)
    bounds = np.quantile(light[::4, ::4], np.linspace(0, 1, count + 1)[1:-1])[::-1]
    bounds = np.minimum.accumulate(bounds - np.arange(count - 1) * 1e-3)
    around = cv2.GaussianBlur(light, (0, 0), 5 * unit)
    made = _sheet(canvas, calm, around >= -1, unit)
    for bound in bounds:
        inside = around < bound
        cover = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 0.8)
        shadow = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 7 * unit)
        step = round(6 * unit)
        shadow = np.roll(shadow, (step, step), (0, 1))
        made = made * (1 - 0.45 * shadow * (1 - cover))[..., None]
        share = cover[..., None]
        made = made * (1 - share) + _sheet(canvas, calm, inside, unit) * share
    return bytes_of(made)


def _sheet(canvas: Canvas, calm: Pixels, inside: Floats, unit: float) -> Floats:
    """One paper: the mean color of what it covers, a little more colorful, with fibers."""
    light = colour.linear(calm[inside]) if inside.any() else np.zeros((1, 3), np.float32)
    lab = colour.oklab(light).mean(axis=0) * (1, 1.5, 1.5)
    flat = colour.encoded(colour.from_oklab(lab))
    fibres = 1 + 0.025 * papers.tooth(canvas, 1.2) + 0.015 * papers.clouds(canvas, 0.05, 4)
    return (flat * fibres[..., None]).astype(np.float32)


def _odd(size: float) -> int:
    return min(255, max(3, round(size) | 1))
