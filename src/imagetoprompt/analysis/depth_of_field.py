"""Depth of field: `depth_of_field(picture)`.

A small network that this project trained on pictures of known lenses (docs/light.md) estimates the
width of the largest blur that the lens makes: the circle of confusion of the subject or of what is
behind it, whichever is larger. The blur of each cell tells what is sharp.
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
from imagetoprompt.images.picture import Picture, Pixels
from imagetoprompt.models.runtime import packaged_session, softmax

Map: TypeAlias = NDArray[np.float32]
DepthOfFieldName: TypeAlias = Literal["shallow", "medium", "deep"]

# Diameters of the circle of confusion, as shares of the height. From the first on the field is
# shallow (an 85 mm lens at f/4, focused on a person three meters away, blurs a far background so
# much), below the second it is deep.
SHALLOW_DIAMETER: Final = 0.02
DEEP_DIAMETER: Final = 0.005
# Structure (gray levels of gradient) from which the blur of a cell can be measured.
MIN_STRUCTURE: Final = 1.0
# With fewer measurable cells the confidence is 0.
MIN_CELLS: Final = 8
# Gaussian sigma, in pixels of the 512 pixel copy, from which a cell is not sharp.
SOFT_SIGMA: Final = 2.2


@dataclass(frozen=True)
class DepthOfField:
    """How deep the sharp field is; confidence 0 to 1.

    sharp: share of the area. subject_sharp: None when the subject is unknown or has no structure.
    """

    name: DepthOfFieldName
    confidence: float
    sharp: float
    subject_sharp: bool | None


def depth_of_field(picture: Picture) -> DepthOfField:
    """How deep the sharp field of the picture is."""
    blur = blur_map(picture)
    pixels = picture.at(INPUT_SIDE)
    chances = _name_probabilities(blur_width_probabilities(pixels), pixels.shape[0])
    name = max(chances, key=lambda candidate: chances[candidate])
    measurable = blur.weight > MIN_STRUCTURE
    share = float((measurable & (blur.sigma < SOFT_SIGMA)).mean())
    confidence = chances[name] if measurable.sum() >= MIN_CELLS else 0.0
    main = main_subject(picture)
    subject_sharp = None if main is None else _is_sharp(main.box, blur)
    return DepthOfField(name, round(confidence, 4), round(share, 4), subject_sharp)


def _name_probabilities(widths: tuple[float, ...], height: int) -> dict[DepthOfFieldName, float]:
    shallow, blurred = (
        probability_wider(widths, share, height) for share in (SHALLOW_DIAMETER, DEEP_DIAMETER)
    )
    return {"shallow": shallow, "medium": blurred - shallow, "deep": 1 - blurred}


def _is_sharp(box: Box, blur: BlurMap) -> bool | None:
    """Whether the box is about as sharp as the sharpest part; None when it has no structure."""
    measurable = blur.weight > MIN_STRUCTURE
    if not measurable.any():
        return None
    inside = measurable & _cells_in(box, blur.sigma.shape)
    if inside.sum() < 4:
        return None
    best = float(np.quantile(blur.sigma[measurable], 0.1))
    return float(np.quantile(blur.sigma[inside], 0.3)) < max(SOFT_SIGMA, 1.6 * best)


def _cells_in(box: Box, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The cells whose center lies in the box."""
    rows, columns = ((np.arange(count) + 0.5) / count for count in shape)
    left, top, width, height = box
    down = (rows > top) & (rows < top + height)
    across = (columns > left) & (columns < left + width)
    return np.outer(down, across)


INPUT_SIDE: Final = 288
"""Pixels of the longer side of the network's input."""
CELL_PIXELS: Final = 8
CELLS_PER_SIDE: Final = INPUT_SIDE // CELL_PIXELS
ENERGY_LEVELS: Final = 4
"""Pyramid levels; each gives two band energies."""
INPUT_CHANNELS: Final = 4 * ENERGY_LEVELS + 1
"""Two energies of each level, their quietest decile in the picture, and a mask."""
# Energy (squared gray levels) of the rounding to whole gray levels: nothing fainter is seen.
ROUNDING_ENERGY: Final = 0.08
LOG2_DIAMETERS: Final = tuple(step / 2 for step in range(-3, 10))
"""Base 2 logarithms of the blur diameters, in pixels, at the center of each class."""


def blur_width_probabilities(pixels: Pixels) -> tuple[float, ...]:
    """The probability of each class of LOG2_DIAMETERS, averaged over the mirror image.

    pixels: a copy of at most INPUT_SIDE pixels.
    """
    seen = network_input(pixels)
    logits = packaged_session("depth_of_field.onnx").run(np.stack([seen, seen[:, ::-1]]))
    mean = cast(Map, softmax(logits).mean(axis=0))
    return tuple(float(probability) for probability in mean.round(5))


def probability_wider(probabilities: tuple[float, ...], share: float, height: int) -> float:
    """The probability that the blur is wider than this share of the height (in pixels)."""
    bound = float(np.log2(max(share * height, 1e-6)))
    edges = np.append(np.array(LOG2_DIAMETERS) - 0.25, LOG2_DIAMETERS[-1] + 0.25)
    cumulative = np.concatenate([[0.0], np.cumsum(probabilities)])
    return float(1 - np.interp(bound, edges, cumulative))


def network_input(pixels: Pixels) -> Map:
    """CELLS_PER_SIDE x CELLS_PER_SIDE x INPUT_CHANNELS: logarithms of band energies and a mask.

    What a blur takes from the fine levels it leaves in the coarse ones, whatever the contrast. A
    small picture is centered, not enlarged, since enlarging looks like blur.
    """
    height, width = pixels.shape[:2]
    grid = max(1, round(width / CELL_PIXELS)), max(1, round(height / CELL_PIXELS))
    energies = np.stack(list(_band_energies(pixels, grid)), -1).reshape(grid[1], grid[0], -1)
    quietest = np.quantile(energies, 0.1, axis=(0, 1))
    seen = np.zeros((CELLS_PER_SIDE, CELLS_PER_SIDE, INPUT_CHANNELS), np.float32)
    top, left = (CELLS_PER_SIDE - grid[1]) // 2, (CELLS_PER_SIDE - grid[0]) // 2
    inside = seen[top : top + grid[1], left : left + grid[0]]
    bands = 2 * ENERGY_LEVELS
    inside[..., :bands], inside[..., bands:-1], inside[..., -1] = energies, quietest, 1
    return seen


def _band_energies(pixels: Pixels, grid: tuple[int, int]) -> Iterator[Map]:
    """Of each level, the energy that a narrow and then a wide Gaussian remove, for each cell."""
    tone = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    for _ in range(ENERGY_LEVELS):
        narrow = cv2.GaussianBlur(tone, (0, 0), 0.8)
        wide = cv2.GaussianBlur(narrow, (0, 0), 1.0)
        for removed in (tone - narrow, narrow - wide):
            energy = cv2.resize(removed**2, grid, interpolation=cv2.INTER_AREA)
            yield cast(Map, np.log2(np.atleast_2d(energy) + ROUNDING_ENERGY) / 4)
        tone = cv2.pyrDown(wide) if min(tone.shape) > 2 else wide
