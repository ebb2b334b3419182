"""repetition(picture): whether the same thing comes again at regular steps all over the picture.

It does not know what is repeated.
"""

from typing import Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Picture

Map: TypeAlias = NDArray[np.float32]

SIDE: Final = 128
# Steps shorter than this are grain, longer than a third of the picture are chance.
SHORTEST: Final = 6
LONGEST: Final = 43


def repetition(picture: Picture) -> float:
    """0 to 1: the correlation of the picture with itself moved by its best step."""
    return picture.once("repetition", lambda: _repetition(picture.at(256)))


def _repetition(pixels: NDArray[np.uint8]) -> float:
    tone = cv2.resize(
        cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (SIDE, SIDE), interpolation=cv2.INTER_AREA
    )
    fine = tone.astype(np.float32)
    fine -= cv2.GaussianBlur(fine, (0, 0), SIDE / 12)
    halves = fine[:, : SIDE // 2], fine[:, SIDE // 2 :], fine[: SIDE // 2], fine[SIDE // 2 :]
    if min(float(half.std()) for half in halves) < 2.0:
        return 0.0
    return round(max(0.0, min(_best_step(fine / fine.std()), 0.95)), 4)


def _best_step(values: Map) -> float:
    """The highest correlation at a step, past the first dip of the same direction."""
    padded = np.zeros((2 * SIDE, 2 * SIDE), np.float32)
    padded[:SIDE, :SIDE] = values
    power = np.abs(np.fft.rfft2(padded)) ** 2
    same = np.fft.irfft2(power)
    along = SIDE - np.minimum(np.arange(2 * SIDE), 2 * SIDE - np.arange(2 * SIDE))
    seen = np.outer(along, along).clip(1).astype(np.float32)
    scale = seen * max(float(same[0, 0]) / SIDE**2, 1e-9)
    likeness = cast(Map, np.fft.fftshift(same / scale))
    return max(_after_dip(likeness, turn) for turn in np.arange(0, np.pi, np.pi / 24))


def _after_dip(likeness: Map, turn: float) -> float:
    steps = np.arange(1, LONGEST)
    rows = np.rint(SIDE + steps * np.sin(turn)).astype(int)
    columns = np.rint(SIDE + steps * np.cos(turn)).astype(int)
    along = cast(Map, likeness[rows, columns])
    dip = int(np.argmax(along < 0.1)) if (along < 0.1).any() else len(along)
    rest = along[max(dip, SHORTEST) :]
    return float(rest.max()) if len(rest) else 0.0
