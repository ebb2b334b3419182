"""Effects of air, weather and light: haze, glow, vignette, grain, lamps, snow, rain, wet ground.

Each takes the canvas and the options of its row in recipes.toml. Lengths in the options are
fractions of the longer side.
"""

from functools import cache
from typing import cast

import cv2
import numpy as np

from imagetoprompt.analysis.depth_estimation import depth_map
from imagetoprompt.engines.draft.canvas import (
    LIGHT_SIZE,
    Canvas,
    EffectOptions,
    Floats,
    mix,
    resize_map,
    screen_blend,
    small_copy,
    to_bytes,
)
from imagetoprompt.engines.draft.part_masks import part_mask
from imagetoprompt.images import color
from imagetoprompt.images.picture import Pixels


def haze(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Haze of a color by depth: `amount` at the far end, `near` at the near end."""
    far = 1 - depth_map(canvas.original).nearness
    sky = cv2.GaussianBlur(part_mask(canvas.original, "sky"), (0, 0), 0.015 * canvas.longest)
    far = np.maximum(resize_map(far, canvas.size), sky)
    near = options.get("near", 0.0)
    thick = near + (options["amount"] - near) * np.clip(far, 0, 1) ** options.get("curve", 1.0)
    soft = cv2.GaussianBlur(
        canvas.pixels, (0, 0), max(0.5, options.get("blur", 0) * canvas.longest)
    )
    air = np.empty_like(canvas.pixels)
    air[:] = color.hex_to_rgb_bytes(options["color"])
    return mix(mix(canvas.pixels, soft, cast(Floats, thick)), air, cast(Floats, thick))


def glow(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Bloom: a blurred copy of what is brighter than `over` is screened onto the picture."""
    small = small_copy(canvas)
    bright = np.clip((small.max(axis=2, keepdims=True) - options["over"]) / 0.2, 0, 1) * small
    if "color" in options:
        bright = bright.max(axis=2, keepdims=True) * color.hex_to_rgb(options["color"])
    radius = options["radius"] * max(small.shape)
    soft = cv2.GaussianBlur(bright, (0, 0), radius) * options["amount"]
    return screen_blend(canvas, soft)


def vignette(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Darken toward the corners."""
    edges = part_mask(canvas.original, "edges") * options["amount"]
    return mix(canvas.pixels, np.zeros_like(canvas.pixels), edges)


def grain(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Film grain of `size` thousandths of the longer side, strongest in the midtones."""
    width, height = canvas.size
    size = max(1.0, options.get("size", 1.0) * canvas.longest / 1000)
    noise = canvas.noise((max(1, round(width / size)), max(1, round(height / size))))
    noise = cv2.resize(noise, canvas.size, interpolation=cv2.INTER_CUBIC)
    light = cv2.cvtColor(canvas.pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    added = noise * (0.25 + 3 * light * (1 - light)) * (options["amount"] * 255)
    return cast(Pixels, cv2.add(canvas.pixels, cv2.merge([added] * 3), dtype=cv2.CV_8U))


def lamps(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Turn small bright spots of the original into lamps with a warm halo."""
    spots = _spots(canvas)
    warm = color.hex_to_rgb(options["color"])
    halo = sum(
        cv2.GaussianBlur(spots, (0, 0), share * max(spots.shape)) * gain
        for share, gain in ((0.006, 1.4), (0.02, 1.6), (0.06, 1.8))
    )
    core = np.clip(spots * 1.2, 0, 1)[..., None] * (0.35 + 0.65 * warm)
    return screen_blend(
        canvas, np.maximum(core, np.clip(halo, 0, 1)[..., None] * warm) * options["amount"]
    )


def _spots(canvas: Canvas) -> Floats:
    """A mask, 0 to 1, of small spots brighter than their surroundings, outside of the sky."""
    lab = color.oklab(color.to_linear(canvas.original.at(LIGHT_SIZE)))
    light = lab[..., 0]
    around = cv2.GaussianBlur(light, (0, 0), LIGHT_SIZE / 14)
    sky = cv2.resize(
        part_mask(canvas.original, "sky"), light.shape[::-1], interpolation=cv2.INTER_AREA
    )
    out = np.clip((light - around - 0.22) / 0.15, 0, 1) * np.clip((light - 0.86) / 0.08, 0, 1)
    skin = cv2.resize(
        part_mask(canvas.original, "skin"), light.shape[::-1], interpolation=cv2.INTER_AREA
    )
    spots = (out * (1 - sky) * (1 - skin)).astype(np.float32)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((spots > 0.3).astype(np.uint8))
    people = cv2.resize(part_mask(canvas.original, "people"), light.shape[::-1])
    spots = spots * (1 - people)
    small = stats[:, cv2.CC_STAT_AREA] < 0.0025 * light.size
    small[0] = True
    return cast(Floats, spots * small[labels] if count else spots)


def snow_cover(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Cover vegetation, and bright ground below the sky, with snow."""
    light, hue, chroma = _lightness_hue_chroma(canvas)
    green = np.clip((40 - np.abs(hue - 125)) / 15, 0, 1) * np.clip((chroma - 0.015) / 0.03, 0, 1)
    fine = light - cv2.GaussianBlur(light, (0, 0), 0.01 * canvas.longest)
    tops = _top_edges(light, canvas.longest)
    ground = part_mask(canvas.original, "lower") ** 0.7 * np.clip((light - 0.35) / 0.25, 0, 1)
    flat = ground * np.clip((0.09 - chroma) / 0.05, 0, 1)
    cover = np.clip(
        np.maximum(green * (0.35 + 0.65 * np.clip(light / 0.6, 0, 1)), flat) + tops, 0, 1
    )
    keep = 1 - np.maximum(part_mask(canvas.original, "skin"), part_mask(canvas.original, "sky"))
    cover = cv2.GaussianBlur((cover * keep).astype(np.float32), (0, 0), 0.0015 * canvas.longest)
    white = np.clip(0.8 + 1.1 * fine + 0.35 * (light - 0.5), 0.3, 0.98)
    gray = cv2.LUT((white * 255).astype(np.uint8), _grays())
    share = np.clip(cover * options["amount"], 0, 1)
    return mix(
        canvas.pixels, cv2.merge([cv2.subtract(gray, 6), cv2.subtract(gray, 1), gray]), share
    )


def _lightness_hue_chroma(canvas: Canvas) -> tuple[Floats, Floats, Floats]:
    """OKLab lightness, hue in degrees and chroma; the latter two from a smaller copy."""
    half = cv2.resize(canvas.pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    lab = color.oklab(color.to_linear(half))
    hue, chroma = (cv2.resize(plane, canvas.size) for plane in (color.hue(lab), color.chroma(lab)))
    luminance = color.to_linear(canvas.pixels) @ np.array((0.2126, 0.7152, 0.0722), np.float32)
    return np.cbrt(luminance), hue, chroma


@cache
def _grays() -> Pixels:
    """A lookup table: the gray byte of each OKLab lightness, 0 to 1 in 256 steps."""
    light = (np.arange(256, dtype=np.float32) / 255) ** 3
    return to_bytes(color.to_srgb(light))


def _top_edges(light: Floats, longest: int) -> Floats:
    """Areas brighter than those just below them, 0 to 0.8: tops of objects, where snow stays."""
    step = max(1, round(0.006 * longest))
    soft = cv2.GaussianBlur(light, (0, 0), max(0.8, 0.0015 * longest))
    below = np.vstack([soft[step:], np.repeat(soft[-1:], step, axis=0)])
    return cast(Floats, np.clip((soft - below - 0.08) / 0.12, 0, 1) * 0.8)


def flakes(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Falling snow: three layers of soft spots, nearer ones larger."""
    width, height = canvas.size
    rng = np.random.default_rng(canvas.seed)
    layer = np.zeros((height, width), np.float32)
    for radius, count, light in ((0.0011, 900, 0.55), (0.002, 420, 0.75), (0.0042, 90, 0.7)):
        dots = np.zeros((height, width), np.float32)
        reach = max(1.0, radius * canvas.longest)
        spots = rng.random((round(count * options["amount"]), 3))
        for x, y, size in spots:
            middle = int(x * width), int(y * height)
            cv2.circle(
                dots, middle, max(1, round(reach * (0.7 + 0.6 * size))), light, -1, cv2.LINE_AA
            )
        soft = cv2.GaussianBlur(dots, (0, 0), max(0.6, reach * 0.5))
        layer = np.maximum(layer, soft)
    white = np.full_like(canvas.pixels, 250)
    return mix(canvas.pixels, white, layer)


def rainfall(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Falling rain: thin slanting streaks."""
    width, height = canvas.size
    rng = np.random.default_rng(canvas.seed)
    layer = np.zeros((height, width), np.float32)
    for x, y, long in rng.random((round(1100 * options["amount"]), 3)):
        start = np.array([x * 1.2 * width - 0.1 * width, y * 1.1 * height - 0.1 * height])
        reach = (0.012 + 0.03 * long) * canvas.longest
        end = start + np.array([-0.16, 1.0]) * reach
        ends = tuple(start.astype(int).tolist()), tuple(end.astype(int).tolist())
        cv2.line(layer, *ends, 0.22 + 0.25 * float(long), 1, cv2.LINE_AA)
    layer = cv2.GaussianBlur(layer, (0, 0), max(0.5, 0.0006 * canvas.longest))
    pale = np.empty_like(canvas.pixels)
    pale[:] = (214, 222, 230)
    return mix(canvas.pixels, pale, layer)


def wet(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Wet ground: a blurred mirror image of what stands on it."""
    near = part_mask(canvas.original, "lower")
    ground = np.clip((near - 0.62) / 0.25, 0, 1)
    split = int(0.62 * canvas.size[1])
    mirror = canvas.pixels.copy()
    above = canvas.pixels[max(0, 2 * split - canvas.size[1]) : split][::-1]
    mirror[split : split + len(above)] = above[: len(mirror) - split]
    tall = max(3, round(0.05 * canvas.longest)) | 1
    mirror = cv2.blur(mirror, (max(1, tall // 12), tall))
    share = ground * options["amount"] * (1 - part_mask(canvas.original, "subject"))
    lit = cv2.max(canvas.pixels, mirror)
    return mix(canvas.pixels, lit, cast(Floats, share))


def blurred(canvas: Canvas, options: EffectOptions) -> Pixels:
    """A Gaussian blur of `radius`, blended in by `amount`."""
    soft = cv2.GaussianBlur(canvas.pixels, (0, 0), max(0.5, options["radius"] * canvas.longest))
    return mix(canvas.pixels, soft, float(options.get("amount", 1.0)))
