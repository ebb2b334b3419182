"""mask_of(mask, picture) -> how much of each pixel may change, 0 to 1; None for all of them.

It does not know what the mask is for.
"""

from typing import cast

import cv2
import numpy as np

from imagetoprompt.core.plan import Mask
from imagetoprompt.engines.draft.canvas import Floats
from imagetoprompt.errors import RefusedError
from imagetoprompt.images.picture import Picture, open_picture


def mask_from(mask: Mask | None, picture: Picture) -> Floats | None:
    """White or a box may change; the soft edge lies within, so that nothing outside ever does.

    RefusedError when the mask is empty, or of another shape than the picture.
    """
    if mask is None or (not mask.boxes and not mask.source):
        return None
    height, width = picture.pixels.shape[:2]
    share = _drawn(mask.source, (width, height)) if mask.source else np.zeros((height, width), bool)
    for x, y, wide, high in mask.boxes:
        rows = slice(round(y * height), max(round(y * height) + 1, round((y + high) * height)))
        share[rows, round(x * width) : max(round(x * width) + 1, round((x + wide) * width))] = True
    if not share.any():
        raise RefusedError("The mask is empty: paint white what is to change.")
    if mask.feather <= 0:
        return share.astype(np.float32)
    depth = cv2.distanceTransform(share.astype(np.uint8), cv2.DIST_L2, 3)
    reach = max(1.0, mask.feather * max(height, width))
    return cast(Floats, np.clip(depth / reach, 0, 1).astype(np.float32))


def _drawn(source: str, size: tuple[int, int]) -> Floats:
    """Where the picture of a mask is white, at that width and height."""
    drawn = open_picture(source)
    shape, wanted = drawn.size[0] / drawn.size[1], size[0] / size[1]
    if abs(shape / wanted - 1) > 0.02:
        raise RefusedError(
            f"The mask is {drawn.size[0]} x {drawn.size[1]} and the picture {size[0]} x {size[1]}: "
            "they must have the same shape."
        )
    light = cv2.cvtColor(drawn.pixels, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(light, size, interpolation=cv2.INTER_LINEAR) >= 128)
