"""Measurements behind facts: one frozen dataclass for each facet, to and from JSON.

Field names and units are part of the public JSON format.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Final, Literal, TypeAlias

from imagetoprompt.errors import SceneError

Box: TypeAlias = tuple[float, float, float, float]
"""x, y, width, height as fractions of the upright picture."""
HEX_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}\b")


@dataclass(frozen=True)
class Light:
    """Where the light comes from and what it is like.

    azimuth: degrees in the picture plane that the light comes FROM, clockwise from straight above
    (0 above, 90 right, 180 below, 270 left); None when not determined. frontal: 1 from the
    camera, 0 from the side, -1 from behind the subject. hardness: 0 overcast, 1 bare bulb or sun.
    contrast: 0 to 1. kelvin of the light's cast, 2000 (candle) to 12000 (blue shade).
    """

    azimuth: float | None
    frontal: float
    hardness: float
    contrast: float
    key: Literal["high", "mid", "low"]
    kelvin: float


@dataclass(frozen=True)
class Swatch:
    """One color of the palette: sRGB hex as #RRGGBB, its plain name, its share of the area."""

    hex: str
    name: str
    area: float
    accent: bool = False


def hex_codes(text: str, /) -> tuple[str, ...]:
    """The hex colors in a text as uppercase #RRGGBB, without repeats, in their order."""
    return tuple(dict.fromkeys(code.upper() for code in HEX_COLOR.findall(text)))


@dataclass(frozen=True)
class Palette:
    """At most eight swatches by area; temperature -1 cool to 1 warm; saturation 0 to 1."""

    swatches: tuple[Swatch, ...]
    scheme: str
    temperature: float
    saturation: float


@dataclass(frozen=True)
class Focus:
    """What is sharp and what moves.

    sharp: share of the area. motion: 0 to 1. motion_angle: degrees, 0 along the horizontal,
    counter-clockwise, below 180; None when nothing moves.
    """

    depth_of_field: Literal["shallow", "medium", "deep"]
    sharp: float
    subject_sharp: bool | None
    motion: float
    motion_angle: float | None


@dataclass(frozen=True)
class Composition:
    """How the picture is laid out; `horizon` is a fraction from the top; symmetry 0 to 1."""

    shot: str
    layout: tuple[str, ...]
    subject_box: Box | None
    horizon: float | None
    symmetry: float


@dataclass(frozen=True)
class Camera:
    """How it was taken; None is unknown.

    roll: degrees, positive when the horizon falls to the right. focal_length: mm, 35 mm equivalent.
    aperture: f-number. shutter: seconds.
    """

    angle: Literal["overhead", "high", "eye level", "low", "worm's eye"] | None = None
    roll: float | None = None
    focal_length: float | None = None
    aperture: float | None = None
    shutter: float | None = None
    iso: int | None = None


@dataclass(frozen=True)
class Subject:
    """A thing seen: what it was called, how many of it, and where."""

    label: str
    count: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Action:
    """Per person 17 key points in COCO order, each x, y (fractions) and confidence 0 to 1."""

    keypoints: tuple[tuple[tuple[float, float, float], ...], ...]


@dataclass(frozen=True)
class Text:
    """Words as they stand in the picture, and the box around them."""

    words: str
    box: Box


@dataclass(frozen=True)
class Scores:
    """The candidates of a facet and their calibrated probabilities, likeliest first."""

    scores: Mapping[str, float] = field(hash=False)


Measurement: TypeAlias = (
    Light | Palette | Focus | Composition | Camera | Subject | Action | Text | Scores
)

_KINDS: Final[dict[str, type[Measurement]]] = {
    "light": Light,
    "palette": Palette,
    "focus": Focus,
    "composition": Composition,
    "camera": Camera,
    "subject": Subject,
    "action": Action,
    "text": Text,
}


def to_json(measurement: Measurement) -> dict[str, object]:
    """The measurement as plain JSON values."""
    return {name: _plain(value) for name, value in asdict(measurement).items()}


def from_json(facet: str, data: Mapping[str, object]) -> Measurement:
    """The measurement of `facet` from JSON; SceneError when names are missing or unknown."""
    kind = _KINDS.get(facet, Scores)
    values = {name: _frozen(value) for name, value in data.items()}
    if kind is Palette:
        values["swatches"] = tuple(_swatch(item) for item in _listed(data.get("swatches")))
    try:
        return kind(**values)  # type: ignore[arg-type]
    except TypeError as error:
        raise SceneError(
            f"The measurement of '{facet}' does not fit its schema: {error}."
        ) from error


def _swatch(data: object) -> Swatch:
    if not isinstance(data, Mapping):
        raise SceneError("A swatch is an object with hex, name and area.")
    try:
        return Swatch(**data)
    except TypeError as error:
        raise SceneError(f"A swatch does not fit its schema: {error}.") from error


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise SceneError("A palette has a list of swatches.")
    return value


def _plain(value: object) -> object:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
