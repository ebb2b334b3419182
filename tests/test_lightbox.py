import numpy as np
import pytest
from training.lightbox.learning import wanted
from training.lightbox.scenes import Truth, scene
from training.lightbox.shapes import Shape


def test_a_seed_always_gives_the_same_scene() -> None:
    (one, truth), (other, again) = scene(3, 48), scene(3, 48)
    assert np.array_equal(one, other)
    assert truth == again


def test_the_light_is_a_unit_direction() -> None:
    assert [float(np.linalg.norm(scene(seed, 24)[1].toward)) for seed in range(4)] == (
        pytest.approx([1.0] * 4)
    )


def test_a_ray_meets_a_ball_at_its_near_side() -> None:
    ball = Shape("sphere", np.array([0.0, 0.0, -5.0]), np.eye(3) * 2)
    far, normals = ball.meet(np.zeros((1, 3), np.float32), np.array([[0, 0, -1]], np.float32))
    assert far.tolist() == pytest.approx([3.0], abs=1e-4)
    assert normals[0].round(3).tolist() == [0.0, 0.0, 1.0]


def test_a_ray_misses_what_is_beside_it() -> None:
    box = Shape("box", np.array([5.0, 0.0, -5.0]), np.eye(3))
    far, _ = box.meet(np.zeros((1, 3), np.float32), np.array([[0, 0, -1]], np.float32))
    assert not np.isfinite(far).any()


def test_what_is_wanted_points_to_the_light() -> None:
    directions = wanted(Truth((1.0, 0.0, 0.0), 0.5))[:24]
    assert int(directions.argmax()) * 15 == 90


def test_under_the_sky_alone_every_direction_is_as_likely() -> None:
    found = wanted(Truth((1.0, 0.0, 0.0), None))[:24]
    assert found.tolist() == pytest.approx([1 / 24] * 24)
