"""compare(reference, result) -> Drift: what kept and what moved between a picture and its result.

By facet with the meters that describe pictures, and pixel by pixel inside and outside a mask. It
does not know which picture is better.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.compare.changes import Move, moves
from imagetoprompt.compare.similarity import Likeness, Marked, differences
from imagetoprompt.core.scene import Scene
from imagetoprompt.errors import MaskError
from imagetoprompt.images.picture import Picture, Source, open_picture
from imagetoprompt.pipeline import describe

__all__ = ["Drift", "Likeness", "Move", "compare"]

VERSION: Final = 1
# Under this, the outlines of the reference are plainly no longer those of the result.
EDGES: Final = 0.7
# Two ways of shrinking one picture differ by less than this on average, of 255.
RESIZED: Final = 1.5
# Aspects further apart than this share are another crop; nearer ones come of rounding to multiples.
ASPECT: Final = 0.03


@dataclass(frozen=True)
class Drift:
    """What moved from the reference to the result.

    size, result_size: width and height of both in pixels; a result of another size was resized back
    before anything was measured. exact: whether both were compared pixel by pixel, neither resized
    nor, as very large pictures are, opened at reduced scale. whole, inside, outside: how alike the
    pixels are everywhere, inside and outside the mask; the last two are None without a mask, and
    outside is None when the mask covers all. moves: one for each facet. before, after: the scenes
    that were compared.
    """

    size: tuple[int, int]
    result_size: tuple[int, int]
    exact: bool
    whole: Likeness
    inside: Likeness | None
    outside: Likeness | None
    moves: tuple[Move, ...]
    before: Scene
    after: Scene

    @property
    def leaked(self) -> bool:
        """Whether it changed outside the mask, beyond what resizing does."""
        if self.outside is None:
            return False
        return self.outside.largest > 0 if self.exact else self.outside.mean > RESIZED

    @property
    def words(self) -> tuple[str, ...]:
        """One sentence for each thing that moved; none when nothing did."""
        return tuple(_words(self))

    def to_json(self) -> dict[str, object]:
        """The drift as JSON values."""
        parts = {"whole": self.whole, "inside": self.inside, "outside": self.outside}
        return {
            "version": VERSION,
            "size": list(self.size),
            "result_size": list(self.result_size),
            "exact": self.exact,
            "resized": self.size != self.result_size,
            "likeness": {name: part and part.to_json() for name, part in parts.items()},
            "facets": [move.to_json() for move in self.moves],
            "words": list(self.words),
        }


def compare(reference: Source, result: Source, /, *, mask: "Source | None" = None) -> Drift:
    """What moved from the reference to the result; `mask` is a picture, white where it may change.

    PictureError when one of them is no picture; MaskError when the mask has another size than the
    reference, or marks nothing. The words in the pictures are not read.
    """
    before, given = open_picture(reference), open_picture(result)
    marked = None if mask is None else _marked(open_picture(mask), before)
    after = _resized(given, before)
    found = differences(before, after)
    scenes = tuple(describe(each, without=("text",)) for each in (before, after))
    return Drift(
        size=before.size,
        result_size=given.size,
        exact=_pixels(before) == before.size == given.size == _pixels(given),
        whole=found.within(),
        inside=None if marked is None else found.within(marked),
        outside=None if marked is None or marked.all() else found.within(~marked),
        moves=moves(*scenes),
        before=scenes[0],
        after=scenes[1],
    )


def _marked(mask: Picture, picture: Picture) -> Marked:
    """Where the mask is white, at the size of the picture's pixels."""
    if mask.size != picture.size:
        raise MaskError(
            f"The mask is {_times(mask.size)} pixels and the picture {_times(picture.size)}: "
            "give a mask of the picture's size."
        )
    gray = cv2.cvtColor(mask.pixels, cv2.COLOR_RGB2GRAY)
    marked: Marked = _scaled(gray, picture.pixels) > 127
    if not marked.any():
        raise MaskError("The mask marks nothing: paint white where the picture may change.")
    return marked


def _resized(result: Picture, reference: Picture) -> Picture:
    """The result with as many pixels as the reference."""
    if result.pixels.shape == reference.pixels.shape:
        return result
    pixels = _scaled(result.pixels, reference.pixels)
    pixels.setflags(write=False)
    return replace(open_picture(pixels), pixels=pixels, size=reference.size)


def _pixels(picture: Picture) -> tuple[int, int]:
    return picture.pixels.shape[1], picture.pixels.shape[0]


def _scaled(values: NDArray[np.uint8], like: NDArray[np.uint8]) -> NDArray[np.uint8]:
    size = like.shape[1], like.shape[0]
    if values.shape[1::-1] == size:
        return values
    smaller = values.shape[1] > size[0]
    kernel = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(values, size, interpolation=kernel), np.uint8)


def _words(drift: Drift) -> Iterator[str]:
    if drift.size != drift.result_size:
        yield from _sizes(drift)
    if drift.outside is not None and drift.leaked:
        yield (
            f"Outside the mask it changed by up to {drift.outside.largest} of 255, "
            f"{drift.outside.mean:g} on average."
        )
    part = drift.inside or drift.whole
    if part.edges < EDGES:
        where = " inside the mask" if drift.inside else ""
        yield f"The outlines{where} moved: {100 * part.edges:.0f} % of the edges agree."
    yield from (move.words for move in drift.moves if move.moved)


def _sizes(drift: Drift) -> Iterator[str]:
    yield (
        f"The result is {_times(drift.result_size)} pixels and was resized to "
        f"{_times(drift.size)} to compare."
    )
    one, other = (width / height for width, height in (drift.size, drift.result_size))
    if abs(one / other - 1) > ASPECT:
        yield "It has another shape, so that everything is also stretched or cropped."


def _times(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"
