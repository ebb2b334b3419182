"""repalette(canvas, options): the colors moved to an asked palette, the light and dark kept.

Each swatch of the picture is given one of the asked colors, by lightness and hue; every color in
between is carried along with its neighbors. It does not know the names of palettes.
"""

from typing import Final, cast

import numpy as np

from imagetoprompt.analysis.dominant_colors import dominant_colors
from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions, Floats, mix
from imagetoprompt.engines.draft.effects.grading import apply_lut
from imagetoprompt.engines.draft.part_masks import part_mask
from imagetoprompt.images import color
from imagetoprompt.images.picture import Pixels, open_picture

# Share of the differences of lightness and of color that remains within one swatch.
KEPT_LIGHT: Final = 0.8
KEPT_COLOR: Final = 0.25
# Radius of a swatch in OKLab: how far it carries neighboring colors along.
REACH: Final = 0.07
# Weight of a hue difference against one of lightness, and of a target color used too much.
HUE: Final = 0.35
CROWDED: Final = 0.12
# Share of its own color that skin keeps.
SKIN: Final = 0.35


def repalette(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Recolor to the colors of `swatches` (hex), or of the picture `source`.

    keep: 0 to 1, of its own lightness. skin: 0 to 1, of skin's own color.
    """
    asked = _asked(options)
    own, areas, _ = dominant_colors(canvas.original.at(256))
    moved = _levelled(own, asked, options.get("keep", 0.6))
    targets = _assigned(own, moved, areas, asked)
    changed = apply_lut(canvas.pixels, lambda lab: _carried(lab, own, targets))
    kept = options.get("skin", SKIN)
    return mix(changed, canvas.pixels, part_mask(canvas.original, "skin") * kept)


def _asked(options: EffectOptions) -> Floats:
    """The target colors in OKLab (n x 3)."""
    if "source" in options:
        return dominant_colors(open_picture(options["source"]).at(256))[0]
    return np.stack([color.from_hex(text) for text in options["swatches"]])


def _levelled(own: Floats, asked: Floats, keep: float) -> Floats:
    """Lightness of the picture's swatches, stretched in part into the targets' range."""
    low, high = float(asked[:, 0].min()), float(asked[:, 0].max())
    bottom, top = float(own[:, 0].min()), float(own[:, 0].max())
    share = (own[:, 0] - bottom) / max(top - bottom, 1e-3)
    return cast(Floats, keep * own[:, 0] + (1 - keep) * (low + share * (high - low)))


def _assigned(own: Floats, level: Floats, areas: Floats, asked: Floats) -> Floats:
    """For each swatch, largest first, the best target color that is not yet used up."""
    used = np.zeros(len(asked))
    targets = np.empty_like(own)
    for i in range(len(own)):
        tone = np.abs(asked[:, 0] - level[i])
        hues = np.hypot(*(asked[:, 1:] - own[i, 1:]).T)
        cost = tone + HUE * hues + CROWDED * np.maximum(used - 1 / len(asked), 0) * len(asked)
        best = int(cost.argmin())
        used[best] += areas[i]
        light = 0.5 * level[i] + 0.5 * asked[best, 0]
        targets[i] = light, asked[best, 1], asked[best, 2]
    return targets


def _carried(lab: Floats, own: Floats, targets: Floats) -> Floats:
    """Move every color along with the swatches near it."""
    gaps = ((lab[:, None] - own[None]) * (0.7, 1, 1)).astype(np.float32)
    far = (gaps**2).sum(axis=2)
    weight = np.exp(-(far - far.min(axis=1, keepdims=True)) / (2 * REACH**2))
    weight /= weight.sum(axis=1, keepdims=True)
    kept = np.array((KEPT_LIGHT, KEPT_COLOR, KEPT_COLOR), np.float32)
    moved = targets[None] + (lab[:, None] - own[None]) * kept
    return cast(Floats, (moved * weight[..., None]).sum(axis=1).astype(np.float32))
