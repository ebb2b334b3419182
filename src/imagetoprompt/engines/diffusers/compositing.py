"""Blend a generated picture over the original: masks, extended canvases and matched colors."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.plan import Margins
from imagetoprompt.engines.diffusers.model_frames import Size
from imagetoprompt.errors import MaskError
from imagetoprompt.images.color import from_oklab, oklab, to_linear, to_srgb
from imagetoprompt.images.filters import resized
from imagetoprompt.images.masks import Weights, feathered
from imagetoprompt.images.picture import Pixels

AnyArray = NDArray[Any]

# Surroundings that the model sees around a mask, as a share of the mask's longer side on each
# side, so that it can continue them.
CONTEXT_MARGIN: Final = 0.5
# A crop larger than this share of the picture is not worth making: the whole is used.
MAX_CROP_RATIO: Final = 0.5
# Feathering of an outpainted border, as a share of the longer side; it lies in the new part.
SEAM_WIDTH: Final = 0.01


def composite(original: Pixels, painted: Pixels, mask: Weights) -> Pixels:
    """`painted` where the mask is 1, exactly `original` where it is 0, else a blend."""
    weights = mask[..., None]
    mixed = original + (painted.astype(np.float32) - original) * weights
    return np.asarray(np.rint(mixed), np.uint8)


def context_box(mask: Weights) -> tuple[slice, slice]:
    """Rows and columns that the model sees: the mask and its surroundings, or the whole picture."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    reach = round(CONTEXT_MARGIN * max(np.ptp(rows), np.ptp(columns))) + 1
    part = (
        slice(max(0, rows[0] - reach), rows[-1] + 1 + reach),
        slice(max(0, columns[0] - reach), columns[-1] + 1 + reach),
    )
    whole = slice(0, mask.shape[0]), slice(0, mask.shape[1])
    return part if mask[part].size < MAX_CROP_RATIO * mask.size else whole


def extended_canvas(pixels: Pixels, margins: Margins, size: Size) -> tuple[Pixels, Weights]:
    """The extended picture, its new part mirrored and blurred, and the mask of the new part.

    size: width and height of the result in pixels. The old picture is scaled only if its margins
    leave it a size that differs from its own by more than a pixel.
    """
    across = _inner_span(pixels.shape[1], (margins.left, margins.right), size[0])
    down = _inner_span(pixels.shape[0], (margins.top, margins.bottom), size[1])
    inner = resized(pixels, (across.stop - across.start, down.stop - down.start))
    border = (down.start, size[1] - down.stop), (across.start, size[0] - across.stop)
    wide = np.pad(inner, (*border, (0, 0)), mode="reflect")
    soft = cv2.GaussianBlur(wide, (0, 0), max(1.0, SEAM_WIDTH * max(size)))
    old = down, across
    soft[old] = inner
    new = np.ones(wide.shape[:2], bool)
    new[old] = False
    if not new.any():
        raise MaskError("The margins are too narrow to paint in: give at least one pixel.")
    return np.asarray(soft, np.uint8), feathered(new, SEAM_WIDTH * max(wide.shape[:2]))


def _inner_span(length: int, margins: tuple[float, float], whole: int) -> slice:
    """Where a picture of `length` lies between its margins on a side of `whole` pixels."""
    before, after = margins
    inner = round(whole / (1 + before + after))
    inner = min(length if abs(inner - length) <= 1 else inner, whole)
    room = whole - inner
    start = round(room * before / (before + after)) if room and before + after else 0
    return slice(start, start + inner)


# A flat picture has no deviation to restore; stretching by more than MAX_STRETCH amplifies noise.
MIN_SPREAD: Final = 1e-4
MAX_STRETCH: Final = 1.5
# Number of pixels that are measured; more do not change the statistics.
SAMPLE_SIZE: Final = 250_000


def match_colors(painted: Pixels, original: Pixels, known: "AnyArray | None" = None) -> Pixels:
    """`painted` with the mean and standard deviation of the colors of `original`.

    Computed in OKLab, so that a change of lightness shifts no hue. known: height x width, bool,
    where both show the same and are compared; everywhere by default. With fewer than 64 such pixels
    `painted` is returned unchanged.
    """
    area = np.ones(painted.shape[:2], bool) if known is None else known
    if area.sum() < 64:
        return painted
    current, wanted = (oklab(to_linear(_sampled(pixels[area]))) for pixels in (painted, original))
    spread = np.maximum(current.std(axis=0), MIN_SPREAD)
    stretch = np.clip(wanted.std(axis=0) / spread, 1 / MAX_STRETCH, MAX_STRETCH)
    moved = (oklab(to_linear(painted)) - current.mean(axis=0)) * stretch + wanted.mean(axis=0)
    return np.asarray(np.rint(to_srgb(from_oklab(moved)) * 255), np.uint8)


def _sampled(colors: AnyArray) -> AnyArray:
    """An evenly spaced sample of the colors (n x 3), at most about SAMPLE_SIZE of them."""
    return colors[:: max(1, len(colors) // SAMPLE_SIZE)]
