"""Effects of light: from one side, onto the subject, in shafts; a sun, stars, a clear sky.

Each takes the canvas and the options of its row in recipes.toml. They shade the flat picture,
without solid shapes.
"""

from typing import cast

import cv2
import numpy as np

from imagetoprompt.analysis.subject_detection import main_subject
from imagetoprompt.engines.draft.canvas import (
    LIGHT_SIZE,
    Canvas,
    EffectOptions,
    Floats,
    mix,
    screen_blend,
)
from imagetoprompt.engines.draft.part_masks import part_mask
from imagetoprompt.images import color
from imagetoprompt.images.picture import Pixels


def shine(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Add light of a color from one side, fading across the picture.

    side: "left", "right", "top", "bottom", or "sun", the side that the light of the picture comes
    from. shade: how much the far side is darkened.
    """
    ramp = _ramp(canvas, options["side"])
    darker = mix(
        canvas.pixels, np.zeros_like(canvas.pixels), (1 - ramp) * options.get("shade", 0.0)
    )
    reach = (np.clip(ramp, 0, 1) ** options.get("curve", 2.0) * options["amount"])[..., None]
    small = cv2.resize(reach, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    added = (small if small.ndim == 3 else small[..., None]) * color.hex_to_rgb(options["color"])
    return screen_blend(Canvas(darker, canvas.original, canvas.seed), added)


def _ramp(canvas: Canvas, side: str) -> Floats:
    """A ramp: 1 on the named side, 0 on the other."""
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
    """The side ("left" or "right") that the light comes from, else the brighter side."""
    light = cv2.cvtColor(canvas.original.at(64), cv2.COLOR_RGB2GRAY)
    half = max(1, light.shape[1] // 2)
    return "left" if light[:, :half].mean() >= light[:, -half:].mean() else "right"


def spotlight(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Darken everything except the surroundings of the subject."""
    main = main_subject(canvas.original)
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
    return mix(canvas.pixels, np.zeros_like(canvas.pixels), cast(Floats, dark.astype(np.float32)))


def pool(canvas: Canvas, options: EffectOptions) -> Pixels:
    """A lamp above the subject: a soft pool of `color` that restores the original there.

    Only above a detected object: nobody puts a lamp over a mountain.
    """
    main = main_subject(canvas.original)
    if main is None or main.source != "detector":
        return canvas.pixels
    x, y, wide, high = main.box
    width, height = canvas.size
    across = np.linspace(0, 1, width, dtype=np.float32)[None] - (x + wide / 2)
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None] - (y + high * 0.5)
    far = (across / (0.22 + wide * 0.5)) ** 2 + (down / (0.26 + high * 0.5)) ** 2
    share = np.exp(-1.3 * far) * (1 - part_mask(canvas.original, "sky")) * options["amount"]
    lit = canvas.original.pixels.astype(np.float32) * (
        color.hex_to_rgb(options["color"]) * options["light"]
    )
    return mix(canvas.pixels, np.clip(lit, 0, 255).astype(np.uint8), share)


def stars(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Small stars in the sky, few of them bright."""
    width, height = canvas.size
    rng = np.random.default_rng(canvas.seed)
    dots = np.zeros((height, width), np.float32)
    for x, y, bright in rng.random((round(options["count"] * width / height), 3)):
        dots[int(y * height), int(x * width)] = 0.25 + 0.75 * bright**6
    soft = cv2.GaussianBlur(dots, (0, 0), max(0.55, 0.0006 * canvas.longest))
    sky = part_mask(canvas.original, "sky")
    clear = np.clip((cv2.erode(sky, np.ones((5, 5), np.uint8)) - 0.7) / 0.3, 0, 1)
    light = np.clip(soft / max(float(soft.max()), 1e-6), 0, 1) * clear * options["amount"]
    return mix(canvas.pixels, np.full_like(canvas.pixels, 235), light)


def rays(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Light shafts from above: bright areas blurred radially from a point over the picture."""
    small = cv2.resize(canvas.pixels, _light_size(canvas), interpolation=cv2.INTER_AREA)
    light = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    level = float(np.quantile(light, 0.8))
    bright = np.clip((light - level) / max(1 - level, 0.1), 0, 1)
    height, width = light.shape
    source = (0.2 if sunny_side(canvas) == "left" else 0.8) * width, -0.15 * height
    across, down = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    rng = np.random.default_rng(canvas.seed)
    angle = np.arctan2(down - source[1], across - source[0])
    fan = np.interp(angle, np.linspace(0, np.pi, 90), 0.35 + 0.65 * rng.random(90) ** 2)
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
    return screen_blend(
        canvas,
        shafts[..., None]
        * color.hex_to_rgb(options["color"])
        * options["amount"]
        * falling[..., None],
    )


def _light_size(canvas: Canvas) -> tuple[int, int]:
    scale = min(1.0, LIGHT_SIZE / canvas.longest)
    return max(1, round(canvas.size[0] * scale)), max(1, round(canvas.size[1] * scale))


def sun(canvas: Canvas, options: EffectOptions) -> Pixels:
    """A low sun: a glow of `color` around a bright center, low in the sky or in a corner.

    reach: of the glow. disc: radius of the sun itself, 0 for none. Things before the sky take
    `through` of the glow.
    """
    sky = cv2.resize(
        part_mask(canvas.original, "sky"), _light_size(canvas), interpolation=cv2.INTER_AREA
    )
    people = cv2.resize(part_mask(canvas.original, "people"), _light_size(canvas))
    x, y = _sun_position(canvas, sky * (1 - people))
    y *= options.get("height", 1.0)
    height, width = sky.shape
    across = (np.arange(width, dtype=np.float32)[None] - x * width) / max(width, height)
    down = (np.arange(height, dtype=np.float32)[:, None] - y * height) / max(width, height)
    far = np.hypot(across, down * 1.25)
    glow = np.exp(-far / options["reach"]) + 0.7 * np.exp(-((far / (options["reach"] * 0.35)) ** 2))
    veil = options["through"] + (1 - options["through"]) * sky
    # At most the color itself: beyond it, single channels would clip.
    light = np.minimum(glow * veil * options["amount"], 1)[..., None] * color.hex_to_rgb(
        options["color"]
    )
    far = np.hypot(across, down)
    core = np.clip((options["disc"] - far) / 0.006 + 0.5, 0, 1) if options["disc"] else 0 * far
    hot = (np.exp(-((far / (options["reach"] * 0.22)) ** 2)) * 0.6 + core) * sky
    return screen_blend(canvas, light + hot[..., None] * np.array((1, 0.95, 0.8), np.float32))


def _sun_position(canvas: Canvas, sky: Floats) -> tuple[float, float]:
    """Position of a low sun in fractions: over the lowest clear sky of the sunny half."""
    left = sunny_side(canvas) == "left"
    height, width = sky.shape
    if float(sky.mean()) < 0.04 or width < 8:
        return (0.02 if left else 0.98), 0.04
    columns = range(width // 8, width // 2) if left else range(width // 2, width * 7 // 8)
    feet = {x: int((sky[:, x] > 0.6).cumprod().sum()) for x in columns}
    best = max(feet, key=lambda x: (feet[x], -abs(x - width * (0.28 if left else 0.72))))
    if feet[best] < 0.04 * height:
        return (0.02 if left else 0.98), 0.04
    return best / width, 0.86 * feet[best] / height


def sky_ramp(canvas: Canvas, options: EffectOptions) -> Pixels:
    """A sky gradient from `top` to `bottom`; clouds remain in part."""
    sky = part_mask(canvas.original, "sky")
    height = canvas.size[1]
    depth = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    lowest = max(0.15, float((sky.mean(axis=1) > 0.2).mean()))
    depth = np.clip(depth / lowest, 0, 1)
    ramp = (
        color.hex_to_rgb(options["top"]) * (1 - depth) + color.hex_to_rgb(options["bottom"]) * depth
    )
    flat = np.repeat((ramp * 255).astype(np.uint8), canvas.size[0], axis=1)
    return mix(canvas.pixels, flat, sky * options["amount"])
