"""How alike two pictures of one size are, pixel by pixel: everywhere, or within a mask.

It does not know what the pictures show.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.edges.edge_detection import edges
from imagetoprompt.images import color
from imagetoprompt.images.picture import Picture

Floats = NDArray[np.float32]
Marked = NDArray[np.bool_]
Array = NDArray[Any]

# The longer side at which structure is compared: the tolerance of 2 pixels is of this copy.
WORKING: Final = 512
TOLERANCE: Final = 2
# Colors are compared on this copy, so that moved detail is not taken for changed color.
COLORS: Final = 128
# Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural
# similarity", 2004: a Gaussian of 1.5 pixels over 11, and two constants for samples 0 to 255.
WIDTH: Final = 1.5
AROUND: Final = 11
STEADY: Final = ((0.01 * 255) ** 2, (0.03 * 255) ** 2)


@dataclass(frozen=True)
class Likeness:
    """How alike two pictures are over a share of the area.

    largest, mean: absolute difference of samples, 0 to 255. color: mean dE00 of what is left at
    128 pixels (1 is just seen). ssim: structural similarity of the grays, 1 the same. edges: F1 of
    edges within 2 pixels at 512, 1 the same.
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
class Differences:
    """Two pictures of one size, compared once; asked for any part afterwards."""

    samples: NDArray[np.uint8]
    colors: Array
    structure: Floats
    before: Marked
    after: Marked

    def within(self, mask: Marked | None = None) -> Likeness:
        """How alike they are where the mask (as large as the pictures) is set, or everywhere."""
        samples = self.samples if mask is None else self.samples[mask]
        return Likeness(
            share=1.0 if mask is None else round(float(mask.mean()), 4),
            largest=int(samples.max()),
            mean=round(float(samples.mean()), 3),
            color=round(_mean(self.colors, mask), 2),
            ssim=round(_mean(self.structure, mask), 4),
            edges=round(agreement(self.before, self.after, _fitted(mask, self.before)), 4),
        )


def differences(before: Picture, after: Picture) -> Differences:
    """What differs between two pictures whose pixels are of one size."""
    small = before.at(WORKING), after.at(WORKING)
    grays = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.float32) for each in small)
    labs = (color.cielab(color.linear(each.at(COLORS))) for each in (before, after))
    lines = (edges(each) > 0 for each in small)
    return Differences(
        np.asarray(cv2.absdiff(before.pixels, after.pixels), np.uint8),
        color.difference(*labs),
        similarity(*grays),
        *lines,
    )


def similarity(one: Floats, other: Floats) -> Floats:
    """SSIM around each pixel of two gray pictures, 0 to 255."""
    means = _smooth(one), _smooth(other)
    spread = _smooth(one * one) - means[0] ** 2 + _smooth(other * other) - means[1] ** 2
    shared = _smooth(one * other) - means[0] * means[1]
    light = (2 * means[0] * means[1] + STEADY[0]) / (means[0] ** 2 + means[1] ** 2 + STEADY[0])
    return cast(Floats, light * (2 * shared + STEADY[1]) / (spread + STEADY[1]))


def agreement(before: Marked, after: Marked, mask: Marked | None = None) -> float:
    """F1 of two sets of edges, where one within the tolerance is the same; 1 for none at all."""
    part = np.ones_like(before) if mask is None else mask
    kept = _share(before & part, after)
    true = _share(after & part, before)
    if kept is None or true is None:
        return 1.0 if kept is true else 0.0
    return 2 * kept * true / (kept + true) if kept + true else 0.0


def _share(lines: Marked, others: Marked) -> float | None:
    """Of the lines, how much is near the others; None when there are no lines."""
    side = 2 * TOLERANCE + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    near = cv2.dilate(others.astype(np.uint8), disc) > 0
    return float(near[lines].mean()) if lines.any() else None


def _smooth(values: Floats) -> Floats:
    return cast(
        Floats,
        cv2.GaussianBlur(values, (AROUND, AROUND), WIDTH, borderType=cv2.BORDER_REFLECT),
    )


def _mean(values: Array, mask: Marked | None) -> float:
    part = _fitted(mask, values)
    if part is None:
        return float(values.mean())
    # A mask too small to be seen at this size is judged by the pixels around it.
    return float(values[part].mean() if part.any() else values.mean())


def _fitted(mask: Marked | None, values: Array) -> Marked | None:
    if mask is None:
        return None
    size = values.shape[1], values.shape[0]
    shares = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(shares >= 0.5)
