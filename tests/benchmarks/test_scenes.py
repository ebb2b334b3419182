"""The plans, optics and truth of bench/scenes; nothing here needs the renderer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bench.scenes import meshes, optics, textures
from bench.scenes.develop import develop
from bench.scenes.illuminant import decode, encode, light_color, temperature_class
from bench.scenes.lighting import MIN_HEIGHTS
from bench.scenes.motion import moved, streak
from bench.scenes.plan import FAMILY_SHARES, plan
from bench.scenes.sky import ambient_color
from bench.scenes.spec import Film, Material, SceneSpec, View, split_of
from bench.scenes.truth import (
    box_of,
    camera_truth,
    correlated,
    field_class,
    focus_truth,
    light_truth,
    palette_truth,
    placement,
    truth,
)

LEVEL = View((300, 200), 0.0, 0.0, 4.0, (0.5, 0.5), 40.0, 0.05, 4.0)
SEEDS = range(40)


@pytest.fixture(scope="module")
def plans() -> list[SceneSpec]:
    return [plan(seed) for seed in SEEDS]


def test_the_same_seed_gives_the_same_plan() -> None:
    assert plan(7) == plan(7)


def test_even_seeds_tune_and_odd_seeds_report() -> None:
    assert [split_of(seed) for seed in range(4)] == ["tune", "report", "tune", "report"]


def test_every_family_occurs(plans: list[SceneSpec]) -> None:
    assert {spec.family for spec in plans} == set(FAMILY_SHARES)


def test_held_out_shapes_and_textures_never_occur_under_even_seeds(plans: list[SceneSpec]) -> None:
    tuned = [spec for spec in plans if split_of(spec.seed) == "tune"]
    shapes = {thing.shape for spec in tuned for thing in (spec.hero, *spec.things)}
    drawn = {thing.material.texture for spec in tuned for thing in (spec.hero, *spec.things)}
    assert shapes <= set(meshes.TUNE_SHAPES)
    assert drawn <= set(textures.TUNE_TEXTURES)


def test_held_out_shapes_occur_under_odd_seeds(plans: list[SceneSpec]) -> None:
    reported = [spec for spec in plans if split_of(spec.seed) == "report"]
    shapes = {thing.shape for spec in reported for thing in (spec.hero, *spec.things)}
    assert shapes - set(meshes.TUNE_SHAPES)


def test_a_subject_is_seen_where_the_plan_says(plans: list[SceneSpec]) -> None:
    for spec in plans:
        frame = optics.frame_of(spec.view, spec.hero.center)
        x, y, depth = optics.seen_at(spec.view, frame, spec.hero.center)
        assert (x, y, depth) == pytest.approx((*spec.view.subject_at, spec.view.distance))


def test_the_camera_is_above_the_ground(plans: list[SceneSpec]) -> None:
    heights = [
        optics.frame_of(spec.view, spec.hero.center).origin[2]
        for spec in plans
        if spec.ground is not None
    ]
    assert min(heights) > 0.1


def test_lamps_over_a_ground_are_above_it(plans: list[SceneSpec]) -> None:
    heights = [
        (lamp.toward[2], MIN_HEIGHTS[lamp.kind])
        for spec in plans
        if spec.ground is not None and spec.family != "mirror"
        for lamp in spec.lamps
    ]
    assert all(height >= least for height, least in heights)


def test_mirrored_scenes_have_a_twin_for_every_thing(plans: list[SceneSpec]) -> None:
    for spec in (spec for spec in plans if spec.family == "mirror"):
        places = sorted(thing.center for thing in spec.things)
        assert places == sorted((-x, y, z) for x, y, z in places)


def test_the_key_light_of_a_plan_is_where_its_azimuth_says() -> None:
    frame = optics.frame_of(LEVEL, (0, 0, 0))
    above, right = (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)
    assert [optics.azimuth_of(frame.into(way)) for way in (above, right)] == pytest.approx([0, 90])


def test_a_light_behind_the_camera_is_frontal() -> None:
    frame = optics.frame_of(LEVEL, (0, 0, 0))
    assert frame.into((0.0, -1.0, 0.0))[2] == pytest.approx(1)


def test_a_direction_goes_into_the_camera_and_out_again() -> None:
    frame = optics.frame_of(replace(LEVEL, pitch=-30.0, roll=12.0), (1, 2, 3))
    assert frame.out_of(frame.into((0.6, 0.0, 0.8))) == pytest.approx([0.6, 0.0, 0.8])


def test_a_level_camera_has_the_horizon_in_the_middle() -> None:
    assert optics.horizon_of(LEVEL, optics.frame_of(LEVEL, (0, 0, 0))) == pytest.approx(0.5)


def test_looking_down_raises_the_horizon() -> None:
    view = replace(LEVEL, pitch=-10.0)
    horizon = optics.horizon_of(view, optics.frame_of(view, (0, 0, 0)))
    assert horizon == pytest.approx(0.5 - np.tan(np.radians(10)) / np.tan(np.radians(20)) / 2)


def test_a_positive_roll_lets_the_horizon_fall_to_the_right() -> None:
    view = replace(LEVEL, roll=8.0)
    frame = optics.frame_of(view, (0, 0, 0))
    left, right = (frame.origin + 1e4 * np.array([x, 1.0, 0.0]) for x in (-0.2, 0.2))
    heights = [optics.seen_at(view, frame, tuple(place))[1] for place in (left, right)]
    assert heights[1] - heights[0] == pytest.approx(0.4 * np.tan(np.radians(8)) / 0.728, rel=0.05)


def test_what_is_in_focus_has_no_circle_of_confusion() -> None:
    assert optics.blur_at(LEVEL, np.array([4.0]))[0] == 0


def test_the_aperture_for_a_blur_gives_that_blur() -> None:
    view = replace(LEVEL, aperture=optics.aperture_for(LEVEL, 0.03, 9.0))
    assert optics.blur_at(view, np.array([9.0]))[0] == pytest.approx(0.03)


def test_a_portrait_lens_blurs_a_far_background_as_the_lens_maker_says() -> None:
    # 85 mm at f/4 on a 24 mm frame, three meters away: 85² / (4 x 2915) = 0.62 mm of 24.
    fov = float(2 * np.degrees(np.arctan(12 / 85)))
    view = replace(LEVEL, fov=fov, distance=3.0, focus=3.0, aperture=0.085 / 4 / 2)
    assert optics.blur_at(view, np.array([1e9]))[0] == pytest.approx(0.62 / 24, rel=0.05)


def test_field_classes_leave_a_margin_between_them() -> None:
    blurs = [0.001, 0.005, 0.01, 0.02, 0.05]
    assert [field_class(blur) for blur in blurs] == ["deep", None, "medium", None, "shallow"]


def test_a_blurred_background_is_a_shallow_field() -> None:
    spec = replace(plan(1), view=replace(LEVEL, aperture=0.2))
    subject = np.zeros((20, 30), dtype=bool)
    subject[5:15, 10:20] = True
    depth = np.where(subject, 4.0, 12.0)
    found = focus_truth(spec, subject, depth)
    assert (found["depth_of_field"], found["subject_sharp"]) == ("shallow", True)


def test_temperatures_have_classes() -> None:
    assert [temperature_class(kelvin) for kelvin in (2800, 6000, 9000)] == [
        "warm",
        "neutral",
        "cool",
    ]


@pytest.mark.parametrize("kelvin", [2500, 4000, 6500, 9000])
def test_the_color_of_light_has_its_temperature(kelvin: float) -> None:
    assert correlated(light_color(kelvin)) == pytest.approx(kelvin, rel=0.02)


def test_the_sky_gives_an_upward_surface_the_planned_irradiance(plans: list[SceneSpec]) -> None:
    spec = next(spec for spec in plans if spec.backdrop.kind == "wall" and spec.lamps)
    luminance = ambient_color(spec) @ np.array([0.2126, 0.7152, 0.0722])
    assert luminance == pytest.approx(spec.ambient.irradiance)


def test_light_under_an_even_sky_has_no_direction(plans: list[SceneSpec]) -> None:
    spec = next(spec for spec in plans if not spec.lamps)
    known = light_truth(spec, optics.frame_of(spec.view, spec.hero.center))
    assert (known["azimuth"], known["hardness"]) == (None, "soft")


def test_a_studio_has_no_camera_angle(plans: list[SceneSpec]) -> None:
    spec = next(spec for spec in plans if spec.family == "studio")
    assert camera_truth(spec, {"backdrop": 1.0})["angle"] is None


def test_a_roll_needs_a_level_line(plans: list[SceneSpec]) -> None:
    spec = next(spec for spec in plans if spec.family == "room" and abs(spec.view.pitch) < 50)
    seen = [{"ground": 1.0}, {"backdrop": 1.0}, {"ground": 0.5, "backdrop": 0.5}]
    rolls = [camera_truth(spec, areas)["roll"] for areas in seen]
    assert rolls == [None, None, round(spec.view.roll, 2)]


def test_a_box_is_in_fractions() -> None:
    mask = np.zeros((10, 20), dtype=bool)
    mask[2:4, 5:15] = True
    assert box_of(mask) == [0.25, 0.2, 0.5, 0.2]


def test_placement_leaves_a_margin_between_center_and_thirds() -> None:
    places = [placement(across) for across in (0.33, 0.42, 0.5, 0.58, 0.67)]
    assert places == ["left", None, "center", None, "right"]


def test_the_palette_has_the_area_of_each_surface() -> None:
    shown = np.zeros((10, 10), dtype=np.int64)
    shown[:, :3] = -1
    pixels = np.where(shown[..., None] < 0, 200, 50).astype(np.uint8).repeat(3, axis=2)
    swatches = palette_truth(plan(1), ("hero",), shown, pixels)["swatches"]
    assert isinstance(swatches, list)
    assert [(each["of"], each["area"]) for each in swatches] == [("hero", 0.7), ("sky", 0.3)]


def test_the_truth_has_every_facet() -> None:
    spec = plan(1)
    shown = np.zeros((10, 10), dtype=np.int64)
    shown[4:6, 4:6] = 1
    layers = (shown, np.full((10, 10), 5.0))
    found = truth(spec, ("ground", "hero"), layers, np.zeros((10, 10, 3), dtype=np.uint8))
    assert {"light", "focus", "camera", "composition", "palette"} <= set(found)


@pytest.mark.parametrize("shape", meshes.REPORT_SHAPES)
def test_shapes_are_centered_and_two_long(shape: str) -> None:
    assert meshes.half_sides(meshes.build(shape, 3)).max() == pytest.approx(1)


@pytest.mark.parametrize("shape", meshes.REPORT_SHAPES)
def test_shapes_are_turned_outward(shape: str) -> None:
    mesh = meshes.build(shape, 3)
    first, second, third = (mesh.vertices[mesh.faces[:, corner]] for corner in range(3))
    volume = (first * np.cross(second, third)).sum() / 6
    assert volume > 0.3


def test_a_saved_shape_is_a_ply_file_of_its_size(tmp_path: Path) -> None:
    path = tmp_path / "box.ply"
    mesh = meshes.build("box", 0)
    meshes.save(mesh, path)
    body = path.read_bytes().partition(b"end_header\n")[2]
    assert len(body) == len(mesh.vertices) * 20 + len(mesh.faces) * 13


@pytest.mark.parametrize("texture", textures.REPORT_TEXTURES)
def test_textures_stay_between_their_colors(texture: str) -> None:
    material = Material("matte", texture, ((0.2, 0.3, 0.1), (0.4, 0.5, 0.6)), 1.0, 5)
    albedo = textures.draw(material)
    assert albedo.min() >= 0.1 - 1e-6
    assert albedo.max() <= 0.6 + 1e-6


def test_a_streak_is_as_long_as_asked_along_its_angle() -> None:
    kernel = streak(12, 30)
    rows, columns = np.indices(kernel.shape) - kernel.shape[0] // 2
    along = columns * np.cos(np.radians(30)) - rows * np.sin(np.radians(30))
    assert np.sqrt((kernel * along**2).sum()) == pytest.approx(12 / np.sqrt(12), rel=0.05)


def test_motion_keeps_the_light() -> None:
    light = np.random.default_rng(0).random((40, 60, 3))
    assert moved(light, 8, 100).mean() == pytest.approx(light.mean(), rel=0.02)


def test_middle_gray_is_developed_to_middle_gray() -> None:
    light = np.full((8, 8, 3), 3.7)
    assert develop(light, Film(0.0, "srgb", 0.0, 90), 1).mean() == pytest.approx(118, abs=1)


def test_srgb_is_encoded_and_decoded() -> None:
    values = np.linspace(0, 1, 21)
    assert decode(encode(values)) == pytest.approx(values)
