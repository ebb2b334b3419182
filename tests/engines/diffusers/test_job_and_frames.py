"""The parts of the diffusers engine that need neither torch nor a model."""

from collections.abc import Callable, Iterator
from threading import Event

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagetoprompt.core.plan import Control, Margins, Mask, Plan
from imagetoprompt.engines.diffusers import diffusers_options
from imagetoprompt.engines.diffusers.compositing import (
    composite,
    context_box,
    extended_canvas,
    match_colors,
)
from imagetoprompt.engines.diffusers.generation_job import (
    ControlInputs,
    control_inputs,
    join_windows,
    tile_windows,
)
from imagetoprompt.engines.diffusers.long_prompts import parse_weights, token_chunks
from imagetoprompt.engines.diffusers.model_families import families, family_of
from imagetoprompt.engines.diffusers.model_frames import (
    crop_from_frame,
    frame_for_picture,
    model_frame,
    pad_to_frame,
)
from imagetoprompt.engines.diffusers.worker_thread import ProgressReporter, run_in_thread
from imagetoprompt.engines.step_counts import MAX_ASKED_STEPS, step_plan
from imagetoprompt.errors import MaskError, PlanError, RefusedError
from imagetoprompt.images.masks import mask_weights
from imagetoprompt.images.picture import Pixels

SIDES = st.integers(1, 400)


def noise(width: int, height: int, seed: int = 0) -> Pixels:
    drawn = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return np.asarray(cv2.GaussianBlur(drawn, (0, 0), 2), np.uint8)


@given(width=SIDES, height=SIDES, multiple=st.sampled_from([8, 16]))
def test_a_frame_has_sides_that_a_model_takes(width: int, height: int, multiple: int) -> None:
    found = model_frame((width, height), multiple, 64)
    assert [side % multiple for side in found.padded] == [0, 0]
    rest = [whole - part for whole, part in zip(found.padded, found.scaled, strict=True)]
    assert all(0 <= each < multiple for each in rest)


@given(width=SIDES, height=SIDES)
def test_there_and_back_is_the_size_of_the_picture(width: int, height: int) -> None:
    pixels = noise(width, height)
    into = model_frame((width, height), 8, 64)
    assert pad_to_frame(pixels, into).shape == (into.padded[1], into.padded[0], 3)
    assert crop_from_frame(pad_to_frame(pixels, into), into).shape == pixels.shape


def test_a_picture_of_a_good_size_comes_back_bit_by_bit() -> None:
    pixels = noise(65, 63)
    into = model_frame((65, 63), 8, 64)
    assert into.padded == (72, 64)
    assert np.array_equal(crop_from_frame(pad_to_frame(pixels, into), into), pixels)


def test_the_border_is_the_picture_mirrored() -> None:
    pixels = noise(65, 63)
    given = pad_to_frame(pixels, model_frame((65, 63), 8, 64))
    assert np.array_equal(given[:63, 65:72], pixels[:, 57:64][:, ::-1])


def test_a_large_picture_is_painted_at_half_as_much_again_as_the_model_knows() -> None:
    width, height = model_frame((4000, 3000), 8, 512).scaled
    assert abs(width * height / 512**2 - 1.5) < 0.01


def test_a_small_picture_is_painted_larger() -> None:
    width, height = model_frame((40, 30), 8, 512).scaled
    assert abs(width * height / 512**2 - 0.5) < 0.01


def test_allowed_sizes_are_chosen_by_shape() -> None:
    kontext = next(each for each in families() if each.name == "kontext")
    assert frame_for_picture((1920, 1080), kontext.sizes, 16, 1.0).padded == (1392, 752)
    assert frame_for_picture((500, 500), kontext.sizes, 16, 1.0).padded == (1024, 1024)


@pytest.mark.parametrize("rule", ["diffusers", "diffusers-flow"])
@given(want=st.integers(1, 60), hundredths=st.integers(1, 100))
def test_a_step_plan_runs_what_is_wanted_or_all_that_there_is(
    rule: str, want: int, hundredths: int
) -> None:
    strength = hundredths / 100
    found = step_plan(rule, want, strength)
    assert found is not None
    most = MAX_ASKED_STEPS * hundredths // 100
    assert found.run == min(want, most)
    assert found.asked <= MAX_ASKED_STEPS


def test_a_strength_too_small_for_one_step_has_no_plan() -> None:
    assert step_plan("diffusers", 20, 0.0) is None
    assert step_plan("diffusers", 20, 0.001) is None
    assert step_plan("", 20, 0.0) is None


def test_without_a_rule_all_steps_run() -> None:
    found = step_plan("", 7, 0.3)
    assert found is not None
    assert (found.asked, found.run) == (7, 7)


def test_short_prompts_are_one_chunk() -> None:
    assert token_chunks([1, 2, 3], 9) == [[1, 2, 3]]
    assert token_chunks([], 9) == [[]]


def test_weights_are_read_and_brackets_unescaped() -> None:
    found = parse_weights(r"photograph, (cup of coffee:1.2), deep focus \(soft\)")
    plain, last = "photograph, ", ", deep focus (soft)"
    assert found == [(plain, 1.0), ("cup of coffee", 1.2), (last, 1.0)]
    assert parse_weights("(a, b) c") == [("(a, b) c", 1.0)]
    assert parse_weights("") == []


def test_long_prompts_break_after_the_last_comma_of_a_chunk() -> None:
    ids = [*range(100, 160), 9, *range(200, 260)]
    assert token_chunks(ids, 9) == [ids[:61], ids[61:]]


@given(ids=st.lists(st.integers(0, 20), max_size=400))
def test_no_token_is_lost_and_no_chunk_too_long(ids: list[int]) -> None:
    found = token_chunks(ids, 9)
    assert [each for chunk in found for each in chunk] == ids
    assert max(len(chunk) for chunk in found) <= 75


def test_what_is_outside_a_mask_stays_to_the_last_bit() -> None:
    original, painted = noise(60, 40), noise(60, 40, seed=1)
    share = mask_weights(Mask(((0.25, 0.25, 0.5, 0.5),), feather=0.1), (60, 40), (60, 40))
    mixed = composite(original, painted, share)
    outside = np.ones((40, 60), bool)
    outside[10:30, 15:45] = False
    assert np.array_equal(mixed[outside], original[outside])
    assert np.array_equal(mixed[20, 30], painted[20, 30])


def test_the_window_of_a_small_mask_has_its_surroundings() -> None:
    share = np.zeros((100, 200), np.float32)
    share[40:51, 60:71] = 1
    assert context_box(share) == (slice(34, 57), slice(54, 77))


def test_the_window_of_a_large_mask_is_everything() -> None:
    share = np.zeros((100, 100), np.float32)
    share[10:60, 10:60] = 1
    assert context_box(share) == (slice(0, 100), slice(0, 100))


def test_an_extended_picture_holds_the_old_one_unchanged() -> None:
    pixels = noise(65, 63)
    wide, share = extended_canvas(pixels, Margins(left=0.25, right=0.5, bottom=0.1), (114, 69))
    assert wide.shape == (69, 114, 3)
    assert np.array_equal(wide[:63, 16:81], pixels)
    assert (share[:63, 16:81].max(), share[68, 100]) == (0, 1)


def test_no_margins_are_refused() -> None:
    with pytest.raises(MaskError, match="margins are too narrow"):
        extended_canvas(noise(20, 20), Margins(), (20, 20))


def test_matched_colors_have_the_mean_of_the_original() -> None:
    original = noise(60, 40) // 2 + 60
    tinted = np.clip(original * np.array([1.1, 0.9, 0.8]), 0, 255).astype(np.uint8)
    found = match_colors(tinted, original)
    assert np.abs(found.mean(axis=(0, 1)) - original.mean(axis=(0, 1))).max() < 1.5
    assert np.abs(tinted.mean(axis=(0, 1)) - original.mean(axis=(0, 1))).max() > 10


def test_with_next_to_nothing_known_no_color_is_moved() -> None:
    original, painted = noise(60, 40), noise(60, 40, seed=1)
    known = np.zeros((40, 60), bool)
    assert np.array_equal(match_colors(painted, original, known), painted)


@given(width=st.integers(1, 500), height=st.integers(1, 500))
def test_windows_cover_everything(width: int, height: int) -> None:
    to_pixels = np.zeros((height, width), np.uint8)
    for rows, columns in tile_windows((width, height), 64):
        assert rows.stop - rows.start <= 64
        to_pixels[rows, columns] = 1
    assert to_pixels.all()


def test_tiles_of_one_picture_join_to_that_picture() -> None:
    pixels = noise(150, 100)
    places = tile_windows((150, 100), 64)
    assert np.array_equal(join_windows([pixels[place] for place in places], places, pixels), pixels)


def test_the_family_is_told_by_the_class() -> None:
    names = {
        "StableDiffusionPipeline": "sd",
        "StableDiffusionInpaintPipeline": "sd",
        "StableDiffusionXLPipeline": "sdxl",
        "StableDiffusionXLInpaintPipeline": "sdxl",
        "StableDiffusion3Pipeline": "sd3",
        "StableDiffusionUpscalePipeline": "upscaler",
        "FluxPipeline": "flux",
        "FluxFillPipeline": "fill",
        "FluxKontextPipeline": "kontext",
    }
    assert {name: family_of(name, "a model").name for name in names} == names


@pytest.mark.parametrize("name", ["StableDiffusionInstructPix2PixPipeline", "WanPipeline"])
def test_a_model_of_another_make_is_refused(name: str) -> None:
    with pytest.raises(RefusedError, match=f"'owner/model' is a {name}"):
        family_of(name, "owner/model")


@pytest.mark.parametrize(
    ("name", "kinds", "followed", "changed"),
    [
        ("sd", ("lineart", "pose"), ("lineart", "pose"), ()),
        ("sdxl", ("lineart", "pose"), ("canny", "pose"), ("canny for lineart",)),
        ("sdxl", ("lineart", "canny"), ("canny",), ("canny left out",)),
        ("sdxl", ("recolor",), (), ("recolor left out",)),
        ("flux", ("lineart", "depth"), ("canny",), ("canny for lineart", "depth left out")),
        ("kontext", ("depth",), (), ("depth left out",)),
    ],
)
def test_controls_that_nobody_asked_for_may_be_replaced_or_left_out(
    name: str, kinds: tuple[str, ...], followed: tuple[str, ...], changed: tuple[str, ...]
) -> None:
    family = next(each for each in families() if each.name == name)
    reasons = {f"control {kind}": "It keeps something." for kind in kinds}
    controls = tuple(Control(kind, 0.8) for kind in kinds)
    plan = Plan("restyle", 0.5, (64, 64), controls=controls, reasons=reasons)
    found = control_inputs(plan, family, tuple(family.controls))
    assert tuple(each.kind for each in found.controls) == followed
    assert set(found.changed) >= set(changed)


def test_nothing_is_downloaded_for_a_control_that_nobody_asked_for() -> None:
    family = next(each for each in families() if each.name == "sd")
    reasons = {"control canny": "It keeps edges."}
    plan = Plan("restyle", 0.5, (64, 64), controls=(Control("canny", 0.8),), reasons=reasons)
    assert control_inputs(plan, family, ()) == ControlInputs((), ("canny left out",))


def test_controls_that_were_asked_for_stay() -> None:
    family = next(each for each in families() if each.name == "sdxl")
    wished = Plan("restyle", 0.5, (64, 64), controls=(Control("lineart", 0.8),))
    assert control_inputs(wished, family, ()) == ControlInputs(wished.controls)


def test_a_network_that_is_here_is_used() -> None:
    family = next(each for each in families() if each.name == "sdxl")
    reasons = {"control lineart": "It keeps something."}
    plan = Plan("restyle", 0.5, (64, 64), controls=(Control("lineart", 0.8),), reasons=reasons)
    assert control_inputs(plan, family, ("lineart",)) == ControlInputs(plan.controls)


def test_options_are_read_from_words() -> None:
    assert diffusers_options.parse_integer("steps", "20") == 20
    assert diffusers_options.parse_number("guidance", "3.5") == 3.5
    assert (
        diffusers_options.parse_yes_no("match", "no"),
        diffusers_options.parse_yes_no("match", None),
    ) == (
        False,
        None,
    )
    assert diffusers_options.parse_pairs("controlnets", "canny=a/b, depth=c") == {
        "canny": "a/b",
        "depth": "c",
    }


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (diffusers_options.parse_integer, "many"),
        (diffusers_options.parse_integer, "2.5"),
        (diffusers_options.parse_integer, -1),
        (diffusers_options.parse_number, "nan"),
        (diffusers_options.parse_yes_no, "perhaps"),
        (diffusers_options.parse_pairs, "canny"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    read: Callable[[str, object], object], value: object
) -> None:
    with pytest.raises(PlanError, match=f"The option steps is '{value}'; "):
        read("steps", value)


def test_running_tells_each_step_and_gives_the_result() -> None:
    def work(tell: ProgressReporter[int]) -> str:
        tell(1)
        tell(2)
        return "done"

    steps = run_in_thread(work, Event())
    assert [next(steps), next(steps)] == [1, 2]
    with pytest.raises(StopIteration) as ended:
        next(steps)
    assert ended.value.value == "done"


def test_closing_the_steps_stops_the_work() -> None:
    to_pixels: list[int] = []

    def work(tell: ProgressReporter[int]) -> None:
        for step in range(1_000_000):
            tell(step)
            to_pixels.append(step)

    steps = run_in_thread(work, Event())
    next(steps)
    steps.close()
    assert len(to_pixels) < 1_000_000


def test_what_the_work_raises_is_raised_to_who_waits() -> None:
    def work(tell: ProgressReporter[int]) -> None:
        tell(1)
        raise RefusedError("no")

    def waiting() -> Iterator[int]:
        yield from run_in_thread(work, Event())

    with pytest.raises(RefusedError, match="no"):
        list(waiting())
