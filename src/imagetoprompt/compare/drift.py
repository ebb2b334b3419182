"""Compare a reference picture with a result: which facets changed, and how similar the pixels are.

Facets are measured by the same observers that describe a picture. Pixels are compared over the
whole picture and, with a mask, inside and outside of it. `reports.compare_text` words the values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2

from imagetoprompt.compare.changes import FacetDrift, Finding, facet_drifts
from imagetoprompt.compare.similarity import Similarity, picture_differences
from imagetoprompt.core.scene import Scene
from imagetoprompt.images.filters import resized
from imagetoprompt.images.masks import editable_area
from imagetoprompt.images.picture import Picture, Source, open_picture
from imagetoprompt.pipeline import describe, same_aspect_ratio

# Below this F1 of edges the outlines of the result are visibly not those of the reference.
MIN_EDGE_F1: Final = 0.7
# Resampling alone, by two different filters, differs by less than this on average (0 to 255).
MAX_RESAMPLING_DIFFERENCE: Final = 1.5


@dataclass(frozen=True)
class Drift:
    """The differences of a result from its reference.

    size, result_size: width and height of both in pixels; a result of another size was resized to
    `size` before anything was measured. exact: True if both were compared pixel by pixel, since
    neither was resized. whole, inside, outside: pixel similarity everywhere, inside and outside the
    mask; inside and outside are None without a mask, and outside is None if the mask covers
    everything. facets: one entry for each facet that either picture has. before, after: the scenes
    that were compared. transparency_lost: True if only the reference is transparent in part.
    """

    size: tuple[int, int]
    result_size: tuple[int, int]
    exact: bool
    whole: Similarity
    inside: Similarity | None
    outside: Similarity | None
    facets: tuple[FacetDrift, ...]
    before: Scene
    after: Scene
    transparency_lost: bool = False

    @property
    def leaked(self) -> bool:
        """Whether pixels outside the mask changed by more than resampling explains."""
        if self.outside is None:
            return False
        if self.exact:
            return self.outside.largest > 0
        return self.outside.mean > MAX_RESAMPLING_DIFFERENCE

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Differences of the whole picture: size, aspect ratio, area outside the mask, outlines."""
        return tuple(_findings(self))


def compare_pictures(
    reference: Source, result: Source, /, *, mask: "Source | None" = None
) -> Drift:
    """Compare a result with its reference, over the whole picture and inside and outside a mask.

    mask: a picture of the reference's size, white where edits are allowed. Raises PictureError if
    a picture cannot be decoded, and MaskError if the mask has another size than the reference or
    is black everywhere. Text in the pictures is not read.
    """
    before, original_result = open_picture(reference), open_picture(result)
    editable = None if mask is None else editable_area(mask, before.size)
    after = _resized_to(original_result, before)
    differences = picture_differences(before, after)
    scenes = tuple(describe(picture, without=("text",)) for picture in (before, after))
    return Drift(
        size=before.size,
        result_size=original_result.size,
        exact=before.size == original_result.size,
        transparency_lost=before.alpha is not None and original_result.alpha is None,
        whole=differences.within(),
        inside=None if editable is None else differences.within(editable),
        outside=None if editable is None or editable.all() else differences.within(~editable),
        facets=facet_drifts(*scenes),
        before=scenes[0],
        after=scenes[1],
    )


def _findings(drift: Drift) -> Iterator[Finding]:
    if drift.size != drift.result_size:
        yield Finding("resized", {"from": _size(drift.result_size), "to": _size(drift.size)})
        if not same_aspect_ratio(drift.size, drift.result_size):
            yield Finding("other_aspect_ratio")
    if drift.transparency_lost:
        yield Finding("transparency_lost")
    if drift.outside is not None and drift.leaked:
        yield Finding(
            "changed_outside_mask", {"largest": drift.outside.largest, "mean": drift.outside.mean}
        )
    edges = (drift.inside or drift.whole).edges
    if edges < MIN_EDGE_F1:
        code = "outlines_moved_in_mask" if drift.inside else "outlines_moved"
        yield Finding(code, {"percent": 100 * edges})


def _resized_to(result: Picture, reference: Picture) -> Picture:
    """The result at the size of the reference."""
    if result.size == reference.size:
        return result
    pixels = result.full_size().pixels
    return Picture.from_pixels(resized(pixels, reference.size, enlarge=cv2.INTER_CUBIC))


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"
