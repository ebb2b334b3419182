from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from training.light_direction import linear_scenes
from training.light_direction.camera_response import develop
from training.light_direction.linear_scenes import LinearScene, Truth, ray_traced_scene
from training.light_direction.ray_intersection import (
    FAR_DISTANCE,
    Vector,
    World,
    ball,
    box,
    nearest,
    tapered,
)
from training.light_direction.scene_layout import layout
from training.light_direction.shapes import SHAPE_KINDS, Shape, lowest, random_object
from training.light_direction.training_examples import (
    CAST_MIREDS,
    developed_scene,
    scene_examples,
    target_distributions,
)

from imagetoprompt.images import color

AHEAD = (0.0, 0.0, -1.0)
BALL = Shape("ball", np.array([0.0, 0.0, -5.0]), np.eye(3) * 2, 2)


def _cylinder(p: Vector, v: Vector) -> float:
    return tapered(p, v, 0.0)


def _cone(p: Vector, v: Vector) -> float:
    return tapered(p, v, 0.5)


def _alone(shape: Shape, reach: float) -> World:
    return World(
        np.array([SHAPE_KINDS.index(shape.kind)]),
        np.array([[*shape.middle, reach**2]]),
        np.linalg.inv(shape.matrix)[None],
        np.zeros((3, 40)),
        np.array([-3.0, -FAR_DISTANCE]),
        np.zeros((0, 8)),
        np.zeros(14),
    )


WHITE = (1.0, 1.0, 1.0)
NO_BLURS = np.zeros((0, 0), np.float16)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small and rough scenes, since nothing is compiled here."""
    monkeypatch.setattr(linear_scenes, "LONGER_SIDE", 12)
    monkeypatch.setattr(linear_scenes, "SAMPLE_COUNT", 1)
    monkeypatch.setattr(linear_scenes, "BLOCK_SIZE", 2)


@pytest.mark.usefixtures("quick")
def test_a_seed_always_gives_the_same_scene() -> None:
    one, other = ray_traced_scene(3), ray_traced_scene(3)
    assert np.array_equal(one.light, other.light)
    assert one.truth == other.truth


@pytest.mark.usefixtures("quick")
def test_the_light_is_a_unit_direction() -> None:
    lengths = [float(np.linalg.norm(ray_traced_scene(seed).truth.toward)) for seed in range(4)]
    assert lengths == pytest.approx([1.0] * 4)


@pytest.mark.usefixtures("quick")
def test_the_longer_side_is_as_asked() -> None:
    assert [max(ray_traced_scene(seed).light.shape[:2]) for seed in range(4)] == [12] * 4


@pytest.mark.usefixtures("quick")
def test_a_block_is_read_as_it_was_drawn(tmp_path: Path) -> None:
    found = linear_scenes.read_scenes(linear_scenes.scene_block("cast", 1, tmp_path))
    assert [each.truth for each in found] == [ray_traced_scene(seed).truth for seed in (2, 3)]
    assert np.array_equal(found[1].light, ray_traced_scene(3).light)


@pytest.mark.usefixtures("quick")
def test_a_scene_is_developed_several_times(tmp_path: Path) -> None:
    made = scene_examples([linear_scenes.scene_block("cast", 0, tmp_path)], 3)
    assert (len(made.seen), len(made.targets)) == (6, 6)


def test_a_picture_is_lit_by_the_color_that_is_said() -> None:
    scene = LinearScene(
        np.ones((8, 8, 3), np.float16), Truth((0, 1, 0), 1.0, WHITE, None), NO_BLURS
    )
    pixels, truth = developed_scene(np.random.default_rng(1), scene)
    warmer = truth.cast[0] / truth.cast[2] > 1.05
    assert bool(pixels[..., 0].mean() > pixels[..., 2].mean()) == warmer


@pytest.mark.parametrize(("meet", "far"), [(ball, 4.0), (box, 4.0), (_cylinder, 4.0), (_cone, 4.5)])
def test_a_unit_shape_is_met_at_its_near_side(
    meet: Callable[[Vector, Vector], float], far: float
) -> None:
    assert meet((0.0, 0.0, 5.0), AHEAD) == pytest.approx(far)


@pytest.mark.parametrize("meet", [ball, box, _cylinder, _cone])
def test_a_ray_beside_a_shape_misses_it(meet: Callable[[Vector, Vector], float]) -> None:
    assert meet((1.5, 0.0, 5.0), AHEAD) == FAR_DISTANCE


def test_a_cone_is_met_from_above_on_its_side() -> None:
    assert tapered((0.5, 5.0, 0.0), (0.0, -1.0, 0.0), 0.5) == pytest.approx(5.0)


def test_the_nearest_surface_is_met_first() -> None:
    surface, far = nearest(_alone(BALL, 2.0), np.zeros(3), np.array(AHEAD))
    assert surface == 2
    assert far == pytest.approx(3.0)


def test_the_ground_is_met_where_nothing_stands_before_it() -> None:
    surface, far = nearest(_alone(BALL, 2.0), np.zeros(3), np.array([0.0, -1.0, 0.0]))
    assert surface == 0
    assert far == pytest.approx(3.0)


@pytest.mark.parametrize("seed", range(6))
def test_things_reach_about_as_low_as_they_are_large(seed: int) -> None:
    assert -3 < lowest(random_object(np.random.default_rng(seed), 1.0, 2)) < 0


@pytest.mark.parametrize("seed", range(6))
def test_the_camera_stands_above_the_ground(seed: int) -> None:
    placed = layout(np.random.default_rng(seed))
    assert placed.lens.place[1] > placed.world.planes[0]


def test_a_picture_is_exposed_whatever_the_strength_of_the_light() -> None:
    light = np.random.default_rng(1).uniform(0.1, 1, (8, 8, 3))
    one, other = (develop(np.random.default_rng(2), light * gain) for gain in (1.0, 1000.0))
    assert int(np.abs(one.astype(int) - other.astype(int)).max()) <= 1


def test_what_is_wanted_points_to_the_light() -> None:
    directions = target_distributions(Truth((1.0, 0.0, 0.0), 0.5, WHITE, None))[:24]
    assert int(directions.argmax()) * 15 == 90


def test_under_the_sky_alone_every_direction_is_as_likely() -> None:
    found = target_distributions(Truth((1.0, 0.0, 0.0), None, WHITE, None))[:24]
    assert found.tolist() == pytest.approx([1 / 24] * 24)


@pytest.mark.parametrize(
    ("radius", "hardness"), [(0.3, [1, 0, 0]), (30.0, [0, 1, 0]), (None, [0, 0, 1])]
)
def test_a_wide_lamp_is_soft(radius: float | None, hardness: list[int]) -> None:
    assert (
        target_distributions(Truth((1.0, 0.0, 0.0), radius, WHITE, None))[29:32].tolist()
        == hardness
    )


def test_the_likeliest_cast_is_the_true_one() -> None:
    casts = target_distributions(
        Truth((1.0, 0.0, 0.0), 0.5, tuple(color.blackbody_rgb(5000).tolist()), None)
    )[32:]
    assert CAST_MIREDS[int(casts.argmax())] == 200
