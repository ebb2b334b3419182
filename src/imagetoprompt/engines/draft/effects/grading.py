"""Effects on color: grades, new palettes, and small seeded variations."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Final, TypeAlias, cast

import numpy as np
from PIL import Image, ImageFilter

from imagetoprompt.analysis.dominant_colors import dominant_colors
from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions, Floats, mix
from imagetoprompt.engines.draft.part_masks import part_mask
from imagetoprompt.images import color
from imagetoprompt.images.filters import resized
from imagetoprompt.images.picture import Pixels, open_picture

DAYLIGHT: Final = 6504.0
"""Color temperature of sRGB white in kelvin."""
_MIDDLE_LIGHTNESS: Final = 0.5


@dataclass(frozen=True)
class HueShift:
    """Shift colors whose hue lies between `of` (degrees, OKLab) to the hue `to`.

    by: 0 to 1, how far. chroma: their chroma is multiplied by it. light: added to their lightness.
    """

    of: tuple[float, float]
    to: float | None = None
    by: float = 1.0
    chroma: float = 1.0
    light: float = 0.0


@dataclass(frozen=True)
class ColorGrade:
    """A color grade, as a function of colors.

    exposure: in stops. contrast: gain of lightness around `pivot`. lift: lightness of black. roof:
    lightness of white. saturation: gain of chroma. kelvin: color temperature of the light; 6504
    changes nothing. shadows, highlights: tint as hex, and its share. turns: shifts of hue.
    """

    exposure: float = 0.0
    contrast: float = 1.0
    pivot: float = _MIDDLE_LIGHTNESS
    lift: float = 0.0
    roof: float = 1.0
    gamma: float = 1.0
    saturation: float = 1.0
    kelvin: float = DAYLIGHT
    shadows: tuple[str, float] | None = None
    highlights: tuple[str, float] | None = None
    turns: tuple[HueShift, ...] = ()

    def __call__(self, lab: Floats) -> Floats:
        """The colors after the grade, OKLab (n x 3)."""
        gains = color.blackbody_rgb(self.kelvin) / color.blackbody_rgb(DAYLIGHT)
        lit = color.oklab(color.from_oklab(lab) * gains * 2**self.exposure)
        light = self._toned(lit[:, 0])
        plane = lit[:, 1:] * (self.saturation * _chroma_gain(lit[:, 0], light))[:, None]
        for turn in self.turns:
            light, plane = _turned(light, plane, turn)
        plane = _tinted(plane, self.shadows, 1 - _smooth_step(light))
        plane = _tinted(plane, self.highlights, _smooth_step(light))
        return np.concatenate([light[:, None], plane], axis=1)

    def _toned(self, light: Floats) -> Floats:
        """Lightness through gamma, an S-curve without clipping, and the range lift to roof."""
        shaped = np.clip(light, 0, None) ** self.gamma
        bent = self.pivot + (shaped - self.pivot) * self.contrast
        return self.lift + (self.roof - self.lift) * _soft_clip(bent)


def grade(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Apply the grade of the options, in the part of the picture that `where` names."""
    where = options.get("where", "")
    graded = apply_lut(canvas.pixels, color_grade(options))
    return mix(canvas.pixels, graded, part_mask(canvas.original, where)) if where else graded


def color_grade(options: EffectOptions) -> ColorGrade:
    """The grade of a row of recipes.toml; keys that are no field of it are ignored."""
    known = {field.name for field in fields(ColorGrade)}
    values = {key: value for key, value in options.items() if key in known}
    for key in ("shadows", "highlights"):
        if key in values:
            values[key] = tuple(values[key])
    values["turns"] = tuple(
        HueShift(**{**row, "of": tuple(row["of"])}) for row in options.get("turns", ())
    )
    return ColorGrade(**values)


def _soft_clip(light: Floats) -> Floats:
    """Lightness into 0 to 1: linear, with soft ends instead of clipping."""
    foot, shoulder = 0.08, 0.88
    low = foot * np.exp(np.minimum((light - foot) / foot, 0))
    over = np.maximum(light - shoulder, 0) / (1 - shoulder)
    high = shoulder + (1 - shoulder) * np.tanh(over)
    return np.asarray(np.where(light < foot, low, np.where(light > shoulder, high, light)))


def _chroma_gain(before: Floats, after: Floats) -> Floats:
    """Factor of chroma for a change of lightness, so that darkened colors keep their saturation."""
    gain = np.clip(after / np.maximum(before, 0.05), 0.2, 1.6)
    return np.asarray(gain**0.8)


def _smooth_step(light: Floats) -> Floats:
    """A smooth step: 0 in the shadows, 1 in the highlights."""
    x = np.clip((light - 0.2) / 0.6, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))


def _tinted(plane: Floats, tint: tuple[str, float] | None, weight: Floats) -> Floats:
    if tint is None:
        return plane
    share = (tint[1] * weight)[:, None]
    return np.asarray(plane * (1 - share) + color.from_hex(tint[0])[1:] * share)


def _turned(light: Floats, plane: Floats, turn: HueShift) -> tuple[Floats, Floats]:
    """Shift the colors between two hues; those near the bounds in part."""
    hue = np.degrees(np.arctan2(plane[:, 1], plane[:, 0])) % 360
    chroma = np.hypot(plane[:, 0], plane[:, 1])
    low, high = turn.of
    middle, half = (low + high) / 2, (high - low) / 2
    off = np.abs((hue - middle + 180) % 360 - 180)
    edge = max(8.0, half / 3)
    weight = np.clip((half + edge - off) / edge, 0, 1) * np.clip(chroma / 0.04, 0, 1)
    angle = hue
    if turn.to is not None:
        angle = hue + ((turn.to - hue + 180) % 360 - 180) * turn.by * weight
    scaled = chroma * (1 + (turn.chroma - 1) * weight)
    turned = np.stack([np.cos(np.radians(angle)), np.sin(np.radians(angle))], axis=1)
    return light + turn.light * weight, turned * scaled[:, None]


ColorFunction: TypeAlias = Callable[[Floats], Floats]

LUT_SIDE: Final = 33
"""Points of the 3D LUT along each axis: of 17 to 65, the fewest without visible banding."""


def apply_lut(pixels: Pixels, change: ColorFunction) -> Pixels:
    """Apply a function of color through a 3D LUT; it maps OKLab (n x 3) to OKLab (n x 3)."""
    light = color.from_oklab(change(_lut_grid()))
    table = color.to_srgb(light).astype(np.float32)
    cube = ImageFilter.Color3DLUT(LUT_SIDE, table.ravel(), _copy_table=False)
    return np.asarray(Image.fromarray(pixels).filter(cube))


@cache
def _lut_grid() -> Floats:
    """OKLab of the grid of sRGB colors of the LUT (n x 3), red running fastest."""
    steps = np.linspace(0, 1, LUT_SIDE, dtype=np.float32)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    return color.oklab(color.to_linear(np.stack([red, green, blue], axis=-1).reshape(-1, 3)))


# Share of the differences of lightness and of color that remains within one swatch.
KEPT_LIGHTNESS: Final = 0.8
KEPT_COLOR: Final = 0.25
# Distance in OKLab within which colors move along with a swatch.
SWATCH_RADIUS: Final = 0.07
# Weight of a difference of hue against one of lightness, and of a target color that is overused.
HUE_WEIGHT: Final = 0.35
OVERUSE_WEIGHT: Final = 0.12
# Share of its own color that skin keeps.
KEPT_SKIN: Final = 0.35


def repalette(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Recolor to the colors of `swatches` (hex), or of the picture `source`.

    keep: share of its own lightness that stays, 0 to 1. skin: the same for the color of skin.
    """
    wanted = _target_colors(options)
    own, areas, _ = dominant_colors(canvas.original.at(256))
    moved = _matched_lightness(own, wanted, options.get("keep", 0.6))
    targets = _assigned_targets(own, moved, areas, wanted)
    changed = apply_lut(canvas.pixels, lambda lab: _move_with_swatches(lab, own, targets))
    kept = options.get("skin", KEPT_SKIN)
    return mix(changed, canvas.pixels, part_mask(canvas.original, "skin") * kept)


def _target_colors(options: EffectOptions) -> Floats:
    """The target colors in OKLab (n x 3)."""
    if "source" in options:
        return dominant_colors(open_picture(options["source"]).at(256))[0]
    return np.stack([color.from_hex(text) for text in options["swatches"]])


def _matched_lightness(own: Floats, wanted: Floats, keep: float) -> Floats:
    """Lightness of the picture's swatches, stretched in part into the targets' range."""
    low, high = float(wanted[:, 0].min()), float(wanted[:, 0].max())
    bottom, top = float(own[:, 0].min()), float(own[:, 0].max())
    share = (own[:, 0] - bottom) / max(top - bottom, 1e-3)
    return cast(Floats, keep * own[:, 0] + (1 - keep) * (low + share * (high - low)))


def _assigned_targets(own: Floats, level: Floats, areas: Floats, wanted: Floats) -> Floats:
    """For each swatch, largest first, the best target color that is not yet used up."""
    used = np.zeros(len(wanted))
    targets = np.empty_like(own)
    for i in range(len(own)):
        tone = np.abs(wanted[:, 0] - level[i])
        hues = np.hypot(*(wanted[:, 1:] - own[i, 1:]).T)
        cost = (
            tone
            + HUE_WEIGHT * hues
            + OVERUSE_WEIGHT * np.maximum(used - 1 / len(wanted), 0) * len(wanted)
        )
        best = int(cost.argmin())
        used[best] += areas[i]
        light = 0.5 * level[i] + 0.5 * wanted[best, 0]
        targets[i] = light, wanted[best, 1], wanted[best, 2]
    return targets


def _move_with_swatches(lab: Floats, own: Floats, targets: Floats) -> Floats:
    """Move every color along with the swatches near it."""
    gaps = ((lab[:, None] - own[None]) * (0.7, 1, 1)).astype(np.float32)
    far = (gaps**2).sum(axis=2)
    weight = np.exp(-(far - far.min(axis=1, keepdims=True)) / (2 * SWATCH_RADIUS**2))
    weight /= weight.sum(axis=1, keepdims=True)
    kept = np.array((KEPT_LIGHTNESS, KEPT_COLOR, KEPT_COLOR), np.float32)
    moved = targets[None] + (lab[:, None] - own[None]) * kept
    return cast(Floats, (moved * weight[..., None]).sum(axis=1).astype(np.float32))


def vary(canvas: Canvas, options: EffectOptions) -> Pixels:
    """A random crop and grade for each seed, both scaled by `strength`."""
    rng = np.random.default_rng(canvas.seed)
    strength = float(options["strength"])
    exposure, contrast, saturation, warmth, tint = rng.uniform(-1, 1, 5) * strength
    width, height = canvas.size
    zoom = 1 - 0.22 * strength * float(rng.uniform(0.5, 1))
    wide, high = max(1, round(width * zoom)), max(1, round(height * zoom))
    left = round((width - wide) * float(rng.uniform(0, 1)))
    top = round((height - high) * float(rng.uniform(0, 1)))
    part = canvas.pixels[top : top + high, left : left + wide]
    change = ColorGrade(
        exposure=0.45 * float(exposure),
        contrast=1 + 0.22 * float(contrast),
        saturation=1 + 0.4 * float(saturation),
        kelvin=DAYLIGHT * 2 ** (0.35 * float(warmth)),
        shadows=("#27406B" if tint > 0 else "#5A3A22", abs(0.5 * float(tint))),
    )
    return apply_lut(resized(np.ascontiguousarray(part), canvas.size), change)
