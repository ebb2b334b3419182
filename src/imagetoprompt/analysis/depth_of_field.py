"""depth_of_field(picture): how deep the sharp field is, from the blur of its parts.

A shallow field has sharp parts and parts far more blurred than any texture or shadow explains; in a
deep one every part with structure is about as sharp as the sharpest. It does not know distances.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.attention import attention
from imagetoprompt.analysis.blur import Sharpness, sharpness
from imagetoprompt.analysis.defocus import SIDE, beyond, defocus
from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture

Depth: TypeAlias = Literal["shallow", "medium", "deep"]

# Circles of confusion, of the height: from the first on the field is shallow (an 85 mm lens at f/4
# on a person three meters away spreads a far background so), below the second deep.
SHALLOW: Final = 0.02
DEEP: Final = 0.005
# Structure (gray levels of gradient) from which a cell can tell its blur.
STRUCTURE: Final = 1.0
# With fewer cells that can tell, nothing is known of the field.
FEWEST: Final = 8
# Gaussian width in pixels of the working copy from which a cell is plainly not sharp.
SOFT: Final = 2.2


@dataclass(frozen=True)
class Field:
    """How deep the sharp field is, and how sure that is (0 to 1).

    sharp: share of the area. subject_sharp: None when the subject is unknown or has no structure.
    """

    name: Depth
    confidence: float
    sharp: float
    subject_sharp: bool | None


def depth_of_field(picture: Picture) -> Field:
    """How deep the sharp field of the picture is."""
    return picture.once("depth_of_field", lambda: _judged(picture))


def _judged(picture: Picture) -> Field:
    blur = sharpness(picture)
    chances = _chances(picture)
    name = max(chances, key=lambda each: chances[each])
    told = blur.weight > STRUCTURE
    share = float((told & (blur.blur < SOFT)).mean())
    sure = chances[name] if told.sum() >= FEWEST else 0.0
    return Field(name, round(sure, 4), round(share, 4), _subject(picture, blur))


def _chances(picture: Picture) -> dict[Depth, float]:
    height, widths = picture.at(SIDE).shape[0], defocus(picture)
    shallow, blurred = (beyond(widths, bound, height) for bound in (SHALLOW, DEEP))
    return {"shallow": shallow, "medium": blurred - shallow, "deep": 1 - blurred}


def _subject(picture: Picture, blur: Sharpness) -> bool | None:
    """Whether the subject is about as sharp as the sharpest part of the picture."""
    main = attention(picture)
    told = blur.weight > STRUCTURE
    if main is None or not told.any():
        return None
    inside = told & _mask(main.box, blur.blur.shape)
    if inside.sum() < 4:
        return None
    best = float(np.quantile(blur.blur[told], 0.1))
    return float(np.quantile(blur.blur[inside], 0.3)) < max(SOFT, 1.6 * best)


def _mask(box: Box, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    rows, columns = (np.arange(count) + 0.5 for count in shape)
    left, top, width, height = box
    down = (rows / shape[0] > top) & (rows / shape[0] < top + height)
    across = (columns / shape[1] > left) & (columns / shape[1] < left + width)
    return np.outer(down, across)
