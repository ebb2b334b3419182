"""depth_of_field(picture): how deep the sharp field is, from the blur of its parts.

A shallow field has sharp parts and parts far more blurred than any texture or shadow explains; in a
deep one every part with structure is about as sharp as the sharpest. It does not know distances.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.blur import BlurMap, blur_map
from imagetoprompt.analysis.subject_detection import main_subject
from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture
from imagetoprompt.models.runtime import own_session

DepthOfFieldName: TypeAlias = Literal["shallow", "medium", "deep"]

# Circles of confusion, of the height: from the first on the field is shallow (an 85 mm lens at f/4
# on a person three meters away spreads a far background so), below the second deep.
SHALLOW_DIAMETER: Final = 0.02
DEEP_DIAMETER: Final = 0.005
# Structure (gray levels of gradient) from which a cell can tell its blur.
MIN_STRUCTURE: Final = 1.0
# With fewer cells that can tell, nothing is known of the field.
MIN_CELLS: Final = 8
# Gaussian width in pixels of the working copy from which a cell is plainly not sharp.
SOFT_SIGMA: Final = 2.2


@dataclass(frozen=True)
class DepthOfField:
    """How deep the sharp field is, and how sure that is (0 to 1).

    sharp: share of the area. subject_sharp: None when the subject is unknown or has no structure.
    """

    name: DepthOfFieldName
    confidence: float
    sharp: float
    subject_sharp: bool | None


def depth_of_field(picture: Picture) -> DepthOfField:
    """How deep the sharp field of the picture is."""
    return picture.once("depth_of_field", lambda: _judged(picture))


def _judged(picture: Picture) -> DepthOfField:
    blur = blur_map(picture)
    chances = _chances(picture)
    name = max(chances, key=lambda each: chances[each])
    told = blur.weight > MIN_STRUCTURE
    share = float((told & (blur.blur < SOFT_SIGMA)).mean())
    sure = chances[name] if told.sum() >= MIN_CELLS else 0.0
    return DepthOfField(name, round(sure, 4), round(share, 4), _subject(picture, blur))


def _chances(picture: Picture) -> dict[DepthOfFieldName, float]:
    height, widths = picture.at(INPUT_SIDE).shape[0], blur_width_probabilities(picture)
    shallow, blurred = (
        probability_wider(widths, bound, height) for bound in (SHALLOW_DIAMETER, DEEP_DIAMETER)
    )
    return {"shallow": shallow, "medium": blurred - shallow, "deep": 1 - blurred}


def _subject(picture: Picture, blur: BlurMap) -> bool | None:
    """Whether the subject is about as sharp as the sharpest part of the picture."""
    main = main_subject(picture)
    told = blur.weight > MIN_STRUCTURE
    if main is None or not told.any():
        return None
    inside = told & _mask(main.box, blur.blur.shape)
    if inside.sum() < 4:
        return None
    best = float(np.quantile(blur.blur[told], 0.1))
    return float(np.quantile(blur.blur[inside], 0.3)) < max(SOFT_SIGMA, 1.6 * best)


def _mask(box: Box, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    rows, columns = (np.arange(count) + 0.5 for count in shape)
    left, top, width, height = box
    down = (rows / shape[0] > top) & (rows / shape[0] < top + height)
    across = (columns / shape[1] > left) & (columns / shape[1] < left + width)
    return np.outer(down, across)


Map: TypeAlias = NDArray[np.float32]

INPUT_SIDE: Final = 288
"""Pixels of the longer side that is looked at."""
CELL_PIXELS: Final = 8
CELLS_PER_SIDE: Final = INPUT_SIDE // CELL_PIXELS
ENERGY_LEVELS: Final = 4
"""Of the pyramid whose energies are taken, two of each."""
INPUT_CHANNELS: Final = 4 * ENERGY_LEVELS + 1
"""Two energies of each level, how low each is where the picture is quietest, and a mask."""
# Energy (squared gray levels) of the rounding to whole gray levels, below which nothing is seen.
ROUNDING_ENERGY: Final = 0.08
LOG2_DIAMETERS: Final = tuple(step / 2 for step in range(-3, 10))
"""Logarithms to base 2 of the diameters in pixels, in the middle of each class."""


def blur_width_probabilities(picture: Picture) -> tuple[float, ...]:
    """The probability of each class of OCTAVES, by the picture and its mirror image."""
    return picture.once("blur_width_probabilities", lambda: _likely(picture))


def probability_wider(chances: tuple[float, ...], share: float, height: int) -> float:
    """The probability that the blur is wider than this share of the height in pixels."""
    bound = float(np.log2(max(share * height, 1e-6)))
    edges = np.append(np.array(LOG2_DIAMETERS) - 0.25, LOG2_DIAMETERS[-1] + 0.25)
    below = np.concatenate([[0.0], np.cumsum(chances)])
    return float(1 - np.interp(bound, edges, below))


def network_input(pixels: NDArray[np.uint8]) -> Map:
    """CELLS x CELLS x CHANNELS of a picture of at most SIDE pixels: logarithms of energies.

    What a blur takes from the fine levels it leaves in the coarse ones, whatever the contrast. A
    small picture is not enlarged, since that would look like blur.
    """
    height, width = pixels.shape[:2]
    grid = max(1, round(width / CELL_PIXELS)), max(1, round(height / CELL_PIXELS))
    found = np.stack(list(_energies(pixels, grid)), -1).reshape(grid[1], grid[0], -1)
    quiet = np.quantile(found, 0.1, axis=(0, 1))
    seen = np.zeros((CELLS_PER_SIDE, CELLS_PER_SIDE, INPUT_CHANNELS), np.float32)
    top, left = (CELLS_PER_SIDE - grid[1]) // 2, (CELLS_PER_SIDE - grid[0]) // 2
    inside = seen[top : top + grid[1], left : left + grid[0]]
    inside[..., : 2 * ENERGY_LEVELS], inside[..., 2 * ENERGY_LEVELS : -1], inside[..., -1] = (
        found,
        quiet,
        1,
    )
    return seen


def _energies(pixels: NDArray[np.uint8], grid: tuple[int, int]) -> Iterator[Map]:
    """Of each level what a narrow and then a wide Gaussian take away, in each cell."""
    tone = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    for _ in range(ENERGY_LEVELS):
        narrow = cv2.GaussianBlur(tone, (0, 0), 0.8)
        wide = cv2.GaussianBlur(narrow, (0, 0), 1.0)
        for taken in (tone - narrow, narrow - wide):
            energy = cv2.resize(taken**2, grid, interpolation=cv2.INTER_AREA)
            yield cast(Map, np.log2(np.atleast_2d(energy) + ROUNDING_ENERGY) / 4)
        tone = cv2.pyrDown(wide) if min(tone.shape) > 2 else wide


def _likely(picture: Picture) -> tuple[float, ...]:
    seen = network_input(picture.at(INPUT_SIDE))
    logits = own_session("field.onnx").run(np.stack([seen, seen[:, ::-1]]))
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances = cast(Map, (powers / powers.sum(axis=1, keepdims=True)).mean(axis=0))
    return tuple(float(each) for each in chances.round(5))
