"""Paint: watercolor, oil, impasto, gouache, acrylic, pastel, ink wash, storybook.

Each takes the canvas and the options of its row in recipes.toml.
"""

import cv2
import numpy as np

from imagetoprompt.engines.draft import strokes
from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions, Floats, to_bytes
from imagetoprompt.engines.draft.part_masks import part_mask
from imagetoprompt.images.filters import luma
from imagetoprompt.images.picture import Pixels


def watercolor(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Thin washes: flat, light, darker at their rims, uneven, on rough white paper."""
    unit = canvas.longest / 1000
    flat = strokes.kuwahara_sparing_skin(canvas, options.get("radius", 7) * unit)
    flat = strokes.displace(flat, strokes.fractal_noise(canvas, 0.02, 3), 2.5 * unit)
    flat = strokes.kuwahara(flat, 4 * unit)
    washed = strokes.boost_chroma(flat, options.get("chroma", 1.25), options.get("lift", 0.16))
    density = _rims(washed, unit) * options.get("rims", 1.0)
    density += 0.16 * strokes.fractal_noise(canvas, 0.06, 5) + 0.07 * strokes.paper_grain(canvas)
    light = washed.astype(np.float32) / 255
    pigment = light ** np.clip(1 + density, 0.4, 2.2)[..., None]
    paper = np.array((0.99, 0.98, 0.955), np.float32)
    return to_bytes(pigment * paper * (1 + 0.03 * strokes.paper_grain(canvas, 2.2)[..., None]))


def _rims(pixels: Pixels, unit: float) -> Floats:
    """Extra pigment density, 0 to 0.7, along the edges of a wash."""
    light = cv2.GaussianBlur(luma(pixels), (0, 0), max(0.8, 1.2 * unit))
    across, down = (cv2.Sobel(light, cv2.CV_32F, *axes) for axes in ((1, 0), (0, 1)))
    return np.asarray(np.clip(np.hypot(across, down) * 2.2, 0, 0.7).astype(np.float32))


def oil(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Opaque strokes along the forms, with relief that catches light, on canvas."""
    unit = canvas.longest / 1000
    radius, reach = options.get("radius", 5), options.get("reach", 16)
    flat = strokes.kuwahara_sparing_skin(canvas, radius * unit)
    along = strokes.edge_tangent_flow(flat, 5 * unit)
    bristle = options.get("bristle", 1.6)
    noise = cv2.GaussianBlur(canvas.noise(canvas.size), (0, 0), max(0.8, bristle * unit))
    hairs = strokes.blur_along_flow(
        noise / max(float(noise.std()), 1e-6), along, round(reach * unit)
    )
    hairs = hairs * (1 - 0.75 * part_mask(canvas.original, "skin"))
    moved = strokes.displace(flat, np.clip(hairs, -1.5, 1.5), options.get("loose", 4) * unit)
    drawn = strokes.blur_along_flow(moved.astype(np.float32) / 255, along, round(reach * unit / 2))
    painted = to_bytes(_with_streaks(drawn, hairs, options.get("streaks", 0.05)))
    relief = hairs * options.get("relief", 0.25)
    relief = relief + strokes.canvas_weave(canvas) * options.get("weave", 0.06)
    lit = strokes.emboss(painted, relief.astype(np.float32), 0.35)
    return strokes.boost_chroma(lit, options.get("chroma", 1.18))


def _with_streaks(drawn: Floats, hairs: Floats, amount: float) -> Floats:
    return np.asarray(drawn * (1 + amount * hairs[..., None]), np.float32)


def gouache(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Matt flat shapes in few tones, with dry edges."""
    unit = canvas.longest / 1000
    flat = strokes.kuwahara_sparing_skin(canvas, options.get("radius", 9) * unit)
    few = strokes.quantize_colors(flat, options.get("colors", 28))
    few = cv2.medianBlur(few, _odd(5 * unit))
    dry = strokes.displace(few, strokes.paper_grain(canvas, 2.5), 3 * unit)
    soft = cv2.addWeighted(strokes.kuwahara(dry, 3 * unit), 0.75, flat, 0.25, 0)
    uneven = 0.05 * strokes.fractal_noise(canvas, 0.08, 5) + 0.035 * strokes.paper_grain(canvas)
    matt = soft.astype(np.float32) / 255 * 0.93 + 0.045
    return strokes.boost_chroma(
        to_bytes(matt * (1 + uneven[..., None])), options.get("chroma", 1.2)
    )


def pastel(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Soft chalk in diagonal strokes over toothed paper that shows between them."""
    unit = canvas.longest / 1000
    flat = strokes.kuwahara_sparing_skin(canvas, 6 * unit)
    chalk = strokes.hatching(canvas, 52, 0.025, 1.6)
    rubbed = strokes.displace(flat, np.clip(chalk, -1.5, 1.5), 5 * unit)
    soft = cv2.addWeighted(rubbed, 0.7, cv2.GaussianBlur(rubbed, (0, 0), 3 * unit), 0.3, 0)
    colorful = (
        strokes.boost_chroma(soft, options.get("chroma", 1.25), 0.08).astype(np.float32) / 255
    )
    cover = np.clip(0.93 + 0.09 * chalk + 0.14 * strokes.paper_grain(canvas, 1.5), 0.6, 1)[
        ..., None
    ]
    paper = np.array((0.93, 0.9, 0.84), np.float32)
    return to_bytes(colorful * cover + paper * (1 - cover))


def ink_wash(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Diluted black ink: washes of gray, a few dark strokes, white paper."""
    unit = canvas.longest / 1000
    gray = cv2.cvtColor(cv2.cvtColor(canvas.pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    tones = to_bytes(strokes.stretch_contrast(gray.astype(np.float32)[..., 0] / 255))
    wash = watercolor(
        Canvas(cv2.merge([tones] * 3), canvas.original, canvas.seed),
        {"radius": 9, "chroma": 1.0, "lift": 0.2, "rims": 1.3},
    )
    lines = strokes.outlines(strokes.kuwahara_sparing_skin(canvas, 4 * unit), 1.8 * unit, 0.97)
    lines = cv2.GaussianBlur(lines, (0, 0), max(0.6, 0.6 * unit))
    return to_bytes(wash.astype(np.float32) / 255 * (0.25 + 0.75 * lines[..., None]))


def storybook(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Watercolor washes with soft brown pencil outlines."""
    unit = canvas.longest / 1000
    wash = watercolor(canvas, {"radius": 8, "chroma": 1.35, "lift": 0.2, "rims": 0.6})
    lines = strokes.outlines(strokes.kuwahara_sparing_skin(canvas, 5 * unit), 1.5 * unit, 0.975)
    broken = np.clip(lines + 0.25 * np.clip(strokes.paper_grain(canvas), 0, 1), 0, 1)[..., None]
    brown = np.array((0.33, 0.22, 0.16), np.float32)
    values = wash.astype(np.float32) / 255
    return to_bytes(values * broken + brown * (1 - broken))


def _odd(size: float) -> int:
    return max(3, round(size) | 1)
