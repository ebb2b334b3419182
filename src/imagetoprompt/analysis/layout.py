"""Layout of the whole picture: symmetry, empty space, repetition, and the size of the shot."""

from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis.subject_detection import MainSubject
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import KeyPoints, find_key_points

Map: TypeAlias = NDArray[np.float32]

ANALYSIS_SIDE: Final = 256
SYMMETRY_SIDE: Final = 64
# How far the axis of symmetry may be from the middle, as a share of the width.
MAX_AXIS_OFFSET: Final = 0.04


def symmetry(picture: Picture) -> float:
    """How alike the left and the mirrored right half are, 0 to 1, in lightness and in edges.

    The correlation of the picture with its mirror image, less what every pixel of a row has in
    common: a plain sky over plain ground is no symmetry.
    """
    return picture.once("symmetry", _symmetry, picture.at(ANALYSIS_SIDE))


def _symmetry(pixels: NDArray[np.uint8]) -> float:
    size = SYMMETRY_SIDE, SYMMETRY_SIDE
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab = cv2.GaussianBlur(lab, (0, 0), 1.0)
    edges = np.abs(cv2.Sobel(lab[..., 0], cv2.CV_32F, 1, 0, ksize=3))[..., None]
    reach = round(MAX_AXIS_OFFSET * SYMMETRY_SIDE)
    shifts = range(-2 * reach, 2 * reach + 1, 2)
    best = max(
        0.6 * _mirror_correlation(lab, shift) + 0.4 * _mirror_correlation(edges, shift)
        for shift in shifts
    )
    return round(max(0.0, best), 4)


def _mirror_correlation(values: Map, shift: int) -> float:
    """Correlation with the mirror image about an axis `shift` half columns off the middle."""
    part = values[:, max(0, shift) : SYMMETRY_SIDE + min(0, shift)]
    part = part - part.mean(axis=1, keepdims=True)
    energy = float((part**2).sum()) + 20.0 * part.size / 64
    return cast(float, float((part * part[:, ::-1]).sum()) / energy)


# Cells of the grid on the longer side.
GRID_CELLS: Final = 24
# Mean slope (CIELAB units per pixel) below which a cell is empty: a sky, a wall, blurred grass.
MAX_EMPTY_SLOPE: Final = 1.0


@dataclass(frozen=True)
class NegativeSpace:
    """The largest part without structure.

    share: of the area. where: "on the left", "on the right", "above", "below", or "" when it is
    all around.
    """

    share: float
    where: str


def negative_space(picture: Picture) -> NegativeSpace:
    """The largest connected part without structure."""
    empty = _empty_cells(picture.at(ANALYSIS_SIDE))
    count, _, stats, centers = cv2.connectedComponentsWithStats(empty, connectivity=4)
    if count < 2:
        return NegativeSpace(0.0, "")
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    share = float(stats[largest, cv2.CC_STAT_AREA]) / empty.size
    across = centers[largest][0] / max(1, empty.shape[1] - 1) - 0.5
    down = centers[largest][1] / max(1, empty.shape[0] - 1) - 0.5
    return NegativeSpace(round(share, 4), _side(float(across), float(down)))


def _side(across: float, down: float) -> str:
    """The side in words when the center (-0.5 to 0.5 from the middle) clearly lies to one."""
    if max(abs(across), abs(down)) < 0.1:
        return ""
    if abs(across) >= abs(down):
        return "on the left" if across < 0 else "on the right"
    return "above" if down < 0 else "below"


def _empty_cells(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 for cells without structure, else 0."""
    height, width = pixels.shape[:2]
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    slopes = [cv2.Sobel(lab, cv2.CV_32F, 1 - down, down, ksize=3, scale=1 / 8) for down in (0, 1)]
    change = np.sqrt(sum(np.einsum("ijk,ijk->ij", slope, slope) for slope in slopes))
    scale = GRID_CELLS / max(height, width)
    grid = max(1, round(width * scale)), max(1, round(height * scale))
    cells = cv2.resize(change, grid, interpolation=cv2.INTER_AREA)
    return cast(NDArray[np.uint8], (cells < MAX_EMPTY_SLOPE).astype(np.uint8))


REPETITION_SIDE: Final = 128
# Shorter steps, in pixels, are grain; those longer than a third of the picture are chance.
MIN_REPEAT_STEP: Final = 6
MAX_REPEAT_STEP: Final = 43


def repetition(picture: Picture) -> float:
    """Whether something repeats at regular steps all over the picture, 0 to 1.

    The autocorrelation of the picture at its best step.
    """
    gray = cv2.cvtColor(picture.at(ANALYSIS_SIDE), cv2.COLOR_RGB2GRAY)
    size = REPETITION_SIDE, REPETITION_SIDE
    detail = cv2.resize(gray, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    detail -= cv2.GaussianBlur(detail, (0, 0), REPETITION_SIDE / 12)
    middle = REPETITION_SIDE // 2
    halves = detail[:, :middle], detail[:, middle:], detail[:middle], detail[middle:]
    if min(float(half.std()) for half in halves) < 2.0:
        return 0.0
    return round(max(0.0, min(_best_correlation(detail / detail.std()), 0.95)), 4)


def _best_correlation(values: Map) -> float:
    """The highest autocorrelation of any direction, past the first dip in that direction."""
    double = 2 * REPETITION_SIDE
    padded = np.zeros((double, double), np.float32)
    padded[:REPETITION_SIDE, :REPETITION_SIDE] = values
    power = np.abs(np.fft.rfft2(padded)) ** 2
    products = np.fft.irfft2(power)
    steps = np.arange(double)
    overlap = REPETITION_SIDE - np.minimum(steps, double - steps)
    area = np.outer(overlap, overlap).clip(1).astype(np.float32)
    scale = area * max(float(products[0, 0]) / REPETITION_SIDE**2, 1e-9)
    correlation = cast(Map, np.fft.fftshift(products / scale))
    return max(_after_dip(correlation, turn) for turn in np.arange(0, np.pi, np.pi / 24))


def _after_dip(correlation: Map, turn: float) -> float:
    """The highest value in one direction (radians) after the correlation has fallen to 0.1."""
    steps = np.arange(1, MAX_REPEAT_STEP)
    rows = np.rint(REPETITION_SIDE + steps * np.sin(turn)).astype(int)
    columns = np.rint(REPETITION_SIDE + steps * np.cos(turn)).astype(int)
    along = cast(Map, correlation[rows, columns])
    dip = int(np.argmax(along < 0.1)) if (along < 0.1).any() else len(along)
    rest = along[max(dip, MIN_REPEAT_STEP) :]
    return float(rest.max()) if len(rest) else 0.0


# Pairs of COCO key points: a joint counts as seen when either side is.
SHOULDERS: Final = (5, 6)
HIPS: Final = (11, 12)
KNEES: Final = (13, 14)
ANKLES: Final = (15, 16)
MIN_JOINT_CONFIDENCE: Final = 0.35
# Height of a whole person, as a share of the picture's, from which a shot is full or wide.
MIN_FULL_HEIGHT: Final = 0.62
MIN_WIDE_HEIGHT: Final = 0.18
# Longer side of a thing's box, from which its shot has that name.
THING_SHOTS: Final = ((0.85, "close-up"), (0.5, "medium"), (0.15, "wide"), (0.0, "extreme wide"))
# A thing cut by this many edges of the picture is surely a close-up: it is larger than the picture.
MIN_EDGES_CUT: Final = 3
EDGE_MARGIN: Final = 0.03


@dataclass(frozen=True)
class ShotSize:
    """How much of the subject is in the picture, in the terms of film; confidence 0 to 1.

    name: "close-up", "medium close-up", "medium", "full", "wide" or "extreme wide".
    """

    name: str
    confidence: float


def shot_size(picture: Picture, main: MainSubject | None) -> ShotSize:
    """The shot size: a person's by the visible joints, a thing's by its box.

    Without a subject it is a wide shot of confidence 0.
    """
    if main is None:
        return ShotSize("wide", 0.0)
    if main.is_person:
        return _person_shot(find_key_points(picture, main.box), main)
    size = max(main.box[2], main.box[3])
    name = next(word for limit, word in THING_SHOTS if size >= limit)
    if main.source == "detector" and name == "close-up" and _edges_cut(main) >= MIN_EDGES_CUT:
        return ShotSize(name, 0.9 * main.confidence)
    return ShotSize(name, 0.7 * main.confidence if main.source == "detector" else 0.3)


def _edges_cut(main: MainSubject) -> int:
    """How many edges of the picture the box touches."""
    x, y, width, height = main.box
    return sum(gap <= EDGE_MARGIN for gap in (x, y, 1 - x - width, 1 - y - height))


def _person_shot(points: KeyPoints, main: MainSubject) -> ShotSize:
    height = main.box[3]
    is_cut = main.box[1] + height > 0.97
    if not is_cut and (height < 0.45 or _is_visible(points, ANKLES)):
        wide = "wide" if height >= MIN_WIDE_HEIGHT else "extreme wide"
        name = "full" if height >= MIN_FULL_HEIGHT else wide
        return ShotSize(name, 0.85 * main.confidence + 0.1)
    if _is_visible(points, KNEES) or _is_visible(points, HIPS):
        return ShotSize("medium", 0.8 * main.confidence)
    if _is_visible(points, SHOULDERS):
        return ShotSize("medium close-up" if height < 0.8 else "close-up", 0.7 * main.confidence)
    return ShotSize("close-up", 0.5 * main.confidence)


def _is_visible(points: KeyPoints, joint: tuple[int, int]) -> bool:
    return any(points[i][2] >= MIN_JOINT_CONFIDENCE and points[i][1] < 0.98 for i in joint)
