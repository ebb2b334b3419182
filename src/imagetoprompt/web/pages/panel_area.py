"""area(shown) -> where it is painted: the whole picture, a part of it, beyond its edges, or larger.

Only one of them at a time, since generators do one after the other. It knows boxes and sizes as
numbers; it does not know how a mask is painted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from imagetoprompt.core.measurements import Box
from imagetoprompt.core.plan import Margins
from imagetoprompt.core.scene import Scene
from imagetoprompt.planning.masks_and_sizes import fact_boxes, widened_size
from imagetoprompt.web.pages.panel_strength import without_names
from imagetoprompt.web.pages.urls import Pairs, address, joined, pairs
from imagetoprompt.web.pages.visit import Shown
from imagetoprompt.web.query import PageQuery

Where: TypeAlias = Literal["whole", "part", "beyond", "larger"]
SIDES: Final = ("left", "top", "right", "bottom")
# Fields of each place; choosing one forgets those of the others, and a task that goes with them.
FIELDS: Final = {"part": ("mask", "box", "feather"), "beyond": SIDES, "larger": ("scale",)}
ALL: Final = ("task", "size", *(name for names in FIELDS.values() for name in names))
SCALES: Final = (2, 4)
SHAPES: Final = ((1, 1), (4, 5), (3, 2), (16, 9), (9, 16))
# Longer sides than this are no single job; nearer shapes than this are the picture's own.
LONGEST: Final = 16_384
SAME: Final = 0.02
WIDEST: Final = 2.0
# The longer side of the drawings, in their own units.
UNITS: Final = 1000


@dataclass(frozen=True)
class Thing:
    """Something that was found in the picture: its name, its box, and where it is chosen or not."""

    facet: str
    words: str
    box: Box
    chosen: bool
    use: str


@dataclass(frozen=True)
class Shape:
    """A shape or an enlargement that one click gives: its name, its size in pixels, its address."""

    name: str
    size: tuple[int, int]
    chosen: bool
    use: str


@dataclass(frozen=True)
class Area:
    """Where it is painted. clashes: places that were asked for at once, which cannot be.

    only: for each place the address that has no other place; whole: the one without any. fields:
    those of the address without any place, for the forms. mask: the id of the painted one. marks:
    the boxes as an address has them. usual: why the plan marks a part. sheet: width and height of
    the drawings. frame: x, y, width and height of the result in them. filling: whether no new words
    are given for the part.
    """

    where: Where
    clashes: tuple[Where, ...]
    only: dict[str, str]
    fields: Pairs
    size: tuple[int, int]
    result: tuple[int, int]
    things: tuple[Thing, ...]
    mask: str
    boxes: tuple[Box, ...]
    marks: tuple[str, ...]
    feather: float
    usual: str
    margins: Margins
    sheet: tuple[int, int]
    frame: tuple[int, int, int, int]
    shapes: tuple[Shape, ...]
    scale: int
    scales: tuple[Shape, ...]
    filling: bool


def area(shown: Shown) -> Area:
    """Where what is asked for is painted."""
    wishes, scene = shown.ask.wishes, shown.scene
    places = _places(shown.ask)
    margins = wishes.margins or Margins()
    plan = shown.answer.edited.plan if shown.answer else None
    sheet = _sheet(scene.size)
    rest = without_names(pairs(shown.ask), ALL)
    return Area(
        where=places[0] if places else "whole",
        clashes=places if len(places) > 1 else (),
        only={name: _only(shown, name) for name in ("whole", *FIELDS)},
        fields=rest,
        size=scene.size,
        result=plan.size if plan else scene.size,
        things=tuple(_things(shown, rest)),
        mask=wishes.mask.source if wishes.mask else "",
        boxes=wishes.mask.boxes if wishes.mask else (),
        marks=tuple(map(_written, wishes.mask.boxes)) if wishes.mask else (),
        feather=wishes.mask.feather if wishes.mask else 0.0,
        usual=plan.reasons.get("mask", "") if plan else "",
        margins=margins,
        sheet=sheet,
        frame=_frame(sheet, margins),
        shapes=tuple(_shapes(shown, rest)),
        scale=wishes.scale,
        scales=tuple(_scales(shown, rest)),
        filling=plan is not None
        and plan.task == "inpaint"
        and not any(c.after for c in plan.changes),
    )


def _places(ask: PageQuery) -> tuple[Where, ...]:
    wishes = ask.wishes
    found: dict[Where, bool] = {
        "part": wishes.mask is not None,
        "beyond": wishes.margins is not None,
        "larger": wishes.scale > 1,
    }
    return tuple(name for name, asked in found.items() if asked)


def _only(shown: Shown, place: str) -> str:
    kept = FIELDS.get(place, ())
    gone = tuple(name for name in ALL if name not in kept)
    return address(shown.picture, without_names(pairs(shown.ask), gone))


def _things(shown: Shown, rest: Pairs) -> Iterator[Thing]:
    """What was found, and the address in which its box is added or taken away."""
    mask = shown.ask.wishes.mask
    chosen = tuple(map(_rounded, mask.boxes)) if mask else ()
    soft = (("feather", f"{mask.feather:g}"),) if mask and mask.feather else ()
    for facet, words, box in _found(shown.scene):
        among = tuple(each for each in chosen if each != box)
        boxes = among if box in chosen else (*chosen, box)
        fields = (*rest, *(("box", _written(each)) for each in boxes), *(soft if boxes else ()))
        yield Thing(facet, words, box, box in chosen, address(shown.picture, fields))


def _found(scene: Scene) -> Iterator[tuple[str, str, Box]]:
    seen = set()
    for facet in ("subject", "text"):
        for fact in scene.all(facet):
            boxes = fact_boxes(fact) if fact.said or facet == "subject" else ()
            for number, box in enumerate(map(_rounded, boxes), 1):
                if box not in seen and box[2] > 0 and box[3] > 0:
                    seen.add(box)
                    yield facet, f"{fact.value} {number}" if len(boxes) > 1 else fact.value, box


def _rounded(box: Box) -> Box:
    x, y, width, height = (round(min(1.0, max(0.0, each)), 4) for each in box)
    return x, y, width, height


def _written(box: Box) -> str:
    return ",".join(f"{each:g}" for each in box)


def _sheet(size: tuple[int, int]) -> tuple[int, int]:
    longer = max(size)
    return max(1, round(UNITS * size[0] / longer)), max(1, round(UNITS * size[1] / longer))


def _frame(sheet: tuple[int, int], margins: Margins) -> tuple[int, int, int, int]:
    width, height = widened_size(sheet, margins)
    return -round(sheet[0] * margins.left), -round(sheet[1] * margins.top), width, height


def _shapes(shown: Shown, rest: Pairs) -> Iterator[Shape]:
    """The picture whole within some usual shapes."""
    size = shown.scene.size
    for across, down in SHAPES:
        margins = fitted(size, (across, down))
        if margins is None:
            continue
        sides = ((side, f"{getattr(margins, side):g}") for side in SIDES)
        fields = joined(rest, *((s, value) for s, value in sides if value != "0"))
        chosen = margins == shown.ask.wishes.margins
        use = address(shown.picture, fields)
        yield Shape(f"{across}:{down}", widened_size(size, margins), chosen, use)


def fitted(size: tuple[int, int], shape: tuple[int, int]) -> Margins | None:
    """Equal room on two sides that gives the shape; None when the picture nearly has it."""
    ratio, new = size[0] / size[1], shape[0] / shape[1]
    side = round((max(new / ratio, ratio / new) - 1) / 2, 4)
    if abs(new / ratio - 1) < SAME or side > WIDEST:
        return None
    return Margins(left=side, right=side) if new > ratio else Margins(top=side, bottom=side)


def _scales(shown: Shown, rest: Pairs) -> Iterator[Shape]:
    width, height = shown.scene.size
    for scale in SCALES:
        if max(width, height) * scale <= LONGEST:
            use = address(shown.picture, joined(rest, ("scale", str(scale))))
            chosen = shown.ask.wishes.scale == scale
            yield Shape(str(scale), (width * scale, height * scale), chosen, use)
