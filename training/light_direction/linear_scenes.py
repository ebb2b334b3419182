"""Negatives: scenes in linear light, and what is true of their light and lens.

A negative may be developed many times. Two dozen make a block, which is kept on disk once it is
rendered.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from training import scene_cache
from training.light_direction.ray_tracing import trace_rays
from training.light_direction.scene_layout import Layout, layout
from training.light_direction.shapes import Array

BLOCK = 24
CELL = 8
LONGEST = 160
SAMPLES = 12
STAGED_SAMPLES = 20
STAGED_FROM, MINIATURES_FROM = 2000, 6000
"""The first seeds of bench/scenes learned from: accuracy is tuned and reported on others."""
RATIOS = (1, 1, 4 / 3, 3 / 2, 3 / 4, 2 / 3)


@dataclass(frozen=True)
class Truth:
    """toward: the key light as right, up, and towards the camera. radius: degrees; None if none.

    cast: the linear color of all light together. blur: the circle of confusion, as a fraction of
    the height, by which bench/scenes tells the depth of field; None where it does not.
    """

    toward: tuple[float, float, float]
    radius: float | None
    cast: tuple[float, float, float]
    blur: float | None


@dataclass(frozen=True)
class LinearScene:
    """light: height x width x 3, linear, about 1 on average, in half precision.

    blurs: the circle of confusion in the middle of every 8 x 8 pixels, as a fraction of the height;
    not a number under the open sky, and empty where it was not worked out.
    """

    light: Array
    truth: Truth
    blurs: Array


def cast(seed: int) -> LinearScene:
    """A scene of our own rays."""
    rng = np.random.default_rng(seed)
    placed = layout(rng)
    ratio = float(rng.choice(RATIOS))
    width, height = round(LONGEST * min(1.0, ratio)), round(LONGEST / max(1.0, ratio))
    light = trace_rays(placed.world, placed.lens, rng.random((height, width, 6)), SAMPLES)
    return LinearScene(_halved(light), _truth(placed), np.zeros((0, 0), np.float16))


def staged(number: int) -> LinearScene:
    """A scene of bench/scenes, as large and nearly as smooth as there."""
    return _staged(STAGED_FROM + 2 * number, 1.0, STAGED_SAMPLES)


def miniature(number: int) -> LinearScene:
    """A scene of bench/scenes, small: five times as quick."""
    return _staged(MINIATURES_FROM + 2 * number, LONGEST / 288, SAMPLES)


def _staged(seed: int, scale: float, samples: int) -> LinearScene:
    """A scene of bench/scenes by its even seed (needs the extra `bench`)."""
    from bench.scenes.optics import blur_at, frame_of  # noqa: PLC0415  needs Mitsuba
    from bench.scenes.plan import plan  # noqa: PLC0415
    from bench.scenes.render import render  # noqa: PLC0415
    from bench.scenes.truth import cast_of, focus_truth  # noqa: PLC0415

    spec = plan(seed)
    width, height = (round(each * scale) for each in spec.view.size)
    spec = replace(spec, view=replace(spec.view, size=(width, height)))
    rendered = render(spec, samples)
    focus = focus_truth(spec, rendered.shown == rendered.names.index("hero"), rendered.depth)
    told = (rendered.shown != rendered.names.index("hero")) & np.isfinite(rendered.depth)
    blur = max(float(str(focus[f"{each}_blur"])) for each in ("background", "subject"))
    toward, radius = (0.0, 1.0, 0.0), None
    if spec.lamps:
        parts = frame_of(spec.view, spec.hero.center).into(spec.lamps[0].toward)
        toward, radius = (
            (float(parts[0]), float(parts[1]), float(parts[2])),
            spec.lamps[0].angle / 2,
        )
    red, green, blue = (float(each) for each in cast_of(spec))
    truth = Truth(toward, radius, (red, green, blue), blur if told.mean() > 0.1 else None)
    middles = rendered.depth[CELL // 2 :: CELL, CELL // 2 :: CELL]
    blurs = np.where(np.isfinite(middles), blur_at(spec.view, middles), np.nan)
    return LinearScene(_halved(rendered.light), truth, blurs.astype(np.float16))


def _halved(light: Array) -> Array:
    return np.minimum(light / max(float(light.mean()), 1e-9), 6e4).astype(np.float16)


def _truth(placed: Layout) -> Truth:
    red, green, blue = (float(each) for each in placed.cast)
    if not placed.lamps:
        return Truth((0.0, 1.0, 0.0), None, (red, green, blue), None)
    right, up, ahead = (float(each) for each in placed.lens.axes @ placed.lamps[0].toward)
    return Truth((right, up, -ahead), placed.lamps[0].radius, (red, green, blue), None)


SCENES: dict[str, Callable[[int], LinearScene]] = {
    "cast": cast,
    "staged": staged,
    "miniature": miniature,
}


def blocks(kind: str, count: int, folder: Path) -> list[Path]:
    """The files of so many scenes of a kind of SCENES, rendered if missing."""
    return scene_cache.render_blocks(partial(block, kind, folder=folder), count, BLOCK)


def block(kind: str, number: int, folder: Path) -> Path:
    """The file of one block, rendered if it is missing."""
    return scene_cache.cached_file(
        folder / f"{kind}-{number:04d}.npz", partial(_arrays, kind, number)
    )


def _arrays(kind: str, number: int) -> dict[str, Array]:
    drawn = [SCENES[kind](seed) for seed in range(number * BLOCK, (number + 1) * BLOCK)]
    arrays = {f"light{place}": each.light for place, each in enumerate(drawn)}
    arrays |= {f"blurs{place}": each.blurs for place, each in enumerate(drawn)}
    return arrays | {"truth": np.stack([_numbers(each.truth) for each in drawn])}


def read(path: Path) -> list[LinearScene]:
    """The negatives of a file."""
    kept = np.load(path)
    return [
        LinearScene(kept[f"light{place}"], _truth_of(row), kept[f"blurs{place}"])
        for place, row in enumerate(kept["truth"])
    ]


def _numbers(truth: Truth) -> Array:
    """Eight numbers; what is not known is not a number."""
    radius, blur = (np.nan if each is None else each for each in (truth.radius, truth.blur))
    return np.array([*truth.toward, radius, *truth.cast, blur])


def _truth_of(row: Array) -> Truth:
    known = [None if np.isnan(each) else float(each) for each in row]
    x, y, z, radius, red, green, blue, blur = known
    toward, color = (x or 0.0, y or 0.0, z or 0.0), (red or 0.0, green or 0.0, blue or 0.0)
    return Truth(toward, radius, color, blur)
