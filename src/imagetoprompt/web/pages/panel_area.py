"""View model of what a job edits: the picture, a masked part, beyond the edges, or its size.

One of them at a time, since generators do them one after the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from imagetoprompt.core.measurements import Box
from imagetoprompt.core.plan import Margins
from imagetoprompt.core.scene import Scene
from imagetoprompt.planning.masks_and_sizes import fact_boxes, widened_size
from imagetoprompt.planning.options import MAX_MARGIN, MAX_SIDE, SIDES
from imagetoprompt.web.pages.context import PageState
from imagetoprompt.web.pages.evidence_svg import drawing_size
from imagetoprompt.web.pages.urls import Pairs, address, joined, pairs, without_names
from imagetoprompt.web.query import PageQuery

Where: TypeAlias = Literal["whole", "part", "beyond", "larger"]
# Fields of each choice; choosing one drops those of the others, and the task and size that go with
# them.
AREA_FIELDS: Final = {"part": ("mask", "box", "feather"), "beyond": SIDES, "larger": ("scale",)}
ALL_FIELDS: Final = ("task", "size", *(name for names in AREA_FIELDS.values() for name in names))
SCALES: Final = (2, 4)
ASPECT_RATIOS: Final = ((1, 1), (4, 5), (3, 2), (16, 9), (9, 16))
# A ratio that differs by less than this share is the picture's own.
MIN_RATIO_DIFFERENCE: Final = 0.02


@dataclass(frozen=True)
class DetectedRegion:
    """A subject or text that was found: its box, and the address that adds or removes it."""

    facet: str
    words: str
    box: Box
    chosen: bool
    url: str


@dataclass(frozen=True)
class SizeChoice:
    """An aspect ratio or a scale: its name, the size in pixels, and its address."""

    name: str
    size: tuple[int, int]
    chosen: bool
    url: str


@dataclass(frozen=True)
class Area:
    """What is edited.

    clashes: the choices, if more than one is made, which no engine does at once. only: for each
    choice the address without the others. fields: those of the address without any choice, for the
    forms. size, result: width and height of the picture and of the result. mask: the id of the
    painted mask, or ""; boxes: those of the mask; marks: the same as the address has them. usual:
    why the plan masks a part. drawing: size of the drawings, longer side 1000; frame: x, y, width
    and height of the result in them. filling: whether a part is filled without new words.
    """

    where: Where
    clashes: tuple[Where, ...]
    only: dict[str, str]
    fields: Pairs
    size: tuple[int, int]
    result: tuple[int, int]
    regions: tuple[DetectedRegion, ...]
    mask: str
    boxes: tuple[Box, ...]
    marks: tuple[str, ...]
    feather: float
    usual: str
    margins: Margins
    max_margin: float
    drawing: tuple[int, int]
    frame: tuple[int, int, int, int]
    shapes: tuple[SizeChoice, ...]
    scale: int
    scales: tuple[SizeChoice, ...]
    filling: bool


def area(state: PageState) -> Area:
    """The area that the page's address asks for."""
    options, scene = state.query.options, state.scene
    choices = _choices(state.query)
    margins = options.margins or Margins()
    plan = state.answer.edited.plan if state.answer else None
    canvas = drawing_size(scene.size)
    drawing = max(1, canvas.width), max(1, canvas.height)
    rest = without_names(pairs(state.query), ALL_FIELDS)
    return Area(
        where=choices[0] if choices else "whole",
        clashes=choices if len(choices) > 1 else (),
        only={name: _only(state, name) for name in ("whole", *AREA_FIELDS)},
        fields=rest,
        size=scene.size,
        result=plan.size if plan else scene.size,
        regions=tuple(_regions(state, rest)),
        mask=options.mask.source if options.mask else "",
        boxes=options.mask.boxes if options.mask else (),
        marks=tuple(map(_box_text, options.mask.boxes)) if options.mask else (),
        feather=options.mask.feather if options.mask else 0.0,
        usual=plan.reasons.get("mask", "") if plan else "",
        margins=margins,
        max_margin=MAX_MARGIN,
        drawing=drawing,
        frame=_frame(drawing, margins),
        shapes=tuple(_shapes(state, rest)),
        scale=options.scale,
        scales=tuple(_scales(state, rest)),
        filling=plan is not None
        and plan.task == "inpaint"
        and not any(change.after for change in plan.changes),
    )


def _choices(query: PageQuery) -> tuple[Where, ...]:
    made: dict[Where, bool] = {
        "part": query.options.mask is not None,
        "beyond": query.options.margins is not None,
        "larger": query.options.scale > 1,
    }
    return tuple(name for name, chosen in made.items() if chosen)


def _only(state: PageState, choice: str) -> str:
    kept = AREA_FIELDS.get(choice, ())
    dropped = tuple(name for name in ALL_FIELDS if name not in kept)
    return address(state.picture, without_names(pairs(state.query), dropped))


def _regions(state: PageState, rest: Pairs) -> Iterator[DetectedRegion]:
    """Each region, with the address in which its box is added to the mask or removed from it."""
    mask = state.query.options.mask
    chosen = tuple(map(_rounded, mask.boxes)) if mask else ()
    feather = (("feather", f"{mask.feather:g}"),) if mask and mask.feather else ()
    for facet, words, box in _detected(state.scene):
        others = tuple(other for other in chosen if other != box)
        boxes = others if box in chosen else (*chosen, box)
        mask_fields = (*(("box", _box_text(b)) for b in boxes), *(feather if boxes else ()))
        url = address(state.picture, (*rest, *mask_fields))
        yield DetectedRegion(facet, words, box, box in chosen, url)


def _detected(scene: Scene) -> Iterator[tuple[str, str, Box]]:
    """Facet, name and box of each subject and text, each box once."""
    seen = set()
    for facet in ("subject", "text"):
        for fact in scene.all(facet):
            boxes = fact_boxes(fact) if fact.said or facet == "subject" else ()
            for number, box in enumerate(map(_rounded, boxes), 1):
                if box not in seen and box[2] > 0 and box[3] > 0:
                    seen.add(box)
                    yield facet, f"{fact.value} {number}" if len(boxes) > 1 else fact.value, box


def _rounded(box: Box) -> Box:
    x, y, width, height = (round(min(1.0, max(0.0, value)), 4) for value in box)
    return x, y, width, height


def _box_text(box: Box) -> str:
    return ",".join(f"{value:g}" for value in box)


def _frame(drawing: tuple[int, int], margins: Margins) -> tuple[int, int, int, int]:
    width, height = widened_size(drawing, margins)
    return -round(drawing[0] * margins.left), -round(drawing[1] * margins.top), width, height


def _shapes(state: PageState, rest: Pairs) -> Iterator[SizeChoice]:
    """The picture extended to each usual aspect ratio."""
    size = state.scene.size
    for across, down in ASPECT_RATIOS:
        margins = margins_to_ratio(size, (across, down))
        if margins is None:
            continue
        sides = ((side, f"{getattr(margins, side):g}") for side in SIDES)
        fields = joined(rest, *((side, value) for side, value in sides if value != "0"))
        chosen = margins == state.query.options.margins
        url = address(state.picture, fields)
        yield SizeChoice(f"{across}:{down}", widened_size(size, margins), chosen, url)


def margins_to_ratio(size: tuple[int, int], ratio: tuple[int, int]) -> Margins | None:
    """Equal margins on two sides that give the ratio; None if the picture nearly has it."""
    current, target = size[0] / size[1], ratio[0] / ratio[1]
    side = round((max(target / current, current / target) - 1) / 2, 4)
    if abs(target / current - 1) < MIN_RATIO_DIFFERENCE or side > MAX_MARGIN:
        return None
    return Margins(left=side, right=side) if target > current else Margins(top=side, bottom=side)


def _scales(state: PageState, rest: Pairs) -> Iterator[SizeChoice]:
    width, height = state.scene.size
    for scale in SCALES:
        if max(width, height) * scale <= MAX_SIDE:
            url = address(state.picture, joined(rest, ("scale", str(scale))))
            chosen = state.query.options.scale == scale
            yield SizeChoice(str(scale), (width * scale, height * scale), chosen, url)
