"""spell(pixels) -> (words, confidence) of one upright line of text, by PP-OCRv6's recognizer.

It does not know where the line stood.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.images.picture import Pixels
from imagetoprompt.models.runtime import scaled, session

HEIGHT: Final = 48
"""The height in pixels of the line that the network reads."""
# Between the letters of a word the network gives a space less than 0.00001, and between words that
# it runs together from 0.026 (rendered text and posters).
GAP: Final = 0.005


def spell(line: Pixels) -> tuple[str, float]:
    """The words of a line that is HEIGHT pixels high, and the mean confidence of its letters."""
    chances = session("spelling").run(scaled(line))[0]
    best, sure = chances.argmax(1), chances.max(1)
    # Greedy CTC (Graves et al., 2006): repeats are one letter, and letter 0 is no letter.
    (places,) = np.nonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
    if not len(places):
        return "", 0.0
    letters = _letters()
    words = "".join(
        " " * _is_gap(chances[before + 1 : place]) + letters[best[place]]
        for before, place in zip([places[0], *places[:-1]], places, strict=True)
    )
    return " ".join(words.split()), float(sure[places].mean())


def _is_gap(between: NDArray[np.float32]) -> bool:
    """Whether the network half saw a space in the chances between two letters."""
    return bool((between[:, -1] > GAP).any())


@cache
def _letters() -> tuple[str, ...]:
    """The network's letters by number: no letter first, a space last."""
    return ("", *session("spelling").note("character").splitlines(), " ")
