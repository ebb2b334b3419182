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
_MIDDLE: Final = 0.5


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
    """One function of color.

    exposure: stops. contrast: gain of lightness around `pivot`. lift: lightness of black. roof:
    lightness of white. saturation: gain of chroma. kelvin: the light that the picture seems taken
    in. shadows, highlights: tints as hex, with their share. turns: hues that change.
    """

    exposure: float = 0.0
    contrast: float = 1.0
    pivot: float = _MIDDLE
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
        plane = lit[:, 1:] * (self.saturation * _room(lit[:, 0], light))[:, None]
        for turn in self.turns:
            light, plane = _turned(light, plane, turn)
        plane = _tinted(plane, self.shadows, 1 - _slope(light))
        plane = _tinted(plane, self.highlights, _slope(light))
        return np.concatenate([light[:, None], plane], axis=1)

    def _toned(self, light: Floats) -> Floats:
        """Lightness through gamma, an S-curve without clipping, and the range lift to roof."""
        shaped = np.clip(light, 0, None) ** self.gamma
        bent = self.pivot + (shaped - self.pivot) * self.contrast
        return self.lift + (self.roof - self.lift) * _shouldered(bent)


def grade(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Apply the grade of the options, in the part of the picture that `where` names."""
    told = {**options}
    where = told.pop("where", "")
    graded = apply_lut(canvas.pixels, color_grade(told))
    return mix(canvas.pixels, graded, part_mask(canvas.original, where)) if where else graded


def color_grade(options: EffectOptions) -> ColorGrade:
    """The Grade of a row of the table."""
    known = {field.name for field in fields(ColorGrade)}
    told = {key: value for key, value in options.items() if key in known}
    for key in ("shadows", "highlights"):
        if key in told:
            told[key] = tuple(told[key])
    told["turns"] = tuple(
        HueShift(**{**row, "of": tuple(row["of"])}) for row in options.get("turns", ())
    )
    return ColorGrade(**told)


def _shouldered(light: Floats) -> Floats:
    """A contrast curve for lightness 0 to 1: linear, with soft ends that do not clip."""
    foot, shoulder = 0.08, 0.88
    low = foot * np.exp(np.minimum((light - foot) / foot, 0))
    over = np.maximum(light - shoulder, 0) / (1 - shoulder)
    high = shoulder + (1 - shoulder) * np.tanh(over)
    return np.asarray(np.where(light < foot, low, np.where(light > shoulder, high, light)))


def _room(before: Floats, after: Floats) -> Floats:
    """Scale chroma with lightness, so that darkened colors keep their saturation."""
    gain = np.clip(after / np.maximum(before, 0.05), 0.2, 1.6)
    return np.asarray(gain**0.8)


def _slope(light: Floats) -> Floats:
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
    longer = chroma * (1 + (turn.chroma - 1) * weight)
    turned = np.stack([np.cos(np.radians(angle)), np.sin(np.radians(angle))], axis=1)
    return light + turn.light * weight, turned * longer[:, None]


ColorFunction: TypeAlias = Callable[[Floats], Floats]

LUT_SIDE: Final = 33
"""Points of the 3D LUT along each axis: of 17 to 65, the fewest without visible banding."""


def apply_lut(pixels: Pixels, change: ColorFunction) -> Pixels:
    """Apply a function of color through a 3D LUT; it maps OKLab (n x 3) to OKLab (n x 3)."""
    light = color.from_oklab(change(_lattice()))
    table = color.to_srgb(light).astype(np.float32)
    cube = ImageFilter.Color3DLUT(LUT_SIDE, table.ravel(), _copy_table=False)
    return np.asarray(Image.fromarray(pixels).filter(cube))


@cache
def _lattice() -> Floats:
    """OKLab of sRGB colors on a regular lattice, red running fastest."""
    steps = np.linspace(0, 1, LUT_SIDE, dtype=np.float32)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    return color.oklab(color.to_linear(np.stack([red, green, blue], axis=-1).reshape(-1, 3)))


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


def vary(canvas: Canvas, options: EffectOptions) -> Pixels:
    """A random crop and grade for each seed, both scaled by `strength`."""
    chance = np.random.default_rng(canvas.seed)
    strength = float(options["strength"])
    one, two, three, four, five = chance.uniform(-1, 1, 5) * strength
    width, height = canvas.size
    zoom = 1 - 0.22 * strength * float(chance.uniform(0.5, 1))
    wide, high = max(1, round(width * zoom)), max(1, round(height * zoom))
    left = round((width - wide) * float(chance.uniform(0, 1)))
    top = round((height - high) * float(chance.uniform(0, 1)))
    part = canvas.pixels[top : top + high, left : left + wide]
    change = ColorGrade(
        exposure=0.45 * float(one),
        contrast=1 + 0.22 * float(two),
        saturation=1 + 0.4 * float(three),
        kelvin=6504 * 2 ** (0.35 * float(four)),
        shadows=("#27406B" if five > 0 else "#5A3A22", abs(0.5 * float(five))),
    )
    return apply_lut(resized(np.ascontiguousarray(part), canvas.size), change)
