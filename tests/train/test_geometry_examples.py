import numpy as np
import pytest
from training.geometry.camera_effects import depth_blurred, disc, disc_blurred
from training.geometry.composed_scenes import Camera, composed_scene
from training.geometry.feature_rows import ANGLE_NAMES, angle_number
from training.geometry.motion_examples import motion_example
from training.geometry.softmax_fit import fit_softmax, toml
from training.geometry.textures import TextureSource

BOOK = TextureSource()


def test_a_seed_always_gives_the_same_place() -> None:
    (one, truth), (other, again) = composed_scene(5, BOOK), composed_scene(5, BOOK)
    assert np.array_equal(one, other)
    assert truth == again


def test_a_seed_always_gives_the_same_smear() -> None:
    (one, angle), (other, again) = motion_example(2, BOOK), motion_example(2, BOOK)
    assert np.array_equal(one, other)
    assert angle == again


def test_a_level_camera_sees_the_horizon_in_the_middle() -> None:
    assert Camera((320, 240), 0.0, 0.0, 1.0).horizon == pytest.approx(0.5)


def test_a_camera_that_looks_down_sees_the_horizon_above() -> None:
    assert Camera((320, 240), -10.0, 0.0, 1.0).horizon == pytest.approx(0.2649, abs=1e-3)


def test_level_rays_cross_the_middle_column_at_the_horizon() -> None:
    camera = Camera((320, 240), 8.0, 12.0, 1.2)
    _, up, _ = camera.rays()
    below = int(np.flatnonzero(up[:, 160] < 0)[0])
    assert below / 240 == pytest.approx(camera.horizon, abs=0.01)


@pytest.mark.parametrize("diameter", [1.0, 4.5, 20.0])
def test_a_disc_sums_to_one(diameter: float) -> None:
    assert float(disc(diameter).sum()) == pytest.approx(1.0, abs=1e-5)


def test_a_blur_that_is_the_same_everywhere_is_a_plain_one() -> None:
    light = np.random.default_rng(0).uniform(0, 255, (60, 80, 3)).astype(np.float32)
    assert depth_blurred(light, np.full((60, 80), 4.6)) == pytest.approx(disc_blurred(light, 4.6))


@pytest.mark.parametrize(
    ("pitch", "angle"),
    [(-80, "overhead"), (-30, "high"), (0, "eye level"), (25, "low"), (70, "worm's eye")],
)
def test_a_pitch_has_a_name(pitch: float, angle: str) -> None:
    assert ANGLE_NAMES[angle_number(pitch)] == angle


def test_a_fit_finds_what_parts_two_classes() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(300, 3))
    model = fit_softmax(rows, (rows[:, 1] > 0).astype(int).tolist(), ("low", "high"))
    chances = model.probabilities(np.array([[0.0, -2.0, 0.0], [0.0, 2.0, 0.0]]))
    assert chances.argmax(axis=1).tolist() == [0, 1]


def test_a_model_is_written_bias_first() -> None:
    rows = np.array([[0.0], [1.0], [0.0], [1.0]])
    text = toml("thing", "A note.", fit_softmax(rows, [0, 1, 0, 1], ("no", "yes")))
    assert text.splitlines()[:3] == ["# A note.", "[thing]", "mean = [0.5]"]
