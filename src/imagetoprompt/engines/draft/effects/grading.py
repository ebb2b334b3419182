"""grade(canvas, options): exposure, contrast, white balance, tints and hues, in OKLab.

It does not know what a grade is called: its numbers stand in engines/draft/recipes.toml.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Final, TypeAlias

import numpy as np
from PIL import Image, ImageFilter

from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions, Floats, mix
from imagetoprompt.engines.draft.part_masks import part_mask
from imagetoprompt.images import color
from imagetoprompt.images.picture import Pixels

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
    known = {each.name for each in fields(ColorGrade)}
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
