"""depth_of_field(picture): how deep the sharp field is, from the blur of its parts.

A shallow field has sharp parts and parts far more blurred than any texture or shadow explains; in a
deep one every part with structure is about as sharp as the sharpest. It does not know distances.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.geometry.attention import attention
from imagetoprompt.geometry.odds import odds
from imagetoprompt.geometry.sharpness import WORKING, Sharpness, sharpness
from imagetoprompt.measurement import Box
from imagetoprompt.picture import Picture

Depth: TypeAlias = Literal["shallow", "medium", "deep"]

# Structure (grey levels of gradient) from which a cell can tell its blur, and tells it well.
STRUCTURE: Final = 1.0
MUCH: Final = 4.0
# With fewer cells that can tell, nothing is known of the field.
FEWEST: Final = 8
# Gaussian widths in pixels of the working copy: about as sharp as a camera makes; plainly not so;
# nothing but patches of colour.
CRISP: Final = 1.2
SOFT: Final = 2.2
MELTED: Final = 4.0
QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)


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
    chances = odds("depth_of_field", features(blur, max(picture.at(WORKING).shape)))
    name = cast(Depth, max(chances, key=lambda each: chances[each]))
    told = blur.weight > STRUCTURE
    share = float((told & (blur.blur < SOFT)).mean())
    sure = chances[name] if told.sum() >= FEWEST else 0.0
    return Field(name, round(sure, 4), round(share, 4), _subject(picture, blur))


def features(blur: Sharpness, longest: int) -> tuple[float, ...]:
    """What tells the depth of field.

    The spread of blur over cells with some and with much structure, how smoothly it changes from
    cell to cell, and the size of the working copy.
    """
    width, least = np.log2(blur.blur + 0.4), max(STRUCTURE, blur.noise / 2)
    some, much = blur.weight > least, blur.weight > MUCH * least
    total = float(blur.weight[some].sum()) + 1e-3
    return (
        *_spread(blur, width, some),
        *_spread(blur, width, much),
        *_smoothness(width, some),
        float((blur.weight * width)[some].sum()) / total,
        float((blur.weight * (width > 1))[some].sum()) / total,
        float(np.log2(longest / WORKING)),
    )


def _spread(blur: Sharpness, width: NDArray[np.float32], told: NDArray[np.bool_]) -> list[float]:
    if told.sum() < 3:
        return [0.0] * (len(QUANTILES) + 4)
    quantiles = [float(each) for each in np.quantile(width[told], QUANTILES)]
    here = blur.blur[told]
    shares = [float((here < CRISP).mean())] + [
        float((here > each).mean()) for each in (SOFT, MELTED)
    ]
    return [*quantiles, float(told.mean()), *shares]


def _smoothness(width: NDArray[np.float32], told: NDArray[np.bool_]) -> tuple[float, float]:
    """Mean step between neighbouring cells over the deviation of all, and that deviation."""
    beside = np.abs(np.diff(width, axis=1))[told[:, 1:] & told[:, :-1]]
    under = np.abs(np.diff(width, axis=0))[told[1:] & told[:-1]]
    steps = np.concatenate([beside, under])
    spread = float(width[told].std()) if told.any() else 0.0
    return (float(steps.mean()) / max(spread, 0.1) if steps.size else 1.0), spread


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
