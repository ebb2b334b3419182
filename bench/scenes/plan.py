"""plan(seed): the SceneSpec of a seed: objects, camera and lights.

The split of the seed decides which shapes and textures may occur.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atan, degrees
from typing import Final

import numpy as np

from bench.scenes import lighting, meshes, textures
from bench.scenes.colors import differing, shades, surface
from bench.scenes.optics import Frame, aperture_for, frame_of, half_extent, seen_at
from bench.scenes.spec import (
    Ambient,
    Backdrop,
    Film,
    Lamp,
    Material,
    SceneSpec,
    Thing,
    Vector,
    View,
    split_of,
)

MAX_SIDE: Final = 288
"""Longer side in pixels: observers analyze copies of about this size."""

FAMILY_SHARES: Final = {"field": 0.36, "room": 0.26, "studio": 0.24, "matte": 0.07, "mirror": 0.07}
"""Field: open ground and sky. Room: ground and wall. Studio: no ground, light may come from below.
Matte: plain colors in soft light, for the palette. Mirror: the same left and right."""

PITCH_RANGES: Final = {
    "overhead": (-88.0, -66.0),
    "high": (-48.0, -20.0),
    "eye level": (-7.0, 7.0),
    "low": (16.0, 38.0),
    "worm's eye": (56.0, 75.0),
}
_ANGLES: Final = {
    "field": (0.1, 0.25, 0.38, 0.2, 0.07),
    "room": (0.04, 0.3, 0.46, 0.2, 0.0),
    "studio": (0.0, 0.0, 1.0, 0.0, 0.0),
    "matte": (0.1, 0.4, 0.5, 0.0, 0.0),
    "mirror": (0.0, 0.2, 0.7, 0.1, 0.0),
}
_BLUR_RANGES: Final = {"deep": (0.0, 0.0035), "medium": (0.007, 0.016), "shallow": (0.026, 0.07)}
"""Circle of confusion of the background, fraction of the height; see docs/accuracy.md."""

_ASPECT_RATIOS: Final = (3 / 2, 4 / 3, 1.0, 3 / 4, 2 / 3)
_EVEN_SHAPES: Final = frozenset({"sphere", "tube", "cushion", "cone", "ring", "vase"})
_SUBJECT_RADIUS: Final = 0.5
"""Half the longest side of the subject in meters; everything else is in proportion."""


@dataclass(frozen=True)
class Stage:
    """The part of a scene that is planned before other objects and lights."""

    seed: int
    family: str
    view: View
    frame: Frame
    hero: Thing
    backdrop: Backdrop


def plan(seed: int) -> SceneSpec:
    """The scene of a seed: the same on every machine."""
    rng = np.random.default_rng(seed)
    family = str(rng.choice(list(FAMILY_SHARES), p=list(FAMILY_SHARES.values())))
    colors = _colors(rng)
    backdrop = _backdrop(rng, seed, family, colors[2])
    hero = _thing(rng, seed, family, "hero", colors[0])
    view, hero = _placed(rng, family, hero)
    view = _lens(rng, view, backdrop)
    stage = Stage(seed, family, view, frame_of(view, hero.center), hero, backdrop)
    things = _company(rng, stage, colors)
    ground = None if family == "studio" else _material(rng, seed, family, colors[1], 3.0)
    lamps, ambient = _lit(rng, stage)
    return SceneSpec(seed, family, view, lamps, ambient, hero, things, ground, backdrop, _film(rng))


def _colors(rng: np.random.Generator) -> tuple[Vector, Vector, Vector]:
    """Subject, ground, backdrop: the subject stands out from both."""
    back = surface(rng, 0.6)
    ground = differing(rng, (back,), 0.08, 0.5)
    return differing(rng, (back, ground), 0.22), ground, back


def _textures(seed: int, family: str) -> Sequence[str]:
    if family == "matte":
        return ("plain",)
    if family == "mirror":
        return ("plain", "grainy")
    return textures.TUNE_TEXTURES if split_of(seed) == "tune" else textures.REPORT_TEXTURES


def _material(
    rng: np.random.Generator, seed: int, family: str, color: Vector, repeat: float
) -> Material:
    texture = str(rng.choice(_textures(seed, family)))
    finish = (
        "matte"
        if family == "matte"
        else str(rng.choice(["matte", "satin", "glossy"], p=[0.6, 0.25, 0.15]))
    )
    tones = shades(rng, color, 1 if texture == "plain" else int(rng.integers(2, 4)))
    return Material(finish, texture, tones, repeat, int(rng.integers(2**31)))  # type: ignore[arg-type]


def _backdrop(rng: np.random.Generator, seed: int, family: str, color: Vector) -> Backdrop:
    sky = family == "field" or (family == "mirror" and rng.random() < 0.5)
    distance = float(np.exp(rng.uniform(np.log(1.4), np.log(9.0))))
    material = _material(rng, seed, family, color, float(rng.uniform(0.3, 0.8)))
    if sky:
        material = replace(material, colors=(surface(rng, 0.35), surface(rng, 0.6)))
    return Backdrop("sky" if sky else "wall", distance, material, bool(rng.random() < 0.5))


def _thing(rng: np.random.Generator, seed: int, family: str, name: str, color: Vector) -> Thing:
    shapes: Sequence[str] = meshes.TUNE_SHAPES if split_of(seed) == "tune" else meshes.REPORT_SHAPES
    if family == "mirror":
        shapes = [shape for shape in shapes if shape in _EVEN_SHAPES]
    shape = str(rng.choice(shapes))
    size = _SUBJECT_RADIUS if name == "hero" else _SUBJECT_RADIUS * float(rng.uniform(0.25, 0.6))
    wide = size * float(rng.uniform(0.6, 1.0))
    turn = 0.0 if family == "mirror" else float(rng.uniform(0, 360))
    material = _material(rng, seed, family, color, float(rng.integers(1, 4)))
    return Thing(
        name, shape, (0, 0, 0), (wide, wide, size), turn, material, int(rng.integers(2**31))
    )


def _placed(rng: np.random.Generator, family: str, hero: Thing) -> tuple[View, Thing]:
    """The camera, and the subject raised so far that the camera is above the ground."""
    angle = str(rng.choice(list(PITCH_RANGES), p=_ANGLES[family]))
    aspect = float(rng.choice(_ASPECT_RATIOS))
    size = _size(aspect)
    focal = float(rng.choice((24, 28, 35, 50, 70, 100)))
    fov = 2 * degrees(atan((12 if aspect >= 1 else 18) / focal))
    share = min(float(rng.uniform(0.26, 0.66)), 0.55 * aspect)
    pitch = float(rng.uniform(*PITCH_RANGES[angle]))
    view = View(size, pitch, _roll(rng, family), 1.0, _subject_at(rng, family), fov, 0.0, 1.0)
    distance = _SUBJECT_RADIUS / (share * half_extent(view)[1])
    view = replace(view, distance=distance, focus=distance)
    height = _standing(hero)
    camera = float(frame_of(view, (0, 0, height)).origin[2])
    lift = max(0.0, float(rng.uniform(0.12, 0.5)) - camera)
    return view, replace(hero, center=(0.0, 0.0, height + lift))


def _standing(thing: Thing) -> float:
    """The height of the center of a thing that stands on the ground."""
    return float(meshes.half_sides(meshes.build(thing.shape, thing.seed))[2] * thing.scale[2])


def _size(aspect: float) -> tuple[int, int]:
    if aspect >= 1:
        return MAX_SIDE, round(MAX_SIDE / aspect)
    return round(MAX_SIDE * aspect), MAX_SIDE


def _roll(rng: np.random.Generator, family: str) -> float:
    tilted = family != "mirror" and rng.random() < 0.55
    return float(rng.choice([-1, 1]) * rng.uniform(2, 15)) if tilted else 0.0


def _subject_at(rng: np.random.Generator, family: str) -> tuple[float, float]:
    across = 0.5 if family == "mirror" else float(rng.choice((1 / 3, 0.5, 2 / 3)))
    jitter = 0.0 if family == "mirror" else float(rng.uniform(-0.03, 0.03))
    return across + jitter, float(rng.uniform(0.42, 0.6))


def _lens(rng: np.random.Generator, view: View, backdrop: Backdrop) -> View:
    """Aperture for a deep, medium or shallow field; sometimes the background is in focus."""
    behind = view.distance + (20.0 if backdrop.kind == "sky" else backdrop.distance)
    low, high = _BLUR_RANGES[str(rng.choice(list(_BLUR_RANGES)))]
    blur = float(rng.uniform(low, high))
    far = blur > 0.005 and rng.random() < 0.15
    focused = replace(view, focus=behind if far else view.distance)
    aperture = aperture_for(focused, blur, view.distance if far else behind)
    return replace(focused, aperture=min(aperture, 0.12 * view.distance))


def _company(
    rng: np.random.Generator, stage: Stage, colors: tuple[Vector, Vector, Vector]
) -> tuple[Thing, ...]:
    """One to five smaller things around the subject, in pairs when the scene mirrors."""
    found: list[Thing] = []
    for number in range(int(rng.integers(1, 6))):
        color = differing(rng, colors[1:], 0.1, 0.8)
        thing = _thing(rng, stage.seed, stage.family, f"thing{number}", color)
        spot = _spot(rng, stage, found, thing)
        if spot is None:
            continue
        found.append(replace(thing, center=spot))
        if stage.family == "mirror":
            twin = (-spot[0], spot[1], spot[2])
            found.append(replace(thing, name=f"{thing.name}twin", center=twin))
    return tuple(found)


def _spot(
    rng: np.random.Generator, stage: Stage, taken: list[Thing], thing: Thing
) -> Vector | None:
    """A free place in the picture and in the world; None when forty tries found none."""
    standing = _standing(thing)
    for _ in range(40):
        around, away = rng.uniform(-0.35 * np.pi, 1.35 * np.pi), rng.uniform(0.9, 5.0)
        height = standing
        if stage.family == "studio":
            height = stage.hero.center[2] + float(rng.uniform(-1.5, 1.5))
        spot = float(away * np.cos(around)), float(away * np.sin(around)), float(height)
        hidden = stage.backdrop.kind == "wall" and spot[1] > stage.backdrop.distance - 0.3
        paired = stage.family == "mirror" and abs(spot[0]) < 0.4
        if not (hidden or paired) and _free(stage, taken, replace(thing, center=spot)):
            return spot
    return None


def _free(stage: Stage, taken: list[Thing], thing: Thing) -> bool:
    """Wholly in the picture, well behind the camera's near side, clear of what is there already."""
    x, y, depth = seen_at(stage.view, stage.frame, thing.center)
    if depth < 0.6 * stage.view.distance or not (0.02 < x < 0.98 and 0.02 < y < 0.98):
        return False
    return all(_clear(stage, (x, y, depth), thing, other) for other in [stage.hero, *taken])


def _clear(stage: Stage, place: tuple[float, float, float], thing: Thing, other: Thing) -> bool:
    x, y, depth = place
    x2, y2, depth2 = seen_at(stage.view, stage.frame, other.center)
    gap = np.hypot((x - x2) * stage.view.size[0] / stage.view.size[1], y - y2)
    room = (thing.scale[2] / depth + other.scale[2] / depth2) / half_extent(stage.view)[1] / 2
    return bool(gap > 1.05 * room)


def _lit(rng: np.random.Generator, stage: Stage) -> tuple[tuple[Lamp, ...], Ambient]:
    """Lamps and fill; one scene in six, and every matte one, has the sky alone."""
    family = stage.family
    if family == "matte" or rng.random() < 1 / 6:
        return (), lighting.overcast(rng)
    lamps = lighting.lamps(rng, stage.view, stage.frame, stage.backdrop, family != "studio")
    if family == "mirror":
        key = lamps[0]
        high = np.array([0.0, key.toward[1], max(key.toward[2], 0.3)])
        _, y, z = high / np.linalg.norm(high)
        lamps = (replace(key, toward=(0.0, float(y), float(z))),)
    return lamps, lighting.ambient_for(rng, lamps[0])


def _film(rng: np.random.Generator) -> Film:
    stops = float(rng.uniform(-1.4, 1.2) if rng.random() < 0.2 else rng.uniform(-0.5, 0.5))
    curve = str(rng.choice(["srgb", "filmic"]))
    return Film(stops, curve, float(rng.uniform(0, 0.012)), int(rng.integers(75, 96)))  # type: ignore[arg-type]
