"""Scenes in linear light, with the truth about their light and lens.

A scene may be developed many times. Two dozen make a block, which is kept on disk once it is
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

BLOCK_SIZE = 24
CELL_SIDE = 8
LONGER_SIDE = 160
SAMPLE_COUNT = 12
STAGED_SAMPLE_COUNT = 20
FIRST_STAGED_SEED, FIRST_MINIATURE_SEED = 2000, 6000
"""The first seeds of bench/scenes learned from: accuracy is tuned and reported on others."""
ASPECT_RATIOS = (1, 1, 4 / 3, 3 / 2, 3 / 4, 2 / 3)


@dataclass(frozen=True)
class Truth:
    """toward: the key light as right, up, and towards the camera. radius: degrees; None if none.

    cast: the linear color of all light together. blur: the circle of confusion, as a fraction of
    the height, of scenes of bench/scenes with a depth of field; else None.
    """

    toward: tuple[float, float, float]
    radius: float | None
    cast: tuple[float, float, float]
    blur: float | None


@dataclass(frozen=True)
class LinearScene:
    """light: height x width x 3, linear, about 1 on average, in half precision.

    blurs: the circle of confusion in the middle of every 8 x 8 pixels, as a fraction of the height;
    NaN in the open sky, and empty if it was not computed.
    """

    light: Array
    truth: Truth
    blurs: Array


def ray_traced_scene(seed: int) -> LinearScene:
    """A scene of training.light_direction.ray_tracing."""
    rng = np.random.default_rng(seed)
    placed = layout(rng)
    ratio = float(rng.choice(ASPECT_RATIOS))
    width, height = round(LONGER_SIDE * min(1.0, ratio)), round(LONGER_SIDE / max(1.0, ratio))
    light = trace_rays(placed.world, placed.lens, rng.random((height, width, 6)), SAMPLE_COUNT)
    return LinearScene(_halved(light), _truth(placed), np.zeros((0, 0), np.float16))


def staged_scene(number: int) -> LinearScene:
    """A scene of bench/scenes at full size, with nearly as little noise as there."""
    return _staged(FIRST_STAGED_SEED + 2 * number, 1.0, STAGED_SAMPLE_COUNT)


def miniature_scene(number: int) -> LinearScene:
    """A small scene of bench/scenes: renders five times as fast."""
    return _staged(FIRST_MINIATURE_SEED + 2 * number, LONGER_SIDE / 288, SAMPLE_COUNT)


def _staged(seed: int, scale: float, samples: int) -> LinearScene:
    """A scene of bench/scenes by its even seed (needs the extra `bench`)."""
    from bench.scenes.optics import blur_at, frame_of  # noqa: PLC0415  needs Mitsuba
    from bench.scenes.plan import plan  # noqa: PLC0415
    from bench.scenes.render import render  # noqa: PLC0415
    from bench.scenes.truth import cast_of, focus_truth  # noqa: PLC0415

    spec = plan(seed)
    width, height = (round(side * scale) for side in spec.view.size)
    spec = replace(spec, view=replace(spec.view, size=(width, height)))
    rendered = render(spec, samples)
    focus = focus_truth(spec, rendered.shown == rendered.names.index("hero"), rendered.depth)
    background = (rendered.shown != rendered.names.index("hero")) & np.isfinite(rendered.depth)
    blur = max(float(str(focus[f"{part}_blur"])) for part in ("background", "subject"))
    toward, radius = (0.0, 1.0, 0.0), None
    if spec.lamps:
        parts = frame_of(spec.view, spec.hero.center).into(spec.lamps[0].toward)
        toward, radius = (
            (float(parts[0]), float(parts[1]), float(parts[2])),
            spec.lamps[0].angle / 2,
        )
    red, green, blue = (float(channel) for channel in cast_of(spec))
    truth = Truth(toward, radius, (red, green, blue), blur if background.mean() > 0.1 else None)
    middles = rendered.depth[CELL_SIDE // 2 :: CELL_SIDE, CELL_SIDE // 2 :: CELL_SIDE]
    blurs = np.where(np.isfinite(middles), blur_at(spec.view, middles), np.nan)
    return LinearScene(_halved(rendered.light), truth, blurs.astype(np.float16))


def _halved(light: Array) -> Array:
    return np.minimum(light / max(float(light.mean()), 1e-9), 6e4).astype(np.float16)


def _truth(placed: Layout) -> Truth:
    red, green, blue = (float(channel) for channel in placed.cast)
    if not placed.lamps:
        return Truth((0.0, 1.0, 0.0), None, (red, green, blue), None)
    right, up, ahead = (float(part) for part in placed.lens.axes @ placed.lamps[0].toward)
    return Truth((right, up, -ahead), placed.lamps[0].radius, (red, green, blue), None)


SCENES: dict[str, Callable[[int], LinearScene]] = {
    "cast": ray_traced_scene,
    "staged": staged_scene,
    "miniature": miniature_scene,
}


def scene_blocks(kind: str, count: int, folder: Path) -> list[Path]:
    """The files of `count` scenes of a kind of SCENES, rendered if missing."""
    return scene_cache.render_blocks(partial(scene_block, kind, folder=folder), count, BLOCK_SIZE)


def scene_block(kind: str, number: int, folder: Path) -> Path:
    """The file of one block, rendered if it is missing."""
    return scene_cache.cached_file(
        folder / f"{kind}-{number:04d}.npz", partial(_arrays, kind, number)
    )


def _arrays(kind: str, number: int) -> dict[str, Array]:
    scenes = [SCENES[kind](seed) for seed in range(number * BLOCK_SIZE, (number + 1) * BLOCK_SIZE)]
    arrays = {f"light{index}": scene.light for index, scene in enumerate(scenes)}
    arrays |= {f"blurs{index}": scene.blurs for index, scene in enumerate(scenes)}
    return arrays | {"truth": np.stack([_numbers(scene.truth) for scene in scenes])}


def read_scenes(path: Path) -> list[LinearScene]:
    """The scenes of a file."""
    arrays = np.load(path)
    return [
        LinearScene(arrays[f"light{index}"], _truth_of(row), arrays[f"blurs{index}"])
        for index, row in enumerate(arrays["truth"])
    ]


def _numbers(truth: Truth) -> Array:
    """The truth as eight numbers; NaN for None."""
    radius, blur = (np.nan if value is None else value for value in (truth.radius, truth.blur))
    return np.array([*truth.toward, radius, *truth.cast, blur])


def _truth_of(row: Array) -> Truth:
    known = [None if np.isnan(number) else float(number) for number in row]
    x, y, z, radius, red, green, blue, blur = known
    toward, color = (x or 0.0, y or 0.0, z or 0.0), (red or 0.0, green or 0.0, blue or 0.0)
    return Truth(toward, radius, color, blur)
