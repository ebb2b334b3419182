"""Masks, and putting what was painted back over the original so that outside nothing changes.

It does not know who paints.
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.plan import Margins
from imagetoprompt.engines.diffusers.diffusers_options import Size, resized
from imagetoprompt.errors import MaskError
from imagetoprompt.images.color import from_oklab, oklab, to_linear, to_srgb
from imagetoprompt.images.masks import Weights, feathered
from imagetoprompt.images.picture import Pixels

AnyArray = NDArray[Any]

# How much of its surroundings a model sees beside what it paints anew, as a share of the mask's
# longer side on each side: without them it would not know what to continue.
CONTEXT_MARGIN: Final = 0.5
# Only if that leaves out half of the picture is it worth cutting out a part of it.
WORTH: Final = 0.5
# Width of the soft edge of an outpainting, as a share of the longer side. It lies in the new part.
SEAM: Final = 0.01


def composite(original: Pixels, painted: Pixels, share: Weights) -> Pixels:
    """`painted` where the share is 1, `original` where it is 0 to the last bit, else in between."""
    parts = share[..., None]
    mixed = original + (painted.astype(np.float32) - original) * parts
    return np.asarray(np.rint(mixed), np.uint8)


def context_box(share: Weights) -> tuple[slice, slice]:
    """Rows and columns of the part that the model is to see: the mask and what surrounds it."""
    rows, columns = np.flatnonzero(share.any(axis=1)), np.flatnonzero(share.any(axis=0))
    reach = round(CONTEXT_MARGIN * max(np.ptp(rows), np.ptp(columns))) + 1
    part = (
        slice(max(0, rows[0] - reach), rows[-1] + 1 + reach),
        slice(max(0, columns[0] - reach), columns[-1] + 1 + reach),
    )
    whole = slice(0, share.shape[0]), slice(0, share.shape[1])
    return part if share[part].size < WORTH * share.size else whole


def extended_canvas(pixels: Pixels, margins: Margins, size: Size) -> tuple[Pixels, Weights]:
    """The larger picture, mirrored and blurred beyond the old border, and the mask of what is new.

    size: width and height of all. The old picture is scaled only where its margins leave it a size
    that is more than a pixel from its own.
    """
    across = _laid(pixels.shape[1], (margins.left, margins.right), size[0])
    down = _laid(pixels.shape[0], (margins.top, margins.bottom), size[1])
    inner = resized(pixels, (across.stop - across.start, down.stop - down.start))
    beyond = (down.start, size[1] - down.stop), (across.start, size[0] - across.stop)
    wide = np.pad(inner, (*beyond, (0, 0)), mode="reflect")
    soft = cv2.GaussianBlur(wide, (0, 0), max(1.0, SEAM * max(size)))
    old = down, across
    soft[old] = inner
    new = np.ones(wide.shape[:2], bool)
    new[old] = False
    if not new.any():
        raise MaskError("The margins are too narrow to paint in: give at least one pixel.")
    return np.asarray(soft, np.uint8), feathered(new, SEAM * max(wide.shape[:2]))


def _laid(length: int, margins: tuple[float, float], whole: int) -> slice:
    """Where, on a side `whole` pixels long, a picture of that length lies between its margins."""
    before, after = margins
    inner = round(whole / (1 + before + after))
    inner = min(length if abs(inner - length) <= 1 else inner, whole)
    room = whole - inner
    start = round(room * before / (before + after)) if room and before + after else 0
    return slice(start, start + inner)


# A flat picture has no spread to be brought back; one that would have to be stretched more than
# this shows noise.
MIN_SPREAD: Final = 1e-4
MAX_STRETCH: Final = 1.5
# Pixels that are measured, at most: statistics need no more.
SAMPLE_SIZE: Final = 250_000


def match_colors(painted: Pixels, original: Pixels, known: "AnyArray | None" = None) -> Pixels:
    """`painted`, moved so that its pixels have the mean and standard deviation of `original`'s.

    known: where both show the same thing, and so are measured; height x width, bool. Everywhere by
    default. With fewer than 64 known pixels nothing is moved.
    """
    here = np.ones(painted.shape[:2], bool) if known is None else known
    if here.sum() < 64:
        return painted
    made, wanted = (oklab(to_linear(_sampled(each[here]))) for each in (painted, original))
    spread = np.maximum(made.std(axis=0), MIN_SPREAD)
    stretch = np.clip(wanted.std(axis=0) / spread, 1 / MAX_STRETCH, MAX_STRETCH)
    moved = (oklab(to_linear(painted)) - made.mean(axis=0)) * stretch + wanted.mean(axis=0)
    return np.asarray(np.rint(to_srgb(from_oklab(moved)) * 255), np.uint8)


def _sampled(colors: AnyArray) -> AnyArray:
    """Every so many of the colors (n x 3), at most about SAMPLE of them."""
    return colors[:: max(1, len(colors) // SAMPLE_SIZE)]
