"""Symmetry, balance, repetition and empty space: how a picture is laid out as a whole.

It does not know what is in it.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.subject_detection import MainSubject
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import find_key_points

Map: TypeAlias = NDArray[np.float32]

SYMMETRY_SIDE: Final = 64
ANALYSIS_SIDE: Final = 256
CELLS_ON_LONGER_SIDE: Final = 24
# Mean slope (CIELAB units a pixel) of a cell below which it is empty: a sky, a wall, blurred grass.
MAX_EMPTY_SLOPE: Final = 1.0
# An axis of symmetry may be so far from the middle, in shares of the width.
MAX_AXIS_OFFSET: Final = 0.04


def symmetry(picture: Picture) -> float:
    """How alike the left and the mirrored right half are, 0 to 1.

    The correlation of the picture with its mirror image, what every row has in common taken off,
    since a plain sky over plain ground is no symmetry; in lightness and in edges.
    """
    return picture.once("symmetry", lambda: _symmetry(picture))


def _symmetry(picture: Picture) -> float:
    small = cv2.resize(
        picture.at(ANALYSIS_SIDE), (SYMMETRY_SIDE, SYMMETRY_SIDE), interpolation=cv2.INTER_AREA
    )
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab = cv2.GaussianBlur(lab, (0, 0), 1.0)
    edges = np.abs(cv2.Sobel(lab[..., 0], cv2.CV_32F, 1, 0, ksize=3))
    reach = round(MAX_AXIS_OFFSET * SYMMETRY_SIDE)
    shifts = range(-2 * reach, 2 * reach + 1, 2)
    best = max(
        0.6 * _mirrored(lab, shift) + 0.4 * _mirrored(edges[..., None], shift) for shift in shifts
    )
    return round(max(0.0, best), 4)


def _mirrored(values: Map, shift: int) -> float:
    """Correlation with the mirror image about an axis `shift` half columns off the middle."""
    part = values[:, max(0, shift) : SYMMETRY_SIDE + min(0, shift)]
    part = part - part.mean(axis=1, keepdims=True)
    energy = float((part**2).sum()) + 20.0 * part.size / 64
    return cast(float, float((part * part[:, ::-1]).sum()) / energy)


@dataclass(frozen=True)
class NegativeSpace:
    """The largest part in which nothing happens.

    share: of the area. where: "on the left", "on the right", "above", "below", or "" when it is
    all around.
    """

    share: float
    where: str


def negative_space(picture: Picture) -> NegativeSpace:
    """The largest connected part without structure."""
    return picture.once("negative_space", lambda: _emptiest(picture.at(ANALYSIS_SIDE)))


def _emptiest(pixels: NDArray[np.uint8]) -> NegativeSpace:
    empty = _empty(pixels)
    count, _, stats, centers = cv2.connectedComponentsWithStats(empty, connectivity=4)
    if count < 2:
        return NegativeSpace(0.0, "")
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    share = float(stats[largest, cv2.CC_STAT_AREA]) / empty.size
    across = centers[largest][0] / max(1, empty.shape[1] - 1) - 0.5
    down = centers[largest][1] / max(1, empty.shape[0] - 1) - 0.5
    return NegativeSpace(round(share, 4), _where(float(across), float(down)))


def _where(across: float, down: float) -> str:
    """In words, when the middle of the space lies clearly to one side."""
    if max(abs(across), abs(down)) < 0.1:
        return ""
    if abs(across) >= abs(down):
        return "on the left" if across < 0 else "on the right"
    return "above" if down < 0 else "below"


def _empty(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 where nothing happens; 24 cells on the longer side."""
    height, width = pixels.shape[:2]
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    slopes = [cv2.Sobel(lab, cv2.CV_32F, 1 - down, down, ksize=3, scale=1 / 8) for down in (0, 1)]
    change = np.sqrt(sum(np.einsum("ijk,ijk->ij", slope, slope) for slope in slopes))
    scale = CELLS_ON_LONGER_SIDE / max(height, width)
    grid = max(1, round(width * scale)), max(1, round(height * scale))
    cells = cv2.resize(change, grid, interpolation=cv2.INTER_AREA)
    return cast(NDArray[np.uint8], (cells < MAX_EMPTY_SLOPE).astype(np.uint8))


Map2: TypeAlias = NDArray[np.float32]

REPETITION_SIDE: Final = 128
# Steps shorter than this are grain, longer than a third of the picture are chance.
MIN_REPEAT_STEP: Final = 6
MAX_REPEAT_STEP: Final = 43


def repetition(picture: Picture) -> float:
    """0 to 1: the correlation of the picture with itself moved by its best step."""
    return picture.once("repetition", lambda: _correlated(picture.at(256)))


def _correlated(pixels: NDArray[np.uint8]) -> float:
    tone = cv2.resize(
        cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY),
        (REPETITION_SIDE, REPETITION_SIDE),
        interpolation=cv2.INTER_AREA,
    )
    fine = tone.astype(np.float32)
    fine -= cv2.GaussianBlur(fine, (0, 0), REPETITION_SIDE / 12)
    halves = (
        fine[:, : REPETITION_SIDE // 2],
        fine[:, REPETITION_SIDE // 2 :],
        fine[: REPETITION_SIDE // 2],
        fine[REPETITION_SIDE // 2 :],
    )
    if min(float(half.std()) for half in halves) < 2.0:
        return 0.0
    return round(max(0.0, min(_best_step(fine / fine.std()), 0.95)), 4)


def _best_step(values: Map2) -> float:
    """The highest correlation at a step, past the first dip of the same direction."""
    padded = np.zeros((2 * REPETITION_SIDE, 2 * REPETITION_SIDE), np.float32)
    padded[:REPETITION_SIDE, :REPETITION_SIDE] = values
    power = np.abs(np.fft.rfft2(padded)) ** 2
    same = np.fft.irfft2(power)
    along = REPETITION_SIDE - np.minimum(
        np.arange(2 * REPETITION_SIDE), 2 * REPETITION_SIDE - np.arange(2 * REPETITION_SIDE)
    )
    seen = np.outer(along, along).clip(1).astype(np.float32)
    scale = seen * max(float(same[0, 0]) / REPETITION_SIDE**2, 1e-9)
    likeness = cast(Map2, np.fft.fftshift(same / scale))
    return max(_after_dip(likeness, turn) for turn in np.arange(0, np.pi, np.pi / 24))


def _after_dip(likeness: Map2, turn: float) -> float:
    steps = np.arange(1, MAX_REPEAT_STEP)
    rows = np.rint(REPETITION_SIDE + steps * np.sin(turn)).astype(int)
    columns = np.rint(REPETITION_SIDE + steps * np.cos(turn)).astype(int)
    along = cast(Map2, likeness[rows, columns])
    dip = int(np.argmax(along < 0.1)) if (along < 0.1).any() else len(along)
    rest = along[max(dip, MIN_REPEAT_STEP) :]
    return float(rest.max()) if len(rest) else 0.0


# Pairs of COCO key points: a joint counts as seen when either side is.
SHOULDERS: Final = (5, 6)
HIPS: Final = (11, 12)
KNEES: Final = (13, 14)
ANKLES: Final = (15, 16)
MIN_JOINT_CONFIDENCE: Final = 0.35

# Height of a whole person in the picture at which "wide" becomes "full", and "extreme wide" "wide".
FULL_SHOT_HEIGHT: Final = 0.62
WIDE_SHOT_HEIGHT: Final = 0.18
# Longer side of the box of a thing, and the word from there up.
SHOT_SIZES_OF_THINGS: Final = (
    (0.85, "close-up"),
    (0.5, "medium"),
    (0.15, "wide"),
    (0.0, "extreme wide"),
)

# A thing that three edges of the picture cut is a close-up for certain: the whole of it is larger.
MIN_EDGES_CUT: Final = 3
EDGE_MARGIN: Final = 0.03


@dataclass(frozen=True)
class ShotSize:
    """The size of a shot, and how sure it is (0 to 1).

    name: "extreme close-up", "close-up", "medium close-up", "medium", "full", "wide" or "extreme
    wide".
    """

    name: str
    confidence: float


def shot_size(picture: Picture, main: MainSubject | None) -> ShotSize:
    """The size of shot of the subject; without one, a wide shot that nothing is sure of."""
    if main is None:
        return ShotSize("wide", 0.0)
    if main.person:
        return _of_person(picture, main)
    size = max(main.box[2], main.box[3])
    name = next(word for limit, word in SHOT_SIZES_OF_THINGS if size >= limit)
    if main.told_by == "detector" and name == "close-up" and _cuts(main) >= MIN_EDGES_CUT:
        return ShotSize(name, 0.9 * main.confidence)
    return ShotSize(name, 0.7 * main.confidence if main.told_by == "detector" else 0.3)


def _cuts(main: MainSubject) -> int:
    """How many edges of the picture the box touches."""
    x, y, width, height = main.box
    return sum(gap <= EDGE_MARGIN for gap in (x, y, 1 - x - width, 1 - y - height))


def _of_person(picture: Picture, main: MainSubject) -> ShotSize:
    points = find_key_points(picture, main.box)
    seen = {joint: _visible(points, joint) for joint in (SHOULDERS, HIPS, KNEES, ANKLES)}
    tall = main.box[3]
    cut = main.box[1] + tall > 0.97
    if (seen[ANKLES] and not cut) or (tall < 0.45 and not cut):
        name = (
            "full"
            if tall >= FULL_SHOT_HEIGHT
            else "wide"
            if tall >= WIDE_SHOT_HEIGHT
            else "extreme wide"
        )
        return ShotSize(name, 0.85 * main.confidence + 0.1)
    if seen[KNEES] or seen[HIPS]:
        return ShotSize("medium", 0.8 * main.confidence)
    if seen[SHOULDERS]:
        return ShotSize("medium close-up" if tall < 0.8 else "close-up", 0.7 * main.confidence)
    return ShotSize("close-up", 0.5 * main.confidence)


def _visible(points: tuple[tuple[float, float, float], ...], joint: tuple[int, int]) -> bool:
    return any(points[each][2] >= MIN_JOINT_CONFIDENCE and points[each][1] < 0.98 for each in joint)
