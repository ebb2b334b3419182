"""How similar two pictures are, by pixels, structure and edges; and how far two palettes differ."""

from dataclasses import asdict, dataclass
from typing import Any, Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.edge_detection import canny_edges
from imagetoprompt.core.measurements import Palette
from imagetoprompt.images import color
from imagetoprompt.images.picture import Picture

Floats: TypeAlias = NDArray[np.float32]
BooleanMask: TypeAlias = NDArray[np.bool_]
Array: TypeAlias = NDArray[Any]

# Longer side in pixels at which structure is compared; the edge tolerance refers to this size.
STRUCTURE_SIZE: Final = 512
EDGE_TOLERANCE: Final = 2
# Longer side in pixels at which colors are compared, so that detail which moved is averaged out.
COLOR_SIZE: Final = 128
# Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural
# similarity", 2004: a Gaussian of sigma 1.5 in an 11 x 11 window, C1 = (K1 L)², C2 = (K2 L)².
SSIM_SIGMA: Final = 1.5
SSIM_WINDOW: Final = 11
SSIM_C1: Final = (0.01 * 255) ** 2
SSIM_C2: Final = (0.03 * 255) ** 2


@dataclass(frozen=True)
class Similarity:
    """Similarity of two pictures over a share of the area.

    share: the area that was compared, 0 to 1. largest, mean: absolute difference of samples, 0 to
    255. color: mean CIEDE2000 at 128 pixels (about 1 is just visible). ssim: structural similarity
    of the grays, 1 for equal. edges: F1 of edges within 2 pixels at 512 pixels, 1 for equal.
    """

    share: float
    largest: int
    mean: float
    color: float
    ssim: float
    edges: float

    def to_json(self) -> dict[str, float]:
        """The numbers by name."""
        return asdict(self)


@dataclass(frozen=True)
class PictureDifferences:
    """Per-pixel differences of two pictures of one size, from which any region is summarized.

    samples: absolute differences (H, W, 3). colors: CIEDE2000 at 128 pixels. ssim: at 512 pixels.
    edges_before, edges_after: edge masks at 512 pixels.
    """

    samples: NDArray[np.uint8]
    colors: Array
    ssim: Floats
    edges_before: BooleanMask
    edges_after: BooleanMask

    def within(self, mask: BooleanMask | None = None) -> Similarity:
        """Summarize the area where the mask (H, W) is True, or everything."""
        samples = self.samples if mask is None else self.samples[mask]
        edge_mask = _resized_mask(mask, self.edges_before)
        return Similarity(
            share=1.0 if mask is None else round(float(mask.mean()), 4),
            largest=int(samples.max()),
            mean=round(float(samples.mean()), 3),
            color=round(_mean(self.colors, mask), 2),
            ssim=round(_mean(self.ssim, mask), 4),
            edges=round(edge_f1(self.edges_before, self.edges_after, edge_mask), 4),
        )


def picture_differences(before: Picture, after: Picture) -> PictureDifferences:
    """Compare two pictures of one size."""
    small = before.at(STRUCTURE_SIZE), after.at(STRUCTURE_SIZE)
    grays = (cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) for pixels in small)
    labs = (color.cielab(color.to_linear(p.at(COLOR_SIZE))) for p in (before, after))
    edge_masks = (canny_edges(pixels) > 0 for pixels in small)
    return PictureDifferences(
        np.asarray(cv2.absdiff(*(p.full_size().pixels for p in (before, after))), np.uint8),
        color.ciede2000(*labs),
        ssim_map(*grays),
        *edge_masks,
    )


def ssim_map(first: Floats, second: Floats) -> Floats:
    """Structural similarity around each pixel of two gray pictures (H, W) with values 0 to 255."""
    means = _blurred(first), _blurred(second)
    variances = _blurred(first * first) - means[0] ** 2 + _blurred(second * second) - means[1] ** 2
    covariance = _blurred(first * second) - means[0] * means[1]
    luminance = (2 * means[0] * means[1] + SSIM_C1) / (means[0] ** 2 + means[1] ** 2 + SSIM_C1)
    return cast(Floats, luminance * (2 * covariance + SSIM_C2) / (variances + SSIM_C2))


def edge_f1(before: BooleanMask, after: BooleanMask, mask: BooleanMask | None = None) -> float:
    """F1 score of two edge masks, matching within the tolerance; 1 if neither has edges."""
    region = np.ones_like(before) if mask is None else mask
    recall = _share_near(before & region, after)
    precision = _share_near(after & region, before)
    if recall is None or precision is None:
        return 1.0 if recall is precision else 0.0
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def _share_near(edge_mask: BooleanMask, target_mask: BooleanMask) -> float | None:
    """The share of the edges within the tolerance of edges in the target; None without edges."""
    side = 2 * EDGE_TOLERANCE + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    near = cv2.dilate(target_mask.astype(np.uint8), disc) > 0
    return float(near[edge_mask].mean()) if edge_mask.any() else None


def _blurred(values: Floats) -> Floats:
    window = SSIM_WINDOW, SSIM_WINDOW
    return cast(Floats, cv2.GaussianBlur(values, window, SSIM_SIGMA, borderType=cv2.BORDER_REFLECT))


def _mean(values: Array, mask: BooleanMask | None) -> float:
    region = _resized_mask(mask, values)
    if region is None:
        return float(values.mean())
    # A mask that vanishes at this size: use the whole picture.
    return float(values[region].mean() if region.any() else values.mean())


def _resized_mask(mask: BooleanMask | None, values: Array) -> BooleanMask | None:
    if mask is None:
        return None
    size = values.shape[1], values.shape[0]
    shares = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(shares >= 0.5)


# Colors of a smaller area (share of the picture) do not shape its look.
MIN_AREA: Final = 0.04
# OKLab chroma below which a color is a gray.
MAX_GRAY_CHROMA: Final = 0.05
# Tolerances for a color that is requested by name, which stands for a range of colors.
MAX_GRAY_LIGHTNESS_DIFFERENCE: Final = 0.25
MAX_HUE_DIFFERENCE: Final = 40.0
"""Degrees in OKLab."""
MIN_CHROMA_SHARE: Final = 0.33
"""Share of the requested color's chroma."""


def palette_distance(first: Palette, second: Palette) -> float:
    """Mean CIEDE2000 from each color to the nearest one of the other palette, weighted by area.

    The mean of both directions. Two palettes of equal colors with other areas have distance 0.
    """
    distances = _distances(first, second)
    there = float(distances.min(axis=1) @ _areas(first))
    back = float(distances.min(axis=0) @ _areas(second))
    return round((there + back) / 2, 2)


def distance_to_nearest(wanted: Palette, palette: Palette) -> float:
    """Mean CIEDE2000 from each wanted color to its nearest color in the palette."""
    return round(float(_distances(wanted, palette).min(axis=1).mean()), 2)


def contains_hues(wanted: Palette, palette: Palette) -> bool:
    """True if at least two thirds of the wanted hues are in the palette.

    A hue counts within 40 degrees and from a third of the wanted chroma on, a gray if it is about
    as light.
    """
    present = [color.from_hex(s.hex) for s in palette.swatches if s.area >= MIN_AREA]
    hues = [color.from_hex(swatch.hex) for swatch in wanted.swatches]
    matched = [any(_matches(hue, candidate) for candidate in present) for hue in hues]
    return sum(matched) >= len(matched) - len(matched) // 3


def _matches(wanted: NDArray[np.float32], candidate: NDArray[np.float32]) -> bool:
    chroma = color.chroma(candidate)
    if color.chroma(wanted) < MAX_GRAY_CHROMA:
        near = abs(wanted[0] - candidate[0]) < MAX_GRAY_LIGHTNESS_DIFFERENCE
        return bool(chroma < MAX_GRAY_CHROMA and near)
    turn = abs((float(color.hue(wanted)) - float(color.hue(candidate)) + 180) % 360 - 180)
    return bool(turn < MAX_HUE_DIFFERENCE and chroma > color.chroma(wanted) * MIN_CHROMA_SHARE)


def _distances(first: Palette, second: Palette) -> NDArray[np.float64]:
    """CIEDE2000 of every pair of colors, shape (len(first), len(second))."""
    labs = _cielab(first), _cielab(second)
    rows = np.repeat(labs[0][:, None], len(labs[1]), axis=1)
    columns = np.repeat(labs[1][None], len(labs[0]), axis=0)
    return np.asarray(color.ciede2000(rows, columns), np.float64)


def _cielab(palette: Palette) -> NDArray[np.float32]:
    return np.stack(
        [color.cielab(color.from_oklab(color.from_hex(s.hex))) for s in palette.swatches]
    )


def _areas(palette: Palette) -> NDArray[np.float64]:
    """The areas, scaled to a sum of 1."""
    areas = np.array([swatch.area for swatch in palette.swatches])
    return np.asarray(areas / areas.sum())
