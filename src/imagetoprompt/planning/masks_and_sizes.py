"""The mask of the region to repaint, and the margins, scale and size of the result.

Computed from boxes and sizes; no pixels are read.
"""

from math import ceil, hypot
from typing import Final

from imagetoprompt.core.measurements import Box, Subject, Text
from imagetoprompt.core.plan import FacetChange, Margins, Mask
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.errors import PlanError
from imagetoprompt.planning.facet_changes import removed_words
from imagetoprompt.planning.options import PlanOptions

# Boxes are grown by this share on each side, since a detected box may cut off a hand or an ear.
_GROWN: Final = 0.06
# A soft edge of a tenth of the box's diagonal, as Krita's diffusion plugin feathers a selection.
_FEATHER: Final = 0.1
# Aspect ratios closer than this share are the same shape: a few pixels of rounding.
_SAME_SHAPE: Final = 0.01

Reasons = dict[str, str]


def chosen_mask(
    before: Scene, after: Scene, changes: tuple[FacetChange, ...], options: PlanOptions
) -> tuple[Mask | None, Reasons]:
    """The mask of the options, else that of the subject or text that changes, with the reason."""
    if options.mask is not None:
        return options.mask, {}
    facets = {change.facet for change in changes}
    if facets not in ({"subject"}, {"text"}) or not changes[0].before:
        return None, {}
    lost = removed_words(changes[0].facet, before, after)
    boxes = tuple(box for fact in lost for box in fact_boxes(fact))
    if not boxes:
        return None, {}
    grown = tuple(_grown(box) for box in boxes)
    diagonal = max(hypot(box[2], box[3]) for box in grown)
    reason = f"Only where the picture shows {changes[0].before} is it painted anew."
    return Mask(grown, feather=round(_FEATHER * diagonal, 4)), {"mask": reason}


def fact_boxes(fact: Fact) -> tuple[Box, ...]:
    """The boxes of the fact in the picture; () when they are not known."""
    numbers = fact.measurement
    if isinstance(numbers, Subject):
        return numbers.boxes
    return (numbers.box,) if isinstance(numbers, Text) else ()


def _grown(box: Box) -> Box:
    across, down, width, height = box
    left, top = max(0.0, across - _GROWN * width), max(0.0, down - _GROWN * height)
    right = min(1.0, across + (1 + _GROWN) * width)
    bottom = min(1.0, down + (1 + _GROWN) * height)
    return (round(left, 4), round(top, 4), round(right - left, 4), round(bottom - top, 4))


def output_size(
    size: tuple[int, int], options: PlanOptions, changing: bool
) -> tuple[Margins | None, int, tuple[int, int], Reasons]:
    """Margins, scale, and width and height in pixels of the result, with reasons for the defaults.

    When nothing else changes, a requested size of another aspect ratio adds margins around the
    picture, and one of the same aspect ratio enlarges it.
    """
    if options.margins is not None:
        return options.margins, options.scale, widened_size(size, options.margins), {}
    if options.scale > 1 or options.size is None:
        return None, options.scale, _scaled(size, options.scale), {}
    if changing or options.task not in (None, "outpaint", "upscale"):
        return None, 1, options.size, {}
    return _fitted(size, options.size)


def _fitted(
    size: tuple[int, int], wanted: tuple[int, int]
) -> tuple[Margins | None, int, tuple[int, int], Reasons]:
    ratio, new = size[0] / size[1], wanted[0] / wanted[1]
    words = f"{wanted[0]} x {wanted[1]}"
    if abs(new / ratio - 1) > _SAME_SHAPE:
        margins = _beside(ratio, new)
        return (
            margins,
            1,
            wanted,
            {"margins": f"The picture stays whole, so {words} adds room around it."},
        )
    scale = ceil(wanted[0] / size[0] - _SAME_SHAPE)
    if scale <= 1:
        raise PlanError(f"{words} is not larger than the picture: give a larger size.")
    return None, scale, wanted, {"size": f"{words} has the picture's own shape, so it is enlarged."}


def _beside(ratio: float, new: float) -> Margins:
    """Equal margins on the two sides along which the new shape is longer."""
    side = round((max(new / ratio, ratio / new) - 1) / 2, 4)
    wide = new > ratio
    return Margins(
        side if wide else 0, 0 if wide else side, side if wide else 0, 0 if wide else side
    )


def widened_size(size: tuple[int, int], margins: Margins) -> tuple[int, int]:
    """The size with its margins, in whole pixels."""
    across = 1 + margins.left + margins.right
    down = 1 + margins.top + margins.bottom
    return round(size[0] * across), round(size[1] * down)


def _scaled(size: tuple[int, int], scale: int) -> tuple[int, int]:
    return size[0] * scale, size[1] * scale
