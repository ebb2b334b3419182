"""Steps that move the light: from one side, onto the subject, in shafts; and a clear sky.

Each takes the canvas and the options of its row. It does not know solid shapes: it shades the flat
picture.
"""

from typing import cast

import cv2
import numpy as np

from imagetoprompt.engines.drafting.canvas import Canvas, Floats, Options, mixed
from imagetoprompt.engines.drafting.places import part
from imagetoprompt.engines.drafting.shining import SMALL, rgb, screened
from imagetoprompt.geometry.attention import attention
from imagetoprompt.picture import Pixels


def shine(canvas: Canvas, options: Options) -> Pixels:
    """Light of a color from one side, fading across the picture.

    side: "left", "right", "top", "bottom", or "sun", the side that the light of the picture comes
    from. shade: how much the far side is darkened.
    """
    ramp = _ramp(canvas, options["side"])
    darker = mixed(
        canvas.pixels, np.zeros_like(canvas.pixels), (1 - ramp) * options.get("shade", 0.0)
    )
    reach = (np.clip(ramp, 0, 1) ** options.get("curve", 2.0) * options["amount"])[..., None]
    small = cv2.resize(reach, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    added = (small if small.ndim == 3 else small[..., None]) * rgb(options["color"])
    return screened(Canvas(darker, canvas.original, canvas.seed), added)


def _ramp(canvas: Canvas, side: str) -> Floats:
    """1 on the named side, 0 on the other."""
    if side == "sun":
        side = sunny_side(canvas)
    width, height = canvas.size
    across = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    flat = {
        "left": 1 - across + 0 * down,
        "right": across + 0 * down,
        "top": 1 - down + 0 * across,
        "bottom": down + 0 * across,
    }[side]
    return np.ascontiguousarray(flat)


def sunny_side(canvas: Canvas) -> str:
    """Left or right: where the light of the picture comes from, else where it is brighter."""
    light = cv2.cvtColor(canvas.original.at(64), cv2.COLOR_RGB2GRAY)
    half = light.shape[1] // 2
    return "left" if light[:, :half].mean() >= light[:, -half:].mean() else "right"


def split(canvas: Canvas, options: Options) -> Pixels:
    """One half of the subject lit, the other in shadow."""
    main = attention(canvas.original)
    middle = main.box[0] + main.box[2] / 2 if main else 0.5
    wide = max(0.08, (main.box[2] if main else 0.5) * 0.3)
    across = np.linspace(0, 1, canvas.size[0], dtype=np.float32)
    sign = 1 if sunny_side(canvas) == "left" else -1
    shade = 1 / (1 + np.exp(-sign * (across - middle) / (wide / 4)))
    dark = np.repeat((shade * options["amount"])[None], canvas.size[1], axis=0)
    return mixed(canvas.pixels, np.zeros_like(canvas.pixels), dark.astype(np.float32))


def spotlight(canvas: Canvas, options: Options) -> Pixels:
    """All but the surroundings of the subject falls into the dark."""
    main = attention(canvas.original)
    x, y, wide, high = main.box if main else (0.25, 0.25, 0.5, 0.5)
    width, height = canvas.size
    across = (np.linspace(0, 1, width, dtype=np.float32)[None] - (x + wide / 2)) / (
        wide * 0.55 + 0.14
    )
    down = (np.linspace(0, 1, height, dtype=np.float32)[:, None] - (y + high * 0.42)) / (
        high * 0.55 + 0.14
    )
    far = np.sqrt(across**2 + down**2)
    dark = np.clip((far - 0.35) / 1.1, 0, 1) ** 0.8 * options["amount"]
    return mixed(canvas.pixels, np.zeros_like(canvas.pixels), cast(Floats, dark.astype(np.float32)))


def rays(canvas: Canvas, options: Options) -> Pixels:
    """Shafts of light from above: what is bright, smeared away from a point over the picture."""
    small = cv2.resize(canvas.pixels, _fitted(canvas), interpolation=cv2.INTER_AREA)
    light = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    level = float(np.quantile(light, 0.8))
    bright = np.clip((light - level) / max(1 - level, 0.1), 0, 1)
    height, width = light.shape
    source = (0.2 if sunny_side(canvas) == "left" else 0.8) * width, -0.15 * height
    across, down = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    chance = np.random.default_rng(canvas.seed)
    angle = np.arctan2(down - source[1], across - source[0])
    fan = np.interp(angle, np.linspace(0, np.pi, 90), 0.35 + 0.65 * chance.random(90) ** 2)
    total = np.zeros_like(light)
    for k in range(24):
        share = 1 - 0.035 * k
        total += cv2.remap(
            bright,
            source[0] + (across - source[0]) * share,
            source[1] + (down - source[1]) * share,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
    falling = np.clip(1.1 - down / height, 0, 1)
    shafts = cv2.GaussianBlur(
        (total / 24 * fan * 0.8 + 0.35 * fan * falling).astype(np.float32), (0, 0), 1.5
    )
    return screened(
        canvas, shafts[..., None] * rgb(options["color"]) * options["amount"] * falling[..., None]
    )


def _fitted(canvas: Canvas) -> tuple[int, int]:
    scale = min(1.0, SMALL / canvas.longest)
    return max(1, round(canvas.size[0] * scale)), max(1, round(canvas.size[1] * scale))


def clear_sky(canvas: Canvas, options: Options) -> Pixels:
    """A blue sky, deeper above, over what there was; its clouds remain in part."""
    sky = part(canvas.original, "sky")
    height = canvas.size[1]
    depth = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    lowest = max(0.15, float((sky.mean(axis=1) > 0.2).mean()))
    depth = np.clip(depth / lowest, 0, 1)
    blue = (rgb(options["top"]) * (1 - depth) + rgb(options["bottom"]) * depth) * 255
    flat = np.repeat(blue.astype(np.uint8), canvas.size[0], axis=1)
    return mixed(canvas.pixels, flat, cast(Floats, sky * 0.85))
