"""render(spec): the scene in linear light, with the surface and depth of each pixel.

Needs Mitsuba 3 (the extra `bench`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import radians, tan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import drjit as dr
import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from bench.scenes import meshes, textures
from bench.scenes.illuminant import light_color
from bench.scenes.optics import Frame, frame_of, half_extent
from bench.scenes.sky import panorama
from bench.scenes.spec import Lamp, Material, SceneSpec, Thing, Vector

SAMPLE_COUNT: Final = 25
"""Light paths per pixel; the remaining noise looks like the grain of a camera."""

MAX_BOUNCES: Final = 3
FAR_DISTANCE: Final = 800.0
"""Half the side of an endless ground, in meters."""


@dataclass(frozen=True)
class Rendered:
    """What was rendered.

    light: height x width x 3, linear. names: of the surfaces. shown: index into the names, -1 for
    the sky. depth: meters along the axis of the camera, infinite for the sky.
    """

    light: NDArray[np.float64]
    names: tuple[str, ...]
    shown: NDArray[np.int64]
    depth: NDArray[np.float64]


def render(spec: SceneSpec, samples: int = SAMPLE_COUNT) -> Rendered:
    """Render the scene on the calling thread; the same on every run."""
    mi.set_variant("scalar_rgb")
    mi.set_log_level(mi.LogLevel.Error)
    dr.set_thread_count(1)
    frame = frame_of(spec.view, spec.hero.center)
    with TemporaryDirectory() as folder:
        scene = mi.load_dict(_scene(spec, frame, Path(folder), samples), optimize=False)
        seen = mi.load_dict(_seen(spec, frame, Path(folder)), optimize=False)
    light = np.array(mi.render(scene, seed=spec.seed), dtype=np.float64)
    names = tuple(shape.id() for shape in seen.shapes())
    shown, depth = _surfaces(spec, frame, seen)
    return Rendered(light, names, shown, depth)


def _surfaces(
    spec: SceneSpec,
    frame: Frame,
    scene: Any,  # noqa: ANN401 (types exist only once a variant is set)
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The surface at the middle of each pixel, through a pinhole."""
    width, height = spec.view.size
    wide, tall = half_extent(spec.view)
    across = ((np.arange(width) + 0.5) / width * 2 - 1) * wide
    falling = (1 - (np.arange(height) + 0.5) / height * 2) * tall
    order = {shape.id(): number for number, shape in enumerate(scene.shapes())}
    shown = np.full((height, width), -1)
    depth = np.full((height, width), np.inf)
    origin = mi.Point3f(*frame.origin)
    for row in range(height):
        ways = frame.forward + across[:, None] * frame.right + falling[row] * frame.up
        for column, way in enumerate(ways):
            hit = scene.ray_intersect_preliminary(mi.Ray3f(origin, mi.Vector3f(*way)))
            if hit.is_valid():
                shown[row, column] = order[hit.shape.id()]
                depth[row, column] = hit.t
    return shown, depth


def _scene(spec: SceneSpec, frame: Frame, folder: Path, samples: int) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "type": "scene",
        "integrator": _paths(spec),
        "sensor": _sensor(spec, frame, samples),
        "everywhere": _everywhere(spec),
    }
    for thing in (spec.hero, *spec.things):
        parts[thing.name] = _thing(thing, folder)
    if spec.ground is not None:
        parts["ground"] = _ground(spec, spec.ground)
    if spec.backdrop.kind == "wall":
        parts["backdrop"] = _wall(spec)
    parts.update(_lamps(spec))
    return parts


def _seen(spec: SceneSpec, frame: Frame, folder: Path) -> dict[str, Any]:
    """The scene without the lamps that are hidden."""
    parts = _scene(spec, frame, folder, 1)
    if spec.backdrop.kind == "wall":
        return {name: part for name, part in parts.items() if not name.startswith("lamp")}
    return parts


def _paths(spec: SceneSpec) -> dict[str, Any]:
    """Before a wall a lamp is not seen itself; over a field it is, since hiding hides the sky."""
    hidden = spec.backdrop.kind == "wall"
    return {"type": "path", "max_depth": MAX_BOUNCES, "hide_emitters": hidden}


def _sensor(spec: SceneSpec, frame: Frame, samples: int) -> dict[str, Any]:
    view = spec.view
    width, height = view.size
    stand = mi.ScalarTransform4f().look_at(
        origin=list(frame.origin), target=list(frame.origin + frame.forward), up=list(frame.up)
    )
    film = {"type": "hdrfilm", "width": width, "height": height, "component_format": "float32"}
    lens: dict[str, Any] = {"type": "perspective"}
    if view.aperture > 1e-5:
        lens = {"type": "thinlens", "aperture_radius": view.aperture, "focus_distance": view.focus}
    return {
        **lens,
        "fov": view.fov,
        "fov_axis": "y",
        "near_clip": 0.01,
        "far_clip": 1e5,
        "to_world": stand,
        "film": {**film, "pixel_format": "rgb", "rfilter": {"type": "gaussian"}},
        "sampler": {"type": "multijitter", "sample_count": samples},
    }


def _everywhere(spec: SceneSpec) -> dict[str, Any]:
    upright = mi.ScalarTransform4f().rotate([1, 0, 0], 90)
    radiance = panorama(spec).astype(np.float32)
    return {"type": "envmap", "bitmap": mi.Bitmap(radiance), "to_world": upright}


def _surface(material: Material, repeat: tuple[float, float]) -> dict[str, Any]:
    albedo = {
        "type": "bitmap",
        "bitmap": mi.Bitmap(np.clip(textures.draw(material), 0.005, 0.95)),
        "raw": True,
        "to_uv": mi.ScalarTransform3f().scale(list(repeat)),
    }
    if material.finish == "matte":
        return {"type": "twosided", "front": {"type": "diffuse", "reflectance": albedo}}
    alpha = 0.3 if material.finish == "satin" else 0.1
    plastic = {"type": "roughplastic", "diffuse_reflectance": albedo, "alpha": alpha}
    return {"type": "twosided", "front": plastic}


def _thing(thing: Thing, folder: Path) -> dict[str, Any]:
    path = folder / f"{thing.name}.ply"
    meshes.save(meshes.build(thing.shape, thing.seed), path)
    place = mi.ScalarTransform4f().translate(list(thing.center)).rotate([0, 0, 1], thing.turn)
    repeat = thing.material.repeat
    return {
        "type": "ply",
        "filename": str(path),
        "face_normals": thing.shape in meshes.FLAT,
        "to_world": place.scale(list(thing.scale)),
        "bsdf": _surface(thing.material, (repeat, repeat)),
    }


def _ground(spec: SceneSpec, material: Material) -> dict[str, Any]:
    repeat = 2 * FAR_DISTANCE / material.repeat
    return {
        "type": "rectangle",
        "to_world": mi.ScalarTransform4f().scale([FAR_DISTANCE, FAR_DISTANCE, 1]),
        "bsdf": _surface(material, (repeat, repeat)),
    }


def _wall(spec: SceneSpec) -> dict[str, Any]:
    side = 40.0
    middle = [0, spec.backdrop.distance, spec.hero.center[2]]
    repeat = side * spec.backdrop.material.repeat
    upright = mi.ScalarTransform4f().translate(middle).rotate([1, 0, 0], 90).scale([side, side, 1])
    return {
        "type": "rectangle",
        "to_world": upright,
        "bsdf": _surface(spec.backdrop.material, (repeat, repeat)),
    }


def _lamps(spec: SceneSpec) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, lamp in enumerate(spec.lamps):
        yield f"lamp{number}", _lamp(lamp, spec.hero.center)


def _lamp(lamp: Lamp, subject: Vector) -> dict[str, Any]:
    color = lamp.irradiance * light_color(lamp.kelvin)
    toward = np.array(lamp.toward)
    place = np.array(subject) + lamp.distance * toward
    if lamp.kind == "sun":
        return {"type": "directional", "direction": list(-toward), "irradiance": _rgb(color)}
    if lamp.kind == "bulb":
        return {
            "type": "point",
            "position": list(place),
            "intensity": _rgb(color * lamp.distance**2),
        }
    half = lamp.distance * tan(radians(lamp.angle) / 2)
    up = [0, 0, 1] if abs(toward[2]) < 0.9 else [0, 1, 0]
    facing = mi.ScalarTransform4f().look_at(origin=list(place), target=list(subject), up=up)
    radiance = color * lamp.distance**2 / (2 * half) ** 2
    return {
        "type": "rectangle",
        "to_world": facing.scale([half, half, 1]),
        "emitter": {"type": "area", "radiance": _rgb(radiance)},
    }


def _rgb(color: NDArray[np.float64]) -> dict[str, Any]:
    return {"type": "rgb", "value": [float(band) for band in color]}
