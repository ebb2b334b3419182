"""The marks of a fact on its picture, as the paths of a drawing.

The picture's longer side is 1000 units. It does not know how any of it was found or is colored.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from imagetoprompt.core.measurements import (
    Action,
    Box,
    Camera,
    Composition,
    Focus,
    Light,
    Palette,
    Subject,
    Text,
)
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.evidence.marks import BONES, JOINT

LONGER: Final = 1000
# The band of swatches covers so much of the picture's height.
BAND: Final = 0.12


@dataclass(frozen=True)
class SvgLabel:
    """Words at a place; they begin there."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class SvgBlock:
    """A filled rectangle in a color of the picture."""

    x: float
    y: float
    width: float
    height: float
    color: str


@dataclass(frozen=True)
class SvgMark:
    """What is drawn for one facet. solid, dashed, filled: path data. cover: a picture over it."""

    facet: str
    solid: str = ""
    dashed: str = ""
    filled: str = ""
    labels: tuple[SvgLabel, ...] = ()
    blocks: tuple[SvgBlock, ...] = ()
    cover: str = ""


@dataclass(frozen=True)
class DrawingSize:
    """The size of the drawing in its own units."""

    width: int
    height: int

    def box(self, box: Box) -> tuple[float, float, float, float]:
        """x, y, width and height in the drawing's units."""
        x, y, width, height = box
        return x * self.width, y * self.height, width * self.width, height * self.height


def drawing_size(size: tuple[int, int]) -> DrawingSize:
    """The drawing over a picture of that size."""
    scale = LONGER / max(size)
    return DrawingSize(round(size[0] * scale), round(size[1] * scale))


def svg_marks(scene: Scene, sharp: str = "") -> tuple[SvgMark, ...]:
    """The marks of every fact that has any; sharp: the address of the map of sharpness."""
    over = drawing_size(scene.size)
    horizon = next(
        (f.measurement.horizon for f in scene if isinstance(f.measurement, Composition)), None
    )
    return tuple(mark for fact in scene for mark in _mark(over, fact, sharp, horizon))


def _mark(over: DrawingSize, fact: Fact, sharp: str, horizon: float | None) -> Iterator[SvgMark]:
    match fact.measurement:
        case Composition() as layout:
            yield _layout(over, layout)
        case Subject() as subject:
            yield _boxed(over, fact.facet, subject.boxes, fact.value)
        case Action() as action if action.keypoints:
            yield _people(over, action)
        case Text() as text:
            yield _boxed(over, fact.facet, (text.box,), "")
        case Light(azimuth=azimuth) if azimuth is not None:
            yield _arrow(over, azimuth)
        case Palette() as palette if palette.swatches:
            yield _swatches(over, palette)
        case Camera() as camera if horizon is not None:
            yield _horizon(over, horizon, camera.roll or 0)
        case Focus() if sharp:
            yield SvgMark("focus", cover=sharp)


def _layout(over: DrawingSize, layout: Composition) -> SvgMark:
    w, h = over.width, over.height
    thirds = " ".join(f"M{w * share:.0f} 0V{h}M0 {h * share:.0f}H{w}" for share in (1 / 3, 2 / 3))
    solid = _corners(*over.box(layout.subject_box)) if layout.subject_box else ""
    horizon = layout.horizon
    if horizon is None or not 0 <= horizon <= 1:
        return SvgMark("composition", solid, thirds)
    return SvgMark("composition", f"{solid}M0 {horizon * h:.0f}H{w}", thirds)


def _corners(x: float, y: float, w: float, h: float) -> str:
    """Short strokes at the corners of a box, which leave the thing itself clear."""
    reach = 0.18 * min(w, h)
    corners = ((x, y, 1, 1), (x + w, y, -1, 1), (x, y + h, 1, -1), (x + w, y + h, -1, -1))
    return "".join(
        f"M{cx + dx * reach:.0f} {cy:.0f}H{cx:.0f}V{cy + dy * reach:.0f}"
        for cx, cy, dx, dy in corners
    )


def _boxed(over: DrawingSize, facet: str, boxes: tuple[Box, ...], words: str) -> SvgMark:
    placed = [over.box(box) for box in boxes]
    path = "".join(f"M{x:.0f} {y:.0f}h{w:.0f}v{h:.0f}h{-w:.0f}z" for x, y, w, h in placed)
    labels = (
        (SvgLabel(round(placed[0][0]), round(placed[0][1]), words),) if words and placed else ()
    )
    return SvgMark(facet, path, labels=labels)


def _people(over: DrawingSize, action: Action) -> SvgMark:
    solid, dots = "", ""
    for person in action.keypoints:
        at = [(x * over.width, y * over.height, sure >= JOINT) for x, y, sure in person]
        for start, end in BONES:
            if at[start][2] and at[end][2]:
                solid += f"M{at[start][0]:.0f} {at[start][1]:.0f}L{at[end][0]:.0f} {at[end][1]:.0f}"
        dots += "".join(_dot(x, y, 7) for x, y, sure in at if sure)
    return SvgMark("action", solid, filled=dots)


def _dot(x: float, y: float, r: int) -> str:
    return f"M{x - r:.0f} {y:.0f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"


def _arrow(over: DrawingSize, azimuth: float) -> SvgMark:
    """From the picture's edge towards its middle, the way the light falls."""
    turn = math.radians(azimuth)
    out = math.sin(turn), -math.cos(turn)
    middle = over.width / 2, over.height / 2
    reach = min(half / abs(way) if way else math.inf for half, way in zip(middle, out, strict=True))
    (sx, sy), (ex, ey) = (
        (middle[0] + out[0] * reach * share, middle[1] + out[1] * reach * share)
        for share in (0.94, 0.5)
    )
    wide, back = 26, 46
    bx, by = ex + out[0] * back, ey + out[1] * back
    head = (
        f"M{ex:.0f} {ey:.0f}L{bx - out[1] * wide:.0f} {by + out[0] * wide:.0f}"
        f"L{bx + out[1] * wide:.0f} {by - out[0] * wide:.0f}z"
    )
    return SvgMark("light", f"M{sx:.0f} {sy:.0f}L{bx:.0f} {by:.0f}", filled=head + _dot(sx, sy, 16))


def _swatches(over: DrawingSize, palette: Palette) -> SvgMark:
    whole = sum(each.area for each in palette.swatches) or 1
    height = round(BAND * over.height)
    blocks, x = [], 0.0
    for each in palette.swatches:
        width = each.area / whole * over.width
        blocks.append(
            SvgBlock(round(x, 1), over.height - height, round(width, 1), height, each.hex)
        )
        x += width
    return SvgMark("palette", blocks=tuple(blocks))


def _horizon(over: DrawingSize, horizon: float, roll: float) -> SvgMark:
    y, fall = horizon * over.height, math.tan(math.radians(roll)) * over.width / 2
    return SvgMark("camera", f"M0 {y - fall:.0f}L{over.width} {y + fall:.0f}")
