"""spell(pixels) -> (words, confidence) of one upright line of text, by PP-OCRv6's recogniser.

It does not know where the line stood.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.networks.session import scaled, session
from imagetoprompt.picture import Pixels

HEIGHT: Final = 48
"""The height in pixels of the line that the network reads."""


def spell(line: Pixels) -> tuple[str, float]:
    """The words of a line that is HEIGHT pixels high, and the mean confidence of its letters."""
    chances = session("spelling").run(scaled(line))[0]
    return _decoded(chances.argmax(1), chances.max(1))


def _decoded(best: NDArray[np.intp], sure: NDArray[np.float32]) -> tuple[str, float]:
    """Greedy CTC (Graves et al., 2006): repeats are one letter, and letter 0 is no letter."""
    new = (best != 0) & (best != np.concatenate([[0], best[:-1]]))
    if not new.any():
        return "", 0.0
    letters = _letters()
    words = "".join(letters[each] for each in best[new])
    return " ".join(words.split()), float(sure[new].mean())


@cache
def _letters() -> tuple[str, ...]:
    """The network's letters by number: no letter first, a space last."""
    return ("", *session("spelling").note("character").splitlines(), " ")
