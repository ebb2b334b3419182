"""The scenes that teach hardness: pairs that differ in their lamp, and the borders of shadows."""

from pathlib import Path

import numpy as np
import pytest
from training.light_direction import linear_scenes
from training.light_direction.ray_intersection import FAR_DISTANCE, World
from training.light_direction.ray_tracing import Lens
from training.light_hardness import scene_pairs
from training.light_hardness.scene_pairs import Pair, pair
from training.light_hardness.shadow_borders import shadow_borders
from training.light_hardness.training_examples import (
    CELLS_PER_SIDE,
    HARD,
    SHADOWLESS,
    SOFT,
    developed_pair,
    scene_examples,
)

from imagetoprompt.analysis.lighting import HARDNESS_SIDE

ABOVE = np.array([[0.0, 1.0, 0.0, FAR_DISTANCE, 0.01, 1.0, 1.0, 1.0]])
# From high above, straight down.
LENS = Lens(
    np.array([0.0, 8.0, 0.0]),
    np.array([[1.0, 0, 0], [0, 0, -1.0], [0, -1.0, 0]]),
    0.5,
    8.0,
    0.0,
)


def _ball_over_a_ground(lamps: np.ndarray) -> World:
    """A ball of radius 1/2, one above the ground, beside the middle."""
    return World(
        np.array([0]),
        np.array([[0.0, 0.0, 0.0, 0.25]]),
        (np.eye(3) * 2)[None],
        np.zeros((3, 40)),
        np.array([-1.5, -FAR_DISTANCE]),
        lamps,
        np.zeros(14),
    )


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small and rough pairs, since nothing is compiled here."""
    monkeypatch.setattr(scene_pairs, "LONGER_SIDE", 16)
    monkeypatch.setattr(scene_pairs, "SAMPLE_COUNTS", {"sky": 1, "narrow": 1, "wide": 2})
    monkeypatch.setattr(scene_pairs, "BLOCK_SIZE", 2)


def _aside(angle: float) -> np.ndarray:
    lamps = ABOVE.copy()
    lamps[0, :3] = np.sin(np.radians(angle)), np.cos(np.radians(angle)), 0
    return lamps


def test_a_shadow_beside_its_thing_has_a_border_all_around() -> None:
    found = shadow_borders(_ball_over_a_ground(_aside(-50)), LENS, 48, 48)
    rows, columns = np.nonzero(found)
    # The lamp is to the left: the shadow falls to the right of the middle.
    assert columns.min() > 24
    assert (rows.min() < 22, rows.max() > 26) == (True, True)
    assert not found[rows.min() + 3 : rows.max() - 2, (columns.min() + columns.max()) // 2].any()


def test_a_thing_that_turns_away_from_the_light_has_no_border_on_it() -> None:
    alone = _ball_over_a_ground(_aside(-50))._replace(
        planes=np.array([-FAR_DISTANCE, -FAR_DISTANCE])
    )
    assert not shadow_borders(alone, LENS, 48, 48).any()


def test_without_a_lamp_there_is_no_border() -> None:
    assert not shadow_borders(_ball_over_a_ground(ABOVE[:0]), LENS, 8, 8).any()


@pytest.mark.usefixtures("quick")
def test_a_pair_is_the_same_twice_and_has_light_of_each_kind() -> None:
    one, other = pair(3), pair(3)
    for name, light in vars(one).items():
        assert np.array_equal(light, vars(other)[name])
    assert one.narrow.shape == one.wide.shape == one.sky.shape
    assert min(each.max() for each in (one.sky, one.narrow, one.wide)) > 0
    assert one.borders.shape == one.sky.shape[:2]


@pytest.mark.usefixtures("quick")
def test_blocks_are_kept(tmp_path: Path) -> None:
    path = scene_pairs.pair_block(0, tmp_path)
    written = path.stat().st_mtime_ns
    assert scene_pairs.pair_block(0, tmp_path).stat().st_mtime_ns == written
    assert [path.name] == [each.name for each in tmp_path.iterdir()]
    assert np.array_equal(scene_pairs.read_pairs(path)[1].wide, pair(1).wide)


def _shadow(edge: float) -> np.ndarray:
    """The light of a lamp, half of it kept off, the border so many pixels wide."""
    across = np.clip((np.arange(48) - 24) / edge + 0.5, 0, 1)
    return np.broadcast_to(across[None, :, None], (32, 48, 3)).astype(np.float16)


@pytest.mark.parametrize("kind", [HARD, SOFT, SHADOWLESS])
def test_a_print_shows_borders_where_they_are_and_only_under_a_lamp(kind: int) -> None:
    lines = np.zeros((32, 48), np.uint8)
    lines[:, 24] = 1
    sky = np.full((32, 48, 3), 0.2, np.float16)
    made = Pair(sky, _shadow(1), _shadow(20), lines)
    seen, found = developed_pair(np.random.default_rng(1), made, kind)
    assert (seen.shape, found.shape) == (
        (HARDNESS_SIDE, HARDNESS_SIDE, 4),
        (CELLS_PER_SIDE, CELLS_PER_SIDE),
    )
    assert np.isfinite(seen).all()
    assert found.any() == (kind != SHADOWLESS)
    inside = seen[::8, ::8, 3][found]
    assert inside.mean() > 0.7 if kind != SHADOWLESS else not len(inside)


def test_other_scenes_teach_by_their_lamp_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"LONGER_SIDE": 12, "SAMPLE_COUNT": 1, "BLOCK_SIZE": 6}.items():
        monkeypatch.setattr(linear_scenes, name, value)
    path = linear_scenes.scene_block("cast", 0, tmp_path)
    made = [*scene_examples(np.random.default_rng(0), path, 1)]
    radii = [each.truth.radius for each in linear_scenes.read_scenes(path)]
    sure = [each for each in radii if each is None or each < 3 or each >= 14]
    assert len(made) == len(sure) > 0
    for (seen, kind, _, known), radius in zip(made, sure, strict=True):
        assert seen.shape == (HARDNESS_SIDE, HARDNESS_SIDE, 4)
        assert kind == (SHADOWLESS if radius is None else HARD if radius < 3 else SOFT)
        assert not known
