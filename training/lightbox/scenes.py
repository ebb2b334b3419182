"""scene(seed) -> a picture of lit things and the truth of its light.

It does not know what is learned from them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt import colour
from training.lightbox.layout import Lamp, Layout, layout
from training.lightbox.shapes import Array, shadowed, unit
from training.lightbox.surfaces import Surface, clouds, color, covered

GOLDEN = 2.399963


@dataclass(frozen=True)
class Truth:
    """toward: the key light as right, up, and towards the camera. radius: degrees; None if none."""

    toward: tuple[float, float, float]
    radius: float | None


@dataclass(frozen=True)
class Hits:
    """What the camera's rays meet: point, normal, thing (0 ground, 1 wall, 2… shapes, -1 none)."""

    points: Array
    normals: Array
    things: Array


def scene(seed: int, longest: int = 104) -> tuple[NDArray[np.uint8], Truth]:
    """The picture (h x w x 3) and the truth of a seed: the same on every run."""
    rng = np.random.default_rng(seed)
    placed = layout(rng, longest)
    hits = _hits(placed)
    light = _backdrop(rng, placed)
    met = hits.things >= 0
    light[met] = _lit(rng, placed, hits, met)
    lamp, size = placed.lamp, placed.camera.size
    picture = _developed(rng, light.reshape(size[1], size[0], 3))
    radius = None if lamp.overcast else float(np.degrees(lamp.radius))
    return picture, Truth((float(lamp.seen[0]), float(lamp.seen[1]), float(lamp.seen[2])), radius)


def _hits(placed: Layout) -> Hits:
    rays = placed.camera.rays
    starts = np.broadcast_to(placed.camera.place.astype(np.float32), rays.shape)
    nearest, normals = np.full(len(rays), 60.0, np.float32), np.zeros_like(rays)
    things = np.full(len(rays), -1)

    def meet(far: Array, facing: Array, thing: int) -> None:
        nearer = (far > 0) & (far < nearest)
        nearest[nearer], things[nearer] = far[nearer], thing
        normals[nearer] = np.broadcast_to(facing, rays.shape)[nearer]

    if placed.grounded:
        meet(-starts[:, 1] / np.minimum(rays[:, 1], -1e-4), np.array([0, 1.0, 0]), 0)
    if placed.wall is not None:
        meet((placed.wall - starts[:, 2]) / np.minimum(rays[:, 2], -1e-4), np.array([0, 0, 1.0]), 1)
    for number, shape in enumerate(placed.shapes):
        meet(*shape.meet(starts, rays), number + 2)
    return Hits(starts + rays * nearest[:, None], normals, things)


def _lit(rng: np.random.Generator, placed: Layout, hits: Hits, met: Array) -> Array:
    """Linear light of all points that are met: the key with soft shadows, the sky, the bounce."""
    points, things = hits.points[met], hits.things[met]
    starts = points + hits.normals[met] * 4e-3
    fill = 1.0 if placed.lamp.overcast else float(np.exp(rng.uniform(np.log(0.03), np.log(0.7))))
    key = colour.blackbody(float(np.exp(rng.uniform(np.log(2500), np.log(10000)))))
    sky = key if rng.random() < 0.6 else colour.blackbody(rng.uniform(5000, 12000))
    direct = [] if placed.lamp.overcast else _samples(placed.lamp)
    above = _hemisphere(rng, 40 if placed.lamp.overcast else 8)
    seen = [~shadowed(placed.shapes, starts, way) for way in (*direct, *above)]
    light = np.zeros((len(points), 3), np.float32)
    uniform = rng.random() < 0.3
    sort = covered(rng, points, hits.normals[met], placed.reach / 2) if uniform else None
    bounce = rng.uniform(0.2, 0.8)
    for thing in np.unique(things):
        here = things == thing
        size = placed.reach if thing < 2 else float(np.linalg.norm(placed.shapes[thing - 2].matrix))
        own = covered(rng, points[here], hits.normals[met][here], size / 1.7)
        if sort is not None and thing >= 2:
            own = Surface(sort.albedo[here], sort.normals[here], sort.gloss, sort.sharpness)
        rays = placed.camera.rays[met][here]
        for way, free in zip(direct, seen, strict=False):
            light[here] += key * _reflected(own, way, rays) * (free[here] / len(direct))[:, None]
        for way, free in zip(above, seen[len(direct) :], strict=True):
            toward = np.maximum(own.normals @ way, 0) * free[here] * 2.2 / len(above)
            light[here] += fill * sky * own.albedo * toward[:, None]
        under = bounce * (0.5 - 0.5 * own.normals[:, 1]) + 0.12
        light[here] += fill * sky * own.albedo * under[:, None]
    return light


def _reflected(surface: Surface, way: Array, rays: Array) -> Array:
    """Lambert's share and Blinn's highlight of light from `way`."""
    facing = np.maximum(surface.normals @ way, 0)
    half = np.maximum((surface.normals * unit(way - rays)).sum(axis=1), 0)
    shine = surface.gloss * half**surface.sharpness * (surface.sharpness + 8) / 40
    return np.asarray(2.5 * (surface.albedo * facing[:, None] + (shine * (facing > 0))[:, None]))


def _samples(lamp: Lamp) -> list[Array]:
    """Directions spread over the lamp's disc: one for a point, twenty for a softbox."""
    count = 1 if lamp.radius < 0.02 else 6 if lamp.radius < 0.05 else 20
    right = unit(np.cross(lamp.toward, [0.3, 0.9, 0.2]))
    up = np.cross(lamp.toward, right)
    turns = np.arange(count) * GOLDEN
    out = np.sqrt((np.arange(count) + 0.5) / count) * np.tan(lamp.radius)
    ways = lamp.toward + out[:, None] * (
        np.cos(turns)[:, None] * right + np.sin(turns)[:, None] * up
    )
    return list(unit(ways).astype(np.float32))


def _hemisphere(rng: np.random.Generator, count: int) -> list[Array]:
    high = 1 - (np.arange(count) + 0.5) / count
    turns, out = np.arange(count) * GOLDEN + rng.uniform(0, 6.28), np.sqrt(1 - high**2)
    return list(np.stack([out * np.cos(turns), high, out * np.sin(turns)], 1).astype(np.float32))


def _backdrop(rng: np.random.Generator, placed: Layout) -> Array:
    """Plain, fading in some direction, cloudy, or a sky with the sun's glow."""
    rays, lamp = placed.camera.rays, placed.lamp
    base = color(rng) * rng.uniform(0.3, 1.4)
    kind = rng.choice(["plain", "fading", "clouds", "sky"])
    light = np.broadcast_to(base, rays.shape).astype(np.float32).copy()
    if kind in ("fading", "sky"):
        way = unit(rng.normal(size=2)) if kind == "fading" else np.array([0.0, -1.0])
        along = rays @ (way @ placed.camera.axes[:2]).astype(np.float32)
        along = (along - along.min()) / (np.ptp(along) + 1e-6)
        light *= (0.35 + along * rng.uniform(0.2, 1.0))[:, None]
    if kind == "clouds":
        light *= 1 + 0.5 * np.tanh(clouds(rng, rays, rng.uniform(4, 20)))[:, None]
    if kind == "sky" and not lamp.overcast and lamp.seen[2] < 0:
        near = rays @ lamp.toward.astype(np.float32)
        light += (np.exp((near - 1) * rng.uniform(8, 60)) * rng.uniform(0.3, 2))[:, None]
        light += 8 * (near > np.cos(max(lamp.radius, 0.02)))[:, None]
    return light


def _developed(rng: np.random.Generator, light: Array) -> NDArray[np.uint8]:
    """Exposure, vignette, one of three tone curves, noise, blur and JPEG, as cameras have."""
    luminance = light @ np.array([0.2126, 0.7152, 0.0722])
    white = max(float(np.percentile(luminance, rng.uniform(85, 98))), 1e-3)
    light = light * (rng.uniform(0.45, 1.1) * np.exp(rng.normal() * 0.25) / white)
    if rng.random() < 0.4:
        y, x = np.mgrid[-1 : 1 : light.shape[0] * 1j, -1 : 1 : light.shape[1] * 1j]
        light = light * (1 - rng.uniform(0.1, 0.5) * (x**2 + y**2) / 2)[..., None]
    curve = rng.choice(["plain", "filmic", "soft"])
    if curve == "filmic":  # Narkowicz's fit of the ACES curve, 2015
        x = light * 0.8
        light = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    elif curve == "soft":
        light = 1 - np.exp(-1.3 * light)
    shown = colour.encoded(light) + rng.normal(size=light.shape) * rng.choice([0, 0.004, 0.015])
    if rng.random() < 0.3:
        shown = cv2.GaussianBlur(shown, (0, 0), rng.uniform(0.5, 1.2))
    pixels = np.round(np.clip(shown, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(60, 95))]
        pixels = cv2.imdecode(cv2.imencode(".jpg", pixels, quality)[1], cv2.IMREAD_COLOR)
    return np.asarray(pixels, np.uint8)
