"""The diffusers engine paints, on models of random weights; `make test-diffusers` runs these."""

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra [diffusers]: make test-diffusers")
pytest.importorskip("diffusers", reason="needs the extra [diffusers]: make test-diffusers")

import torch
from tests.engines.diffusers import tiny_models
from tests.engines.diffusers.engine_inputs import (
    MIDDLE,
    SIZE,
    drawn_picture,
    last_painting,
    opened_engine,
    paint,
    plan_for,
    request_for,
    saved_model,
)

from imagetoprompt.core.plan import Control, FacetChange, Margins, Mask, Reference
from imagetoprompt.engines import EngineChoice, Progress
from imagetoprompt.engines.diffusers import loading
from imagetoprompt.engines.diffusers.long_prompts import encode_prompt
from imagetoprompt.errors import RefusedError
from imagetoprompt.facts.edits import preset
from imagetoprompt.images.picture import Picture, open_picture
from imagetoprompt.pipeline import transform
from imagetoprompt.planning import PlanOptions

if TYPE_CHECKING:
    from imagetoprompt.engines.diffusers.diffusers_engine import DiffusersEngine

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")

LONG = "a red barn beside a still lake, " * 12


@pytest.mark.parametrize("name", ["sd", "sdxl", "sd3", "flux", "kontext"])
def test_what_comes_out_is_as_large_as_what_went_in(model_folder: Path, name: str) -> None:
    with opened_engine(saved_model(model_folder, name)) as engine:
        made = paint(engine, request_for(plan_for()))
    assert (made.picture.size, made.picture.pixels.shape) == (SIZE, (63, 65, 3))
    assert not np.array_equal(made.picture.pixels, drawn_picture().pixels)


@pytest.mark.parametrize("size", [(7, 9), (64, 64), (200, 31), (33, 120)])
def test_any_size_comes_out_as_it_went_in(engine: "DiffusersEngine", size: tuple[int, int]) -> None:
    assert (
        paint(engine, request_for(plan_for(size=size)), drawn_picture(*size)).picture.size == size
    )


def test_a_gray_picture_and_one_with_alpha_are_painted_like_others(
    engine: "DiffusersEngine",
) -> None:
    gray = open_picture(cv2.cvtColor(drawn_picture().pixels, cv2.COLOR_RGB2GRAY))
    clear = open_picture(np.dstack([drawn_picture().pixels, np.full((63, 65), 128, np.uint8)]))
    assert [
        paint(engine, request_for(plan_for()), each).picture.pixels.shape for each in (gray, clear)
    ] == [
        (63, 65, 3),
        (63, 65, 3),
    ]


@pytest.mark.parametrize("name", ["sd", "sdxl", "sd3", "flux", "kontext", "fill", "sd_inpaint"])
def test_outside_the_mask_nothing_changes(model_folder: Path, name: str) -> None:
    with opened_engine(saved_model(model_folder, name)) as engine:
        made = paint(engine, request_for(plan_for("inpaint", 0.8, mask=MIDDLE)))
    outside = np.ones((63, 65), bool)
    outside[16:47, 16:49] = False
    assert np.array_equal(made.picture.pixels[outside], drawn_picture().pixels[outside])
    assert not np.array_equal(made.picture.pixels, drawn_picture().pixels)


def test_a_small_mask_of_a_large_picture_is_painted_alone(engine: "DiffusersEngine") -> None:
    picture, size = drawn_picture(400, 300), (400, 300)
    small = plan_for("inpaint", 0.8, size=size, mask=Mask(((0.5, 0.5, 0.1, 0.1),)))
    made = paint(engine, request_for(small), picture)
    changed = np.argwhere((made.picture.pixels != picture.pixels).any(axis=2))
    assert changed.min(axis=0).tolist() == [150, 200]
    assert changed.max(axis=0).tolist() == [179, 239]


@pytest.mark.parametrize(
    ("want", "strength"),
    [(1, 0.9), (3, 0.05), (3, 0.35), (4, 0.58), (7, 0.29), (5, 0.7), (6, 0.56), (2, 1.0)],
)
@pytest.mark.parametrize("name", ["sd", "flux"])
def test_exactly_the_wanted_steps_run(
    model_folder: Path, name: str, want: int, strength: float
) -> None:
    with opened_engine(saved_model(model_folder, name), steps=want) as engine:
        steps = list(engine.paint(request_for(plan_for(strength=strength)), drawn_picture()))
    told = [(each.step, each.total) for each in steps if isinstance(each, Progress)]
    assert told == [(done, want) for done in range(want + 1)]
    assert last_painting(steps).facts["steps"] == want


def test_no_strength_keeps_the_picture(engine: "DiffusersEngine") -> None:
    made = paint(engine, request_for(plan_for(strength=0.0)))
    assert np.array_equal(made.picture.pixels, drawn_picture().pixels)


def test_more_strength_moves_further(engine: "DiffusersEngine") -> None:
    least, less, more = (
        paint(engine, request_for(plan_for(strength=strength))).picture.pixels.astype(int)
        for strength in (0.01, 0.1, 0.9)
    )
    assert 0 < np.abs(less - least).mean() < np.abs(more - least).mean()


def test_the_same_seed_paints_the_same(engine: "DiffusersEngine") -> None:
    same = [paint(engine, request_for(plan_for())).picture.digest for _ in range(2)]
    other = paint(engine, request_for(plan_for(seed=2))).picture.digest
    assert same[0] == same[1] != other


def test_without_a_seed_the_request_gives_one(engine: "DiffusersEngine") -> None:
    one, same = (paint(engine, request_for(plan_for(seed=None))) for _ in range(2))
    other = paint(engine, request_for(plan_for(seed=None), text="a dog"))
    assert (one.seed, one.picture.digest) == (same.seed, same.picture.digest)
    assert one.seed != other.seed


def test_words_past_the_first_chunk_count(engine: "DiffusersEngine") -> None:
    one, other = (
        paint(engine, request_for(plan_for(strength=0.9), text=LONG + end))
        for end in ("", "at night")
    )
    assert one.picture.digest != other.picture.digest


@pytest.mark.parametrize("name", ["sd", "sdxl"])
@pytest.mark.parametrize("negative", ["", "blurry"])
def test_a_short_prompt_is_encoded_as_the_pipeline_does(
    model_folder: Path, name: str, negative: str
) -> None:
    folder = saved_model(model_folder, name)
    pipe = loading.load_component(
        loading.family(folder).classes["image"], folder, torch.float32, {}
    )
    ours = encode_prompt(pipe, "a cat", negative)
    theirs = pipe.encode_prompt(
        "a cat",
        device="cpu",
        num_images_per_prompt=1,
        do_classifier_free_guidance=True,
        negative_prompt=negative or None,
    )
    found = (ours.words, ours.negative, ours.pooled, ours.pooled_negative)
    for one, other in zip(found, theirs, strict=False):
        assert torch.equal(one, other)


def test_weighed_words_alone_are_moved(model_folder: Path) -> None:
    folder = saved_model(model_folder, "sd")
    pipe = loading.load_component("StableDiffusionImg2ImgPipeline", folder, torch.float32, {})
    plain, heavy = (encode_prompt(pipe, text, "").words for text in ("a cat, b", "a (cat:1.3), b"))
    moved = (plain != heavy).any(dim=2)[0].nonzero().flatten().tolist()
    assert moved == [2, 3, 4]


def test_both_prompts_have_as_many_chunks(model_folder: Path) -> None:
    folder = saved_model(model_folder, "sdxl")
    pipe = loading.load_component("StableDiffusionXLImg2ImgPipeline", folder, torch.float32, {})
    found = encode_prompt(pipe, "a cat", LONG)
    assert found.words.shape == found.negative.shape
    assert found.words.shape[1] % 77 == 0
    assert found.words.shape[1] > 77


@pytest.mark.parametrize("name", ["sd", "flux"])
def test_previews_are_small_pictures_of_what_is_painted(model_folder: Path, name: str) -> None:
    with opened_engine(saved_model(model_folder, name), steps=4, previews=2) as engine:
        steps = list(engine.paint(request_for(plan_for(strength=0.1)), drawn_picture()))
    to_pixels = [each.preview for each in steps if isinstance(each, Progress)]
    assert [each is not None for each in to_pixels] == [False, False, True, False, False]
    assert to_pixels[2] is not None
    assert max(to_pixels[2].size) <= 10


def test_controls_change_what_is_painted_and_are_as_large(model_folder: Path) -> None:
    net = saved_model(model_folder, "controlnet")
    asked_for: list[tuple[str, tuple[int, int]]] = []

    def draw(kind: str, picture: Picture) -> Picture:
        asked_for.append((kind, picture.size))
        return open_picture(255 - picture.pixels)

    nets = {"canny": net, "depth": net}
    with opened_engine(saved_model(model_folder, "sd"), controlnets=nets, draw=draw) as engine:
        free = paint(engine, request_for(plan_for()))
        one = paint(engine, request_for(plan_for(controls=(Control("canny", 0.8),))))
        two = plan_for(controls=(Control("canny", 0.8), Control("depth", 0.5)))
        both = paint(engine, request_for(two))
        again = paint(engine, request_for(plan_for()))
    assert asked_for == [("canny", SIZE), ("canny", SIZE), ("depth", SIZE)]
    assert len({free.picture.digest, one.picture.digest, both.picture.digest}) == 3
    assert again.picture.digest == free.picture.digest


def test_flux_follows_one_control_and_refuses_two(model_folder: Path) -> None:
    net = saved_model(model_folder, "flux_controlnet")
    nets = {"canny": net, "depth": net}
    one = (Control("canny", 0.8),)
    with opened_engine(
        saved_model(model_folder, "flux"), controlnets=nets, draw=lambda _, each: each
    ) as engine:
        made = paint(engine, request_for(plan_for(controls=one)))
        with pytest.raises(RefusedError, match="follows at most 1 control at a time, not 2"):
            paint(engine, request_for(plan_for(controls=(*one, Control("depth", 0.5)))))
    assert made.picture.size == SIZE


def test_a_control_within_a_mask(model_folder: Path) -> None:
    plan = plan_for("inpaint", mask=MIDDLE, controls=(Control("canny", 0.5),))
    nets = {"canny": saved_model(model_folder, "controlnet")}
    with opened_engine(
        saved_model(model_folder, "sd"), controlnets=nets, draw=lambda _, each: each
    ) as engine:
        made = paint(engine, request_for(plan))
    assert np.array_equal(made.picture.pixels[:16], drawn_picture().pixels[:16])


def test_the_style_of_another_picture_changes_what_is_painted(
    model_folder: Path, tmp_path: Path
) -> None:
    cv2.imwrite(str(tmp_path / "style.png"), np.full((50, 40, 3), (200, 60, 20), np.uint8))
    style = Reference("style", str(tmp_path / "style.png"), 0.8)
    adapter = str(tiny_models.ip_adapter(tmp_path))
    with opened_engine(saved_model(model_folder, "sd"), style_model=adapter) as engine:
        plain = paint(engine, request_for(plan_for(strength=0.9)))
        styled = paint(engine, request_for(plan_for("style-from-image", 0.9, references=(style,))))
        again = paint(engine, request_for(plan_for(strength=0.9)))
    assert plain.picture.digest == again.picture.digest != styled.picture.digest


def test_flux_takes_a_style_through_redux(model_folder: Path, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "style.png"), np.full((50, 40, 3), (200, 60, 20), np.uint8))
    style = Reference("style", str(tmp_path / "style.png"), 0.8)
    with opened_engine(
        saved_model(model_folder, "flux"), style_model=saved_model(model_folder, "redux")
    ) as engine:
        plain = paint(engine, request_for(plan_for(strength=0.9)))
        styled = paint(
            engine, request_for(plan_for("style-from-image", 0.9, references=(style, style)))
        )
    assert plain.picture.digest != styled.picture.digest


def test_outpainting_keeps_the_picture_within(engine: "DiffusersEngine") -> None:
    margins = Margins(left=0.25, right=0.5, bottom=0.1)
    made = paint(engine, request_for(plan_for("outpaint", margins=margins, size=(114, 69))))
    assert made.picture.size == (114, 69)
    assert np.array_equal(made.picture.pixels[:63, 16:81], drawn_picture().pixels)


def test_upscaling_paints_tiles_one_after_the_other(engine: "DiffusersEngine") -> None:
    plan = plan_for("upscale", 0.3, size=(130, 126), scale=2)
    steps = list(engine.paint(request_for(plan), drawn_picture()))
    told = [each.step for each in steps if isinstance(each, Progress)]
    assert (told, last_painting(steps).picture.size) == (list(range(13)), (130, 126))


def test_an_upscaler_gives_four_times_the_size(model_folder: Path) -> None:
    with opened_engine(saved_model(model_folder, "upscaler")) as engine:
        plan = plan_for("upscale", 0.3, size=(260, 252), scale=4)
        assert paint(engine, request_for(plan)).picture.size == (260, 252)


def test_colors_are_brought_back_where_the_task_keeps_them(engine: "DiffusersEngine") -> None:
    changed = FacetChange("palette", "", "blue tones")
    kept = paint(engine, request_for(plan_for("vary", 0.9)))
    free = paint(engine, request_for(plan_for("vary", 0.9, changes=(changed,))))
    mean = drawn_picture().pixels.mean()
    assert abs(kept.picture.pixels.mean() - mean) < abs(free.picture.pixels.mean() - mean)


def test_a_transformation_draws_its_maps_and_reads_options_as_words(model_folder: Path) -> None:
    net = saved_model(model_folder, "controlnet")
    words = {
        "model": saved_model(model_folder, "sd"),
        "steps": "2",
        "native": "64",
        "device": "cpu",
    }
    choice = EngineChoice("diffusers", options={**words, "controlnets": f"canny={net}"})
    options = PlanOptions(keep=("canny",), seed=3)
    steps = list(transform(drawn_picture(), preset("watercolor").edits, options, choice))
    made = last_painting(steps)
    assert (made.picture.size, made.seed, made.facts["steps"]) == (SIZE, 3, 2)


def test_maps_that_nobody_asked_for_and_no_network_follows_are_left_out(model_folder: Path) -> None:
    reasons = {"control canny": "It keeps edges."}
    plan = plan_for(controls=(Control("canny", 0.8),), reasons=reasons)
    with opened_engine(saved_model(model_folder, "kontext")) as engine:
        made = paint(engine, request_for(plan))
    assert made.facts["controls_changed"] == "canny left out"
