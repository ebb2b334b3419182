"""Drawings with lines: pencil, ink, charcoal, comic, anime, hand-painted animation.

Each takes the canvas and the options of its row in recipes.toml.
"""

import cv2
import numpy as np

from imagetoprompt.engines.draft import strokes
from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions, Floats, to_bytes
from imagetoprompt.images.filters import luma
from imagetoprompt.images.picture import Pixels


def pencil(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Graphite: fine outlines and layers of hatching that the paper's tooth breaks up."""
    unit = canvas.longest / 1000
    calm = strokes.kuwahara_sparing_skin(canvas, 3 * unit)
    light = strokes.stretch_contrast(luma(calm))
    tone = np.clip(light * 1.05 + 0.02, 0, 1)
    first, second = (
        strokes.hatching(canvas, 48, 0.05, 1.2),
        strokes.hatching(canvas, 125, 0.05, 1.2),
    )
    dark = np.clip(1 - tone, 0, 1)
    lead = dark * (0.8 + 0.16 * first) + np.clip(dark - 0.5, 0, 1) * 0.3 * second
    lead = lead * (1 + 0.22 * strokes.paper_grain(canvas, 0.9))
    lines = 1 - strokes.outlines(calm, 1.3 * unit, 0.99, 1.4)
    lead = np.maximum(
        np.clip(lead, 0, 1) * 0.85, lines * (0.85 + 0.12 * strokes.paper_grain(canvas, 0.9))
    )
    return _on_paper(np.clip(lead, 0, 0.92), (0.2, 0.2, 0.22), (0.975, 0.97, 0.955))


def charcoal(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Broad soft blacks rubbed into rough paper, with heavy lines."""
    unit = canvas.longest / 1000
    calm = strokes.kuwahara_sparing_skin(canvas, 6 * unit)
    light = strokes.stretch_contrast(cv2.GaussianBlur(luma(calm), (0, 0), 1.5 * unit))
    dark = np.clip(1 - light, 0, 1) ** 1.25
    rub = strokes.hatching(canvas, 38, 0.045, 2.4)
    grain = strokes.paper_grain(canvas, 1.4)
    coal = dark * (0.9 + 0.22 * rub) + 0.35 * dark * grain
    lines = 1 - strokes.outlines(calm, 2.4 * unit, 0.97)
    coal = np.maximum(coal, cv2.GaussianBlur(lines, (0, 0), 1.0 * unit) * (0.9 + 0.3 * grain))
    return _on_paper(np.clip(coal, 0, 0.96), (0.09, 0.085, 0.08), (0.93, 0.91, 0.875))


def ink(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Pen and black ink: outlines, and cross-hatching that gets denser in the dark."""
    unit = canvas.longest / 1000
    calm = strokes.kuwahara_sparing_skin(canvas, 4 * unit)
    light = strokes.stretch_contrast(cv2.GaussianBlur(luma(calm), (0, 0), 2 * unit))
    wobble = strokes.fractal_noise(canvas, 0.05, 2) * 2.0 * unit
    drawn = np.zeros_like(light)
    for degrees, below in ((45, 0.62), (135, 0.42), (90, 0.24)):
        drawn = np.maximum(drawn, _parallel_lines(canvas, degrees, wobble, (below - light) / below))
    drawn = np.maximum(drawn, np.clip((0.1 - light) / 0.06, 0, 1))
    lines = 1 - strokes.outlines(calm, 1.5 * unit, 0.98, 1.6)
    return _on_paper(np.maximum(drawn, lines), (0.06, 0.06, 0.08), (0.985, 0.98, 0.96))


def _parallel_lines(canvas: Canvas, degrees: float, wobble: Floats, dark: Floats) -> Floats:
    """Parallel lines that widen with darkness (0 or less: none)."""
    width, height = canvas.size
    angle = np.radians(degrees)
    step = max(4.5, 7.0 * canvas.longest / 1000)
    across = np.arange(width, dtype=np.float32)[None, :] * np.float32(np.sin(angle))
    down = np.arange(height, dtype=np.float32)[:, None] * np.float32(np.cos(angle))
    phase = (across + down + wobble) / step
    off = np.abs(phase - np.round(phase)) * 2
    wide = np.clip(0.12 + 0.42 * dark, 0, 0.8) * (dark > 0)
    soft = 2.0 / step
    return np.asarray(np.clip((wide - off) / soft + 0.5, 0, 1).astype(np.float32) * (dark > 0))


def comic(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Bold outlines, few saturated tones, halftone dots in the shadows."""
    unit = canvas.longest / 1000
    flat = strokes.kuwahara_sparing_skin(canvas, 6 * unit)
    bright = _posterized(strokes.boost_chroma(flat, 1.5), options.get("steps", 5), 0.9)
    light = cv2.GaussianBlur(luma(flat), (0, 0), 4 * unit)
    dots = _halftone(canvas, np.clip((0.55 - light) / 0.55, 0, 1) * 0.7)
    inked = bright.astype(np.float32) / 255 * (1 - 0.28 * dots[..., None])
    lines = strokes.outlines(flat, 1.9 * unit, 0.975, 1.6)
    black = np.clip((light - 0.09) / 0.05, 0, 1)
    return to_bytes(inked * (lines * black)[..., None])


def _halftone(canvas: Canvas, dark: Floats) -> Floats:
    """A halftone screen at 30 degrees: dots grow with darkness."""
    width, height = canvas.size
    step = max(4.0, 6.5 * canvas.longest / 1000)
    across, down = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    cos, sin = np.cos(np.radians(30)) / step, np.sin(np.radians(30)) / step
    u, v = across * cos + down * sin, down * cos - across * sin
    off = np.hypot(u - np.round(u), v - np.round(v))
    return np.asarray(
        np.clip((np.sqrt(dark) * 0.62 - off) * step / 1.5 + 0.5, 0, 1).astype(np.float32)
    )


def anime(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Clean smooth surfaces in two or three tones, thin dark outlines, bright clear colors."""
    unit = canvas.longest / 1000
    flat = strokes.kuwahara(strokes.kuwahara_sparing_skin(canvas, 6 * unit), 4 * unit)
    toned = _posterized(strokes.boost_chroma(flat, options.get("chroma", 1.4), 0.06), 7, 0.65)
    lit = cv2.addWeighted(toned, 1, cv2.GaussianBlur(toned, (0, 0), 12 * unit), 0.12, 0)
    lines = strokes.outlines(flat, 1.1 * unit, 0.985)[..., None]
    tint = lit.astype(np.float32) / 255 * 0.35
    return to_bytes(lit.astype(np.float32) / 255 * lines + tint * (1 - lines))


def animation(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Painted backgrounds of hand-drawn films: poster colors, lush hues, soft brush texture."""
    unit = canvas.longest / 1000
    flat = strokes.kuwahara_sparing_skin(canvas, 7 * unit)
    dabs = strokes.displace(flat, strokes.fractal_noise(canvas, 0.012, 2), 4 * unit)
    calm = strokes.kuwahara(dabs, 3.5 * unit)
    lush = strokes.boost_chroma(calm, options.get("chroma", 1.45), 0.05)
    uneven = 1 + 0.05 * strokes.fractal_noise(canvas, 0.05, 5)[..., None]
    lines = strokes.outlines(calm, 1.0 * unit, 0.99)[..., None]
    return to_bytes(lush.astype(np.float32) / 255 * uneven * (0.6 + 0.4 * lines))


def _posterized(pixels: Pixels, steps: int, hard: float) -> Pixels:
    """Lightness in soft steps: `hard` from 0 (none) to 1 (flat tones)."""
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    scaled = lab[..., 0] / 100 * steps
    base = np.floor(scaled)
    part = scaled - base
    sharp = 0.5 + 0.5 * np.tanh((part - 0.5) * 7) / np.tanh(3.5)
    stepped = (base + sharp) / steps * 100
    lab[..., 0] = lab[..., 0] * (1 - hard) + stepped * hard
    return to_bytes(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB))


def _on_paper(
    ink_share: Floats, black: tuple[float, float, float], white: tuple[float, float, float]
) -> Pixels:
    """Ink (0 none to 1 full) of one color on paper of another."""
    share = np.clip(ink_share, 0, 1)[..., None]
    return to_bytes(np.array(black, np.float32) * share + np.array(white, np.float32) * (1 - share))
