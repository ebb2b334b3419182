"""Pictures put together from pieces: pixels, tiles, glass, facets, stitches.

Each takes the canvas and the options of its row in recipes.toml.
"""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.engines.draft import strokes
from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions, Floats, to_bytes
from imagetoprompt.engines.draft.part_masks import part_mask
from imagetoprompt.images.filters import luma
from imagetoprompt.images.picture import Pixels


def pixel_art(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Large square pixels in a small palette, `across` of them along the longer side."""
    scale = options.get("across", 144) / canvas.longest
    size = max(1, round(canvas.size[0] * scale)), max(1, round(canvas.size[1] * scale))
    calm = strokes.kuwahara_sparing_skin(canvas, 0.4 / scale)
    small = cv2.resize(calm, size, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), 1.0)
    crisp = cv2.addWeighted(small, 1.5, soft, -0.5, 0)
    few = strokes.quantize_colors(strokes.boost_chroma(crisp, 1.3), options.get("colors", 28))
    return cast(Pixels, cv2.resize(few, canvas.size, interpolation=cv2.INTER_NEAREST))


def mosaic(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Small stone tiles laid along the forms, with light grout between them."""
    unit = canvas.longest / 1000
    side = options.get("side", 13) * unit
    calm = strokes.kuwahara_sparing_skin(canvas, 6 * unit)
    across, down = strokes.edge_tangent_flow(calm, 10 * unit)
    made = np.empty_like(canvas.pixels)
    made[:] = (108, 102, 94)
    rng = np.random.default_rng(canvas.seed)
    for x, y in _lattice(canvas, side, rng, 0.12):
        row, column = int(y), int(x)
        tile = _tile((x, y), (across[row, column], down[row, column]), side * 0.455)
        shade = 1 + 0.1 * rng.standard_normal()
        value = np.clip(calm[row, column] * shade + 3 * rng.standard_normal(3), 0, 255)
        cv2.fillConvexPoly(made, tile, tuple(value.tolist()), cv2.LINE_AA, 4)
    relief = cv2.GaussianBlur(luma(made), (0, 0), max(0.7, 1.2 * unit))
    return strokes.boost_chroma(strokes.emboss(made, relief, 0.5), 1.3)


def _lattice(canvas: Canvas, step: float, rng: np.random.Generator, jitter: float) -> NDArray[Any]:
    """Points of a lattice over the picture, each displaced by up to `jitter` steps."""
    width, height = canvas.size
    xs, ys = np.arange(step / 2, width, step), np.arange(step / 2, height, step)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    moved = grid + (rng.random(grid.shape) - 0.5) * 2 * jitter * step
    return np.clip(moved, 0, (width - 1, height - 1))


def _tile(
    middle: tuple[float, float], direction: tuple[float, float], half: float
) -> NDArray[np.int32]:
    """The corners of a square along a direction, in sixteenths of a pixel."""
    along = np.array(direction) * half
    beside = np.array((-direction[1], direction[0])) * half
    corners = [middle + a * along + b * beside for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))]
    return (np.array(corners) * 16).astype(np.int32)


def stained_glass(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Pieces of glowing glass along the shapes, joined by lead lines."""
    unit = canvas.longest / 1000
    calm = strokes.kuwahara_sparing_skin(canvas, 10 * unit)
    labels = _pieces(canvas, calm, options.get("side", 52) * unit)
    colors = _means(calm, labels)
    rng = np.random.default_rng(canvas.seed)
    varied = colors * (1 + 0.12 * rng.standard_normal((len(colors), 1)))
    glass = strokes.boost_chroma(to_bytes(varied[labels] / 255), 1.9, 0.06).astype(np.float32) / 255
    borders = _borders(labels)
    lead = cv2.GaussianBlur(
        cv2.dilate(borders, np.ones((_odd(2.6 * unit),) * 2, np.uint8)).astype(np.float32),
        (0, 0),
        max(0.6, 0.7 * unit),
    )
    longest = max(borders.shape)
    depth = cv2.distanceTransform(1 - borders, cv2.DIST_L2, 3)
    glow = (
        0.8
        + 0.35 * np.clip(np.minimum(depth, longest) / (14 * unit), 0, 1)
        + 0.07 * strokes.fractal_noise(canvas, 0.04, 4)
    )
    lit = glass * glow[..., None]
    share = np.clip(lead * 1.3, 0, 1)[..., None]
    return to_bytes(lit * (1 - share) + np.array((0.07, 0.07, 0.08), np.float32) * share)


def _pieces(canvas: Canvas, calm: Pixels, side: float) -> NDArray[np.int32]:
    """Watershed regions from a lattice of seeds: their borders follow edges where there are any."""
    marks = np.zeros(calm.shape[:2], np.int32)
    rng = np.random.default_rng(canvas.seed)
    for number, (x, y) in enumerate(_lattice(canvas, side, rng, 0.35), 1):
        cv2.circle(marks, (int(x), int(y)), max(1, round(side / 10)), number, -1)
    cv2.watershed(np.ascontiguousarray(calm), marks)
    filled = cv2.dilate(marks.astype(np.float32), np.ones((3, 3), np.uint8)).astype(np.int32)
    return np.where(marks > 0, marks, np.maximum(filled, 1)) - 1


def _borders(labels: NDArray[np.int32]) -> NDArray[np.uint8]:
    values = labels.astype(np.float32)
    square = np.ones((2, 2), np.uint8)
    return np.asarray((cv2.erode(values, square) != cv2.dilate(values, square)).astype(np.uint8))


def _means(pixels: Pixels, labels: NDArray[np.int32]) -> Floats:
    """The mean color of each piece."""
    flat, count = labels.ravel(), int(labels.max()) + 1
    sizes = np.maximum(np.bincount(flat, minlength=count), 1)
    sums = [np.bincount(flat, pixels[..., i].ravel(), count) / sizes for i in range(3)]
    return np.stack(sums, axis=1).astype(np.float32)


def low_poly(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Flat triangles, small where there is detail."""
    width, height = canvas.size
    calm = strokes.kuwahara_sparing_skin(canvas, 5 * canvas.longest / 1000)
    net = cv2.Subdiv2D((0, 0, width, height))
    for x, y in _vertices(canvas, calm, options.get("count", 1100)):
        net.insert((float(x), float(y)))
    triangles = np.asarray(net.getTriangleList(), np.float32).reshape(-1, 3, 2)
    inside = (triangles >= 0).all(axis=(1, 2)) & (triangles <= (width, height)).all(axis=(1, 2))
    made = calm.copy()
    for corners in triangles[inside]:
        cv2.fillConvexPoly(made, (corners * 16).astype(np.int32), _facet(calm, corners), 8, 4)
    return strokes.boost_chroma(made, 1.25)


def _vertices(canvas: Canvas, calm: Pixels, count: int) -> NDArray[Any]:
    """Points along edges and, sparsely, everywhere, including corners and borders."""
    width, height = canvas.size
    rng = np.random.default_rng(canvas.seed)
    light = cv2.GaussianBlur(luma(calm), (0, 0), 1.5)
    across, down = (cv2.Sobel(light, cv2.CV_32F, *axes) for axes in ((1, 0), (0, 1)))
    weight = np.hypot(across, down) ** 0.8
    weight = weight * (1 + 3 * part_mask(canvas.original, "skin"))
    weight += 0.06 * float(weight.mean()) + 1e-6
    chosen = np.searchsorted(
        np.cumsum(weight.ravel(), dtype=np.float64) / weight.sum(dtype=np.float64),
        rng.random(count),
    )
    edges = np.stack([chosen % width, np.minimum(chosen // width, height - 1)], axis=1)
    even = _lattice(canvas, canvas.longest / 16, rng, 0.4)
    sides = np.linspace(0, 1, 14)
    border = [(x * (width - 1), y) for x in sides for y in (0, height - 1)]
    border += [(x, y * (height - 1)) for y in sides for x in (0, width - 1)]
    return np.unique(np.concatenate([edges, even, border]).astype(np.float32), axis=0)


def _facet(calm: Pixels, corners: Floats) -> tuple[float, ...]:
    """The color of a triangle: the mean of its middle and of three points around it."""
    height, width = calm.shape[:2]
    middle = corners.mean(axis=0)
    points = [middle, *(middle * 0.5 + corner * 0.5 for corner in corners)]
    samples = [
        calm[min(height - 1, int(y)), min(width - 1, int(x))].astype(np.float32) for x, y in points
    ]
    return tuple(float(channel) for channel in np.mean(samples, axis=0))


def embroidery(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Threads along the forms, each with its light and its shadow, on linen."""
    unit = canvas.longest / 1000
    calm = strokes.kuwahara_sparing_skin(canvas, 6 * unit)
    few = strokes.quantize_colors(strokes.boost_chroma(calm, 1.25), options.get("colors", 32))
    across, down = strokes.edge_tangent_flow(calm, 9 * unit)
    linen = np.array((0.87, 0.83, 0.75), np.float32) * (
        1 + 0.1 * strokes.canvas_weave(canvas)[..., None]
    )
    made = to_bytes(linen)
    rng = np.random.default_rng(canvas.seed)
    thick = max(1, round(2.4 * unit))
    points = _lattice(canvas, 4.4 * unit, rng, 0.5)
    rng.shuffle(points)
    lengths = (7 + 5 * rng.random(len(points))) * unit
    shades = 1 + 0.1 * rng.standard_normal(len(points))
    rows, columns = points[:, 1].astype(int), points[:, 0].astype(int)
    half_threads = np.stack([across[rows, columns], down[rows, columns]], axis=1) * lengths[:, None]
    ends = np.stack([points - half_threads, points + half_threads], axis=1) * 8
    threads = np.clip(few[rows, columns] * shades[:, None], 0, 255)
    drawn = ends.astype(int).tolist(), threads.tolist(), (threads * 0.6).tolist()
    for (start, end), thread, shadow in zip(*drawn, strict=True):
        low = (start[0] + 5, start[1] + 7), (end[0] + 5, end[1] + 7)
        cv2.line(made, low[0], low[1], shadow, thick, cv2.LINE_AA, 3)
        cv2.line(made, start, end, thread, thick, cv2.LINE_AA, 3)
    return made


def _odd(size: float) -> int:
    return max(3, round(size) | 1)
