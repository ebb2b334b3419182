"""Filters that draw along the shapes of a picture, and textures of paper and canvas.

Masks, noise and height maps are height x width, float32.
"""

from typing import Final, cast

import cv2
import numpy as np

from imagetoprompt.engines.draft.canvas import Canvas, Floats, mix, to_bytes
from imagetoprompt.engines.draft.part_masks import part_mask
from imagetoprompt.images.filters import difference_of_gaussians, luma
from imagetoprompt.images.picture import Pixels

# Sectors of the Kuwahara filter.
_SECTOR_COUNT: Final = 8
# Contrast at which the darker side of an edge becomes a line; tuned by eye on faces.
INK_THRESHOLD: Final = 45.0


def kuwahara(pixels: Pixels, radius: float, sharpness: float = 8.0) -> Pixels:
    """Edge-preserving smoothing: each pixel takes the mean of its least varying sectors.

    A generalized Kuwahara filter (after Papari, Petkov and Campisi, 2007): the eight sectors are
    one Gaussian, shifted to eight sides. radius: in pixels.
    """
    values = pixels.astype(np.float32) / 255
    gray = cv2.cvtColor(values, cv2.COLOR_RGB2GRAY)
    mean = cv2.GaussianBlur(values, (0, 0), radius * 0.5)
    square = cv2.GaussianBlur(gray * gray, (0, 0), radius * 0.5)
    average = cv2.GaussianBlur(gray, (0, 0), radius * 0.5)
    deviation = np.sqrt(np.maximum(square - average * average, 0)) + 0.003
    total, weights = np.zeros_like(values), np.zeros_like(gray)
    for k in range(_SECTOR_COUNT):
        angle = 2 * np.pi * k / _SECTOR_COUNT
        step = round(radius * np.cos(angle)), round(radius * np.sin(angle))
        weight = _shifted(deviation, step) ** -sharpness
        total += _shifted(mean, step) * weight[..., None]
        weights += weight
    return to_bytes(total / weights[..., None])


def kuwahara_sparing_skin(canvas: Canvas, radius: float) -> Pixels:
    """The Kuwahara filter with `radius` in pixels, and with a smaller one on people's skin."""
    smooth = kuwahara(canvas.pixels, radius)
    skin = part_mask(canvas.original, "skin")
    if not skin.any():
        return smooth
    return mix(smooth, kuwahara(canvas.pixels, max(1.5, radius * 0.4)), skin)


def _shifted(values: Floats, step: tuple[int, int]) -> Floats:
    """The values shifted by `step` pixels (across, down), borders repeated."""
    across, down = step
    reach = max(abs(across), abs(down))
    wide = cv2.copyMakeBorder(values, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    height, width = values.shape[:2]
    top, left = reach + down, reach + across
    return cast(Floats, wide[top : top + height, left : left + width])


def edge_tangent_flow(pixels: Pixels, width: float) -> tuple[Floats, Floats]:
    """The edge tangent flow: unit vectors (across, down), smoothed over `width` pixels.

    The eigenvector of the smoothed structure tensor along which the picture changes least (Kang,
    Lee and Chui, "Coherent line drawing", 2007, in its tensor form).
    """
    gray = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (0, 0), 1.5)
    across, down = (cv2.Sobel(gray, cv2.CV_32F, *axes) for axes in ((1, 0), (0, 1)))
    xx, yy, xy = (
        cv2.GaussianBlur(product, (0, 0), width)
        for product in (across * across, down * down, across * down)
    )
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


def blur_along_flow(values: Floats, along: tuple[Floats, Floats], reach: int) -> Floats:
    """The mean of the values along the flow, `reach` pixels to both sides.

    Line integral convolution (Cabral and Leedom, 1993), in doubling steps.
    """
    height, width = values.shape[:2]
    across, down = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    step = 1
    while step <= reach:
        sides = (
            cv2.remap(
                values,
                across + sign * step * along[0],
                down + sign * step * along[1],
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REFLECT_101,
            )
            for sign in (-1, 1)
        )
        values = 0.5 * values + 0.25 * sum(sides)
        step *= 2
    return values


def outlines(pixels: Pixels, width: float, weight: float = 0.985, sharpness: float = 1.0) -> Floats:
    """Pen lines of `width` pixels: 1 on paper, 0 on ink.

    Extended difference of Gaussians (Winnemoeller, Kyprianidis and Olsen, 2012). weight: of the
    wider Gaussian; less draws more ink. sharpness: factor of the contrast of edges.
    """
    difference = difference_of_gaussians(luma(pixels), max(0.8, width), weight)
    change = np.minimum(difference, 0) * (INK_THRESHOLD * sharpness)
    return np.asarray(1 + np.tanh(change))


def stretch_contrast(light: Floats) -> Floats:
    """Lightness (0 to 1) stretched so that its 1st and 99th percentiles are black and white."""
    low, high = np.quantile(light[::4, ::4], (0.01, 0.99))
    return cast(Floats, np.clip((light - low) / max(float(high - low), 0.1), 0, 1))


def quantize_colors(pixels: Pixels, count: int) -> Pixels:
    """The pixels quantized to `count` colors (median cut, then k-means)."""
    from PIL import Image  # noqa: PLC0415

    image = Image.fromarray(pixels)
    small = image.copy()
    small.thumbnail((256, 256))
    reduced = small.quantize(count, Image.Quantize.MEDIANCUT, kmeans=3)
    flat = image.quantize(palette=reduced, dither=Image.Dither.NONE)
    return np.asarray(flat.convert("RGB"))


def boost_chroma(pixels: Pixels, chroma: float, lift: float = 0.0) -> Pixels:
    """Multiply chroma by `chroma`, and lighten by `lift` (0 to 1) of the distance to white."""
    values = pixels.astype(np.float32) / 255
    gray = cv2.cvtColor(values, cv2.COLOR_RGB2GRAY)[..., None]
    more = gray + (values - gray) * chroma
    return to_bytes(more + (1 - more) * lift)


def fractal_noise(canvas: Canvas, coarsest: float, octaves: int = 4) -> Floats:
    """Fractal noise, -1.5 to 1.5; the coarsest cell is `coarsest` of the longer side wide."""
    width, height = canvas.size
    total = np.zeros((height, width), np.float32)
    share = 1.0
    for octave in range(octaves):
        cell = max(1.0, coarsest * canvas.longest / 2**octave)
        size = max(2, round(width / cell)), max(2, round(height / cell))
        total += share * cv2.resize(
            canvas.noise(size), (width, height), interpolation=cv2.INTER_CUBIC
        )
        share /= 2
    return cast(Floats, np.clip(total / 1.6, -1.5, 1.5))


def paper_grain(canvas: Canvas, size: float = 1.6) -> Floats:
    """Grain of rough paper, -1 to 1, about `size` thousandths of the longer side."""
    cell = max(0.7, size * canvas.longest / 1000)
    noise = cv2.GaussianBlur(canvas.noise(canvas.size), (0, 0), cell)
    return cast(Floats, np.clip(noise / max(float(noise.std()), 1e-6) / 2, -1, 1))


def canvas_weave(canvas: Canvas, size: float = 2.6) -> Floats:
    """Weave of canvas or linen, about -1 to 1: threads across and down."""
    step = max(2.5, size * canvas.longest / 1000)
    width, height = canvas.size
    across = np.sin(np.arange(width, dtype=np.float32) * (2 * np.pi / step))
    down = np.sin(np.arange(height, dtype=np.float32) * (2 * np.pi / step))
    return cast(Floats, (across[None, :] * down[:, None] * 0.7 + paper_grain(canvas) * 0.3))


def hatching(canvas: Canvas, degrees: float, length: float = 0.03, grain: float = 1.0) -> Floats:
    """Pencil or chalk strokes at an angle: noise blurred along it, mean 0, deviation 1.

    length: of a stroke, as a share of the longer side. grain: its width, in 1100ths of that side.
    """
    reach = max(5, round(length * canvas.longest)) | 1
    line = np.zeros((reach, reach), np.float32)
    middle = reach // 2
    angle = np.radians(degrees)
    step = middle * np.cos(angle), middle * np.sin(angle)
    ends = [(round(middle + s * step[0]), round(middle - s * step[1])) for s in (-1, 1)]
    cv2.line(line, ends[0], ends[1], 1.0, 1, cv2.LINE_AA)
    width, height = canvas.size
    cell = max(1.0, grain * canvas.longest / 1100)
    noise = canvas.noise((max(1, round(width / cell)), max(1, round(height / cell))))
    noise = cv2.resize(noise, canvas.size, interpolation=cv2.INTER_LINEAR)
    streaks = cv2.filter2D(noise, -1, line / line.sum(), borderType=cv2.BORDER_REFLECT)
    return cast(Floats, streaks / max(float(streaks.std()), 1e-6))


def emboss(pixels: Pixels, height: Floats, depth: float) -> Pixels:
    """The pixels lit from the upper left as if `height` were their height map."""
    slope = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) + cv2.Sobel(
        height, cv2.CV_32F, 0, 1, ksize=3
    )
    shade = np.clip(1 + slope * depth, 0.6, 1.35)[..., None]
    return to_bytes(pixels.astype(np.float32) / 255 * shade)


def displace(pixels: Pixels, field: Floats, reach: float) -> Pixels:
    """Displace the pixels by `reach` pixels times a noise field, for uneven edges."""
    rows, columns = field.shape
    across, down = np.meshgrid(
        np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)
    )
    vertical = np.roll(field, (rows // 3, columns // 3), (0, 1))
    return cast(
        Pixels,
        cv2.remap(
            pixels,
            across + field * reach,
            down + vertical * reach,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        ),
    )
