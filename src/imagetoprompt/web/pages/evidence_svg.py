"""The evidence of each fact as SVG: paths, labels and color blocks over the picture.

Coordinates are such that the picture's longer side is 1000 units.
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
from imagetoprompt.evidence.geometry import (
    corner_strokes,
    from_direction,
    ray_points,
    scaled_box,
    skeleton,
)

LONGER_SIDE: Final = 1000
# Share of the picture's height that the band of palette colors covers.
BAND_HEIGHT: Final = 0.12


@dataclass(frozen=True)
class SvgLabel:
    """Text whose upper left corner is at x, y."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class SvgBlock:
    """A rectangle filled with a color of the picture, as hex."""

    x: float
    y: float
    width: float
    height: float
    color: str


@dataclass(frozen=True)
class SvgMark:
    """The drawing of one facet. solid, dashed, filled: path data; cover: URL of an overlay."""

    facet: str
    solid: str = ""
    dashed: str = ""
    filled: str = ""
    labels: tuple[SvgLabel, ...] = ()
    blocks: tuple[SvgBlock, ...] = ()
    cover: str = ""


@dataclass(frozen=True)
class DrawingSize:
    """Width and height of the drawing in its own units."""

    width: int
    height: int

    def box(self, box: Box) -> tuple[float, float, float, float]:
        """Scale a box of fractions to x, y, width and height in the drawing's units."""
        return scaled_box(box, self.width, self.height)


def drawing_size(size: tuple[int, int]) -> DrawingSize:
    """The drawing over a picture of that width and height."""
    scale = LONGER_SIDE / max(size)
    return DrawingSize(round(size[0] * scale), round(size[1] * scale))


def svg_marks(scene: Scene, sharpness_url: str = "") -> tuple[SvgMark, ...]:
    """The drawings of all facts that have one; sharpness_url: address of the sharpness map."""
    canvas = drawing_size(scene.size)
    horizon = next(
        (f.measurement.horizon for f in scene if isinstance(f.measurement, Composition)), None
    )
    return tuple(mark for fact in scene for mark in _mark(canvas, fact, sharpness_url, horizon))


def _mark(
    canvas: DrawingSize, fact: Fact, sharpness_url: str, horizon: float | None
) -> Iterator[SvgMark]:
    match fact.measurement:
        case Composition() as composition:
            yield _composition(canvas, composition)
        case Subject() as subject:
            yield _boxes(canvas, fact.facet, subject.boxes, fact.value)
        case Action() as action if action.keypoints:
            yield _skeletons(canvas, action)
        case Text() as text:
            yield _boxes(canvas, fact.facet, (text.box,), "")
        case Light(azimuth=azimuth) if azimuth is not None:
            yield _light_arrow(canvas, azimuth)
        case Palette() as palette if palette.swatches:
            yield _palette_band(canvas, palette)
        case Camera() as camera if horizon is not None:
            yield _horizon(canvas, horizon, camera.roll or 0)
        case Focus() if sharpness_url:
            yield SvgMark("focus", cover=sharpness_url)


def _composition(canvas: DrawingSize, composition: Composition) -> SvgMark:
    """Lines of thirds, the corners of the subject's box, and the horizon."""
    w, h = canvas.width, canvas.height
    thirds = " ".join(f"M{w * share:.0f} 0V{h}M0 {h * share:.0f}H{w}" for share in (1 / 3, 2 / 3))
    box, horizon = composition.subject_box, composition.horizon
    corners = _corners(canvas.box(box)) if box else ""
    if horizon is None or not 0 <= horizon <= 1:
        return SvgMark("composition", corners, thirds)
    return SvgMark("composition", f"{corners}M0 {horizon * h:.0f}H{w}", thirds)


def _corners(box: Box) -> str:
    return "".join(
        f"M{end[0]:.0f} {corner[1]:.0f}H{corner[0]:.0f}V{other_end[1]:.0f}"
        for end, corner, other_end in corner_strokes(box)
    )


def _boxes(canvas: DrawingSize, facet: str, boxes: tuple[Box, ...], words: str) -> SvgMark:
    scaled = [canvas.box(box) for box in boxes]
    path = "".join(f"M{x:.0f} {y:.0f}h{w:.0f}v{h:.0f}h{-w:.0f}z" for x, y, w, h in scaled)
    if not words or not scaled:
        return SvgMark(facet, path)
    x, y, *_ = scaled[0]
    return SvgMark(facet, path, labels=(SvgLabel(round(x), round(y), words),))


def _skeletons(canvas: DrawingSize, action: Action) -> SvgMark:
    """Bones between confident key points, and a dot on each key point."""
    bones, dots = "", ""
    for person in action.keypoints:
        joints, pairs = skeleton(person, canvas.width, canvas.height)
        bones += "".join(f"M{a[0]:.0f} {a[1]:.0f}L{b[0]:.0f} {b[1]:.0f}" for a, b in pairs)
        dots += "".join(_dot(x, y, 7) for x, y in joints)
    return SvgMark("action", bones, filled=dots)


def _dot(x: float, y: float, r: int) -> str:
    return f"M{x - r:.0f} {y:.0f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"


def _light_arrow(canvas: DrawingSize, azimuth: float) -> SvgMark:
    """An arrow from the picture's edge towards its middle, the way the light falls."""
    out = from_direction(azimuth)
    (sx, sy), (ex, ey) = ray_points(azimuth, canvas.width, canvas.height, (0.94, 0.5))
    half_width, length = 26, 46
    bx, by = ex + out[0] * length, ey + out[1] * length
    head = (
        f"M{ex:.0f} {ey:.0f}L{bx - out[1] * half_width:.0f} {by + out[0] * half_width:.0f}"
        f"L{bx + out[1] * half_width:.0f} {by - out[0] * half_width:.0f}z"
    )
    shaft = f"M{sx:.0f} {sy:.0f}L{bx:.0f} {by:.0f}"
    return SvgMark("light", shaft, filled=head + _dot(sx, sy, 16))


def _palette_band(canvas: DrawingSize, palette: Palette) -> SvgMark:
    """The colors side by side along the bottom, as wide as their share of the area."""
    total = sum(swatch.area for swatch in palette.swatches) or 1
    height = round(BAND_HEIGHT * canvas.height)
    y = canvas.height - height
    blocks, x = [], 0.0
    for swatch in palette.swatches:
        width = swatch.area / total * canvas.width
        blocks.append(SvgBlock(round(x, 1), y, round(width, 1), height, swatch.hex))
        x += width
    return SvgMark("palette", blocks=tuple(blocks))


def _horizon(canvas: DrawingSize, horizon: float, roll: float) -> SvgMark:
    y, fall = horizon * canvas.height, math.tan(math.radians(roll)) * canvas.width / 2
    return SvgMark("camera", f"M0 {y - fall:.0f}L{canvas.width} {y + fall:.0f}")
