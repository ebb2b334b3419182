"""The plan of a scene as frozen values. World: x right, y away from the camera, z up; meters."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Vector: TypeAlias = tuple[float, float, float]
"""A point or direction in the world, or a linear RGB color."""

LampKind: TypeAlias = Literal["sun", "bulb", "softbox"]
Split: TypeAlias = Literal["tune", "report"]


def split_of(seed: int) -> Split:
    """Even seeds are for tuning, odd seeds for reporting."""
    return "report" if seed % 2 else "tune"


@dataclass(frozen=True)
class View:
    """The camera: degrees, meters, pixels.

    pitch: positive looks up. roll: positive makes the horizon fall to the right. subject_at: where
    the subject's center is seen, fractions from the left and the top. fov: vertical. aperture: lens
    radius. focus: distance of the sharp plane along the axis.
    """

    size: tuple[int, int]
    pitch: float
    roll: float
    distance: float
    subject_at: tuple[float, float]
    fov: float
    aperture: float
    focus: float


@dataclass(frozen=True)
class Lamp:
    """One light: `toward` is the unit direction from the subject to it, in the world.

    irradiance: on a surface that faces it, at the subject. angle: degrees it spans as seen from the
    subject. distance: from the subject, for a bulb or a softbox.
    """

    kind: LampKind
    toward: Vector
    irradiance: float
    kelvin: float
    angle: float
    distance: float


@dataclass(frozen=True)
class Ambient:
    """Light from everywhere: irradiance on an upward surface, its kelvin, the share from below."""

    irradiance: float
    kelvin: float
    floor: float


@dataclass(frozen=True)
class Material:
    """A surface: how it shines, and a texture made of the colors (linear albedo) with a seed."""

    finish: Literal["matte", "satin", "glossy"]
    texture: str
    colors: tuple[Vector, ...]
    repeat: float
    seed: int


@dataclass(frozen=True)
class Thing:
    """An object: a shape, centered, scaled along its axes, turned about z (degrees)."""

    name: str
    shape: str
    center: Vector
    scale: Vector
    turn: float
    material: Material
    seed: int


@dataclass(frozen=True)
class Backdrop:
    """What is behind: "sky" (endless ground and sky) or "wall" at `distance` behind the subject."""

    kind: Literal["sky", "wall"]
    distance: float
    material: Material
    glow: bool


@dataclass(frozen=True)
class Film:
    """From light to file: stops of exposure error, tone curve, grain (deviation), JPEG quality."""

    stops: float
    curve: Literal["srgb", "filmic"]
    grain: float
    jpeg: int


@dataclass(frozen=True)
class SceneSpec:
    """Everything about one scene. `lamps` has the key first; empty when the sky alone lights."""

    seed: int
    family: str
    view: View
    lamps: tuple[Lamp, ...]
    ambient: Ambient
    hero: Thing
    things: tuple[Thing, ...]
    ground: Material | None
    backdrop: Backdrop
    film: Film
