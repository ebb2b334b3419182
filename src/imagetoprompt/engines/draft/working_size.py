"""Paint very large pictures in bounded memory and time.

Effects run on a copy of at most MAX_WORKING_PIXELS. What they changed is then enlarged and laid
under the detail of the original, so that a graded photograph stays as sharp as it was.
"""

from typing import Final

import cv2
import numpy as np

from imagetoprompt.images.filters import resized
from imagetoprompt.images.picture import Picture, Pixels

# A photograph of a phone or of most cameras is painted without any copy. At 12 megapixels the whole
# process takes up to 2 GB, with the networks that described the picture (oil painting).
MAX_WORKING_PIXELS: Final = 12_600_000
# Rows that are joined at once.
_BAND: Final = 256
# How much detail is amplified where the result is lighter than the original.
_MAX_GAIN: Final = 2.0


def working_copy(picture: Picture) -> Picture:
    """The picture, scaled down to MAX_WORKING_PIXELS when it has more."""
    height, width = picture.pixels.shape[:2]
    size = working_size((width, height))
    if size == (width, height):
        return picture
    return Picture.from_pixels(resized(picture.pixels, size))


def working_size(size: tuple[int, int]) -> tuple[int, int]:
    """Width and height of the copy on which a picture of that size is painted."""
    scale = min(1.0, (MAX_WORKING_PIXELS / (size[0] * size[1])) ** 0.5)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def at_full_size(original: Pixels, before: Pixels, after: Pixels, detail: float) -> Pixels:
    """The change from `before` to `after`, two working copies, made to the original.

    detail: how much of the original's finer detail stays, 0 (all is painted) to 1 (all is graded).
    It follows the change of lightness, so that a darkened photograph has no bright grain.
    """
    if original.shape == after.shape:
        return after
    height, width = original.shape[:2]
    after = resized(after, (width, height), enlarge=cv2.INTER_CUBIC)
    if detail <= 0:
        return after
    before = resized(before, (width, height), enlarge=cv2.INTER_CUBIC)
    for top in range(0, height, _BAND):
        rows = slice(top, top + _BAND)
        after[rows] = _with_detail(original[rows], before[rows], after[rows], detail)
    return after


def _with_detail(original: Pixels, before: Pixels, after: Pixels, detail: float) -> Pixels:
    lightness = [cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(np.float32) for p in (before, after)]
    gain = np.minimum((lightness[1] + 1) / (lightness[0] + 1), _MAX_GAIN)[..., None]
    fine = original.astype(np.float32) - before
    return np.asarray(np.clip(np.rint(after + detail * gain * fine), 0, 255), np.uint8)
