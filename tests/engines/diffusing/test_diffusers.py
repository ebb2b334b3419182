"""The diffusers engine on models of random weights; `make test-diffusers` runs these."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra [diffusers]: make test-diffusers")
pytest.importorskip("diffusers", reason="needs the extra [diffusers]: make test-diffusers")

import torch
from tests.engines.diffusing import models

from imagetoprompt.edit import preset
from imagetoprompt.engines import ENGINES, Painting, Progress, Step
from imagetoprompt.engines.diffusing import loading, memory
from imagetoprompt.engines.diffusing.prompts import encoded
from imagetoprompt.engines.diffusing.studio import Fittings
from imagetoprompt.errors import PlanError, RefusedError, UnknownNameError, UnreachableError
from imagetoprompt.picture import Picture, open_picture
from imagetoprompt.plan import Changed, Control, Margins, Mask, Plan, Reference, Request
from imagetoprompt.planning import Wishes
from imagetoprompt.prompt import Prompt
from imagetoprompt.transforming import Choice, transform

if TYPE_CHECKING:
    from imagetoprompt.engines.diffusers import Diffusers
    from imagetoprompt.engines.diffusing.foreign import Pipe

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")

SIZE = (65, 63)
MIDDLE = Mask(((0.25, 0.25, 0.5, 0.5),), feather=0.05)
LONG = "a red barn beside a still lake, " * 12
PHASE = "painting"


def drawn(width: int = 65, height: int = 63) -> Picture:
    down, across = np.mgrid[0:height, 0:width]
    pixels = np.stack([across * 3, down * 3, across + down], axis=-1) % 256
    cv2.circle(pixels := pixels.astype(np.uint8), (width // 2, height // 2), 12, (200, 40, 30), -1)
    return open_picture(pixels)


def asked(plan: Plan, text: str = "a cat, sitting", negative: str = "") -> Request:
    prompt = Prompt("stable_diffusion", "1.5", text, negative)
    return Request("stable_diffusion", "1.5", "settings", {}, prompt, plan)


def planned(task: str = "restyle", strength: float = 0.5, **told: object) -> Plan:
    values = {"size": SIZE, "seed": 1, **told}
    return Plan(task, strength, **values)  # type: ignore[arg-type]


def painting(steps: list[Step]) -> Painting:
    assert isinstance(steps[-1], Painting)
    return steps[-1]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return tmp_path_factory.mktemp("models")


def model(shelf: Path, name: str) -> str:
    """The folder of the model of that name, made on first use."""
    folder = shelf / name
    if not folder.exists():
        models.written(getattr(models, name), folder)
    return str(folder)


def opened(folder: str, **options: object) -> "Diffusers":
    usual = {"model": folder, "device": "cpu", "steps": 3, "native": 64, "previews": 0}
    return cast("Diffusers", ENGINES.open("diffusers", **{**usual, **options}))


@pytest.fixture(scope="module")
def engine(shelf: Path) -> Iterator["Diffusers"]:
    with opened(model(shelf, "sd")) as made:
        yield made


def paint(engine: "Diffusers", request: Request, picture: Picture | None = None) -> Painting:
    return painting(list(engine.paint(request, picture or drawn())))


def pipe_of(engine: "Diffusers") -> "Pipe":
    assert engine._studio is not None
    return engine._studio._pipe


@pytest.mark.parametrize("name", ["sd", "sdxl", "sd3", "flux", "kontext"])
def test_what_comes_out_is_as_large_as_what_went_in(shelf: Path, name: str) -> None:
    with opened(model(shelf, name)) as engine:
        made = paint(engine, asked(planned()))
    assert (made.picture.size, made.picture.pixels.shape) == (SIZE, (63, 65, 3))
    assert not np.array_equal(made.picture.pixels, drawn().pixels)


@pytest.mark.parametrize("size", [(7, 9), (64, 64), (200, 31), (33, 120)])
def test_any_size_comes_out_as_it_went_in(engine: "Diffusers", size: tuple[int, int]) -> None:
    assert paint(engine, asked(planned(size=size)), drawn(*size)).picture.size == size


def test_a_grey_picture_and_one_with_alpha_are_painted_like_others(engine: "Diffusers") -> None:
    grey = open_picture(cv2.cvtColor(drawn().pixels, cv2.COLOR_RGB2GRAY))
    clear = open_picture(np.dstack([drawn().pixels, np.full((63, 65), 128, np.uint8)]))
    assert [
        paint(engine, asked(planned()), each).picture.pixels.shape for each in (grey, clear)
    ] == [
        (63, 65, 3),
        (63, 65, 3),
    ]


@pytest.mark.parametrize("name", ["sd", "sdxl", "sd3", "flux", "kontext", "fill", "sd_inpaint"])
def test_outside_the_mask_nothing_changes(shelf: Path, name: str) -> None:
    with opened(model(shelf, name)) as engine:
        made = paint(engine, asked(planned("inpaint", 0.8, mask=MIDDLE)))
    outside = np.ones((63, 65), bool)
    outside[16:47, 16:49] = False
    assert np.array_equal(made.picture.pixels[outside], drawn().pixels[outside])
    assert not np.array_equal(made.picture.pixels, drawn().pixels)


def test_a_small_mask_of_a_large_picture_is_painted_alone(engine: "Diffusers") -> None:
    picture, size = drawn(400, 300), (400, 300)
    small = planned("inpaint", 0.8, size=size, mask=Mask(((0.5, 0.5, 0.1, 0.1),)))
    made = paint(engine, asked(small), picture)
    changed = np.argwhere((made.picture.pixels != picture.pixels).any(axis=2))
    assert changed.min(axis=0).tolist() == [150, 200]
    assert changed.max(axis=0).tolist() == [179, 239]


@pytest.mark.parametrize(
    ("want", "strength"),
    [(1, 0.9), (3, 0.05), (3, 0.35), (4, 0.58), (7, 0.29), (5, 0.7), (6, 0.56), (2, 1.0)],
)
@pytest.mark.parametrize("name", ["sd", "flux"])
def test_exactly_the_wanted_steps_run(shelf: Path, name: str, want: int, strength: float) -> None:
    with opened(model(shelf, name), steps=want) as engine:
        steps = list(engine.paint(asked(planned(strength=strength)), drawn()))
    told = [(each.step, each.total) for each in steps if isinstance(each, Progress)]
    assert told == [(done, want) for done in range(want + 1)]
    assert painting(steps).facts["steps"] == want


def test_no_strength_keeps_the_picture(engine: "Diffusers") -> None:
    made = paint(engine, asked(planned(strength=0.0)))
    assert np.array_equal(made.picture.pixels, drawn().pixels)


def test_more_strength_moves_further(engine: "Diffusers") -> None:
    least, less, more = (
        paint(engine, asked(planned(strength=strength))).picture.pixels.astype(int)
        for strength in (0.01, 0.1, 0.9)
    )
    assert 0 < np.abs(less - least).mean() < np.abs(more - least).mean()


def test_the_same_seed_paints_the_same(engine: "Diffusers") -> None:
    same = [paint(engine, asked(planned())).picture.digest for _ in range(2)]
    other = paint(engine, asked(planned(seed=2))).picture.digest
    assert same[0] == same[1] != other


def test_without_a_seed_the_request_gives_one(engine: "Diffusers") -> None:
    one, same = (paint(engine, asked(planned(seed=None))) for _ in range(2))
    other = paint(engine, asked(planned(seed=None), text="a dog"))
    assert (one.seed, one.picture.digest) == (same.seed, same.picture.digest)
    assert one.seed != other.seed


def test_words_past_the_first_chunk_count(engine: "Diffusers") -> None:
    one, other = (
        paint(engine, asked(planned(strength=0.9), text=LONG + end)) for end in ("", "at night")
    )
    assert one.picture.digest != other.picture.digest


@pytest.mark.parametrize("name", ["sd", "sdxl"])
@pytest.mark.parametrize("negative", ["", "blurry"])
def test_a_short_prompt_is_encoded_as_the_pipeline_does(
    shelf: Path, name: str, negative: str
) -> None:
    folder = model(shelf, name)
    pipe = loading.loaded(loading.family(folder).classes["image"], folder, torch.float32, {})
    ours = encoded(pipe, "a cat", negative)
    theirs = pipe.encode_prompt(
        "a cat",
        device="cpu",
        num_images_per_prompt=1,
        do_classifier_free_guidance=True,
        negative_prompt=negative or None,
    )
    found = (ours.words, ours.without, ours.pooled, ours.pooled_without)
    for one, other in zip(found, theirs, strict=False):
        assert torch.equal(one, other)


def test_weighed_words_alone_are_moved(shelf: Path) -> None:
    folder = model(shelf, "sd")
    pipe = loading.loaded("StableDiffusionImg2ImgPipeline", folder, torch.float32, {})
    plain, heavy = (encoded(pipe, text, "").words for text in ("a cat, b", "a (cat:1.3), b"))
    moved = (plain != heavy).any(dim=2)[0].nonzero().flatten().tolist()
    assert moved == [2, 3, 4]


def test_both_prompts_have_as_many_chunks(shelf: Path) -> None:
    folder = model(shelf, "sdxl")
    pipe = loading.loaded("StableDiffusionXLImg2ImgPipeline", folder, torch.float32, {})
    found = encoded(pipe, "a cat", LONG)
    assert found.words.shape == found.without.shape
    assert found.words.shape[1] % 77 == 0
    assert found.words.shape[1] > 77


def test_cancelling_stops_without_a_decode_and_the_engine_goes_on(shelf: Path) -> None:
    cancel = Event()
    with opened(model(shelf, "sd"), steps=5, cancel=cancel) as engine:
        paint(engine, asked(planned()))
        decoded = decodes(engine)
        steps = engine.paint(asked(planned()), drawn())
        assert next(step for step in steps if isinstance(step, Progress) and step.step == 2)
        cancel.set()
        assert [each for each in steps if isinstance(each, Painting)] == []
        assert decoded == []
        cancel.clear()
        assert paint(engine, asked(planned())).picture.size == SIZE
        assert decoded == [1]


def test_closing_the_steps_stops_without_a_decode(shelf: Path) -> None:
    with opened(model(shelf, "sd"), steps=400) as engine:
        paint(engine, asked(planned(strength=0.01)))
        decoded = decodes(engine)
        steps = engine.paint(asked(planned(strength=1.0)), drawn())
        next(step for step in steps if isinstance(step, Progress) and step.step == 1)
        steps.close()  # type: ignore[attr-defined]
    assert decoded == []


def decodes(engine: "Diffusers") -> list[int]:
    """A list that grows by one with each picture that the model's VAE decodes from now on."""
    seen: list[int] = []
    vae = pipe_of(engine).vae
    decode = vae.decode

    def counted(*told: object, **named: object) -> object:
        seen.append(1)
        return decode(*told, **named)

    vae.decode = counted
    return seen


@pytest.mark.parametrize("name", ["sd", "flux"])
def test_previews_are_small_pictures_of_what_is_painted(shelf: Path, name: str) -> None:
    with opened(model(shelf, name), steps=4, previews=2) as engine:
        steps = list(engine.paint(asked(planned(strength=0.1)), drawn()))
    seen = [each.preview for each in steps if isinstance(each, Progress)]
    assert [each is not None for each in seen] == [False, False, True, False, False]
    assert seen[2] is not None
    assert max(seen[2].size) <= 10


def test_controls_change_what_is_painted_and_are_as_large(shelf: Path) -> None:
    net = model(shelf, "controlnet")
    asked_for: list[tuple[str, tuple[int, int]]] = []

    def draw(kind: str, picture: Picture) -> Picture:
        asked_for.append((kind, picture.size))
        return open_picture(255 - picture.pixels)

    nets = {"canny": net, "depth": net}
    with opened(model(shelf, "sd"), controlnets=nets, draw=draw) as engine:
        free = paint(engine, asked(planned()))
        one = paint(engine, asked(planned(controls=(Control("canny", 0.8),))))
        two = planned(controls=(Control("canny", 0.8), Control("depth", 0.5)))
        both = paint(engine, asked(two))
        again = paint(engine, asked(planned()))
    assert asked_for == [("canny", SIZE), ("canny", SIZE), ("depth", SIZE)]
    assert len({free.picture.digest, one.picture.digest, both.picture.digest}) == 3
    assert again.picture.digest == free.picture.digest


def test_flux_follows_one_control_and_refuses_two(shelf: Path) -> None:
    net = model(shelf, "flux_controlnet")
    nets = {"canny": net, "depth": net}
    one = (Control("canny", 0.8),)
    with opened(model(shelf, "flux"), controlnets=nets, draw=lambda _, each: each) as engine:
        made = paint(engine, asked(planned(controls=one)))
        with pytest.raises(RefusedError, match="follows 1 control at a time, not 2"):
            paint(engine, asked(planned(controls=(*one, Control("depth", 0.5)))))
    assert made.picture.size == SIZE


def test_a_control_within_a_mask(shelf: Path) -> None:
    plan = planned("inpaint", mask=MIDDLE, controls=(Control("canny", 0.5),))
    nets = {"canny": model(shelf, "controlnet")}
    with opened(model(shelf, "sd"), controlnets=nets, draw=lambda _, each: each) as engine:
        made = paint(engine, asked(plan))
    assert np.array_equal(made.picture.pixels[:16], drawn().pixels[:16])


def test_the_style_of_another_picture_changes_what_is_painted(shelf: Path, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "style.png"), np.full((50, 40, 3), (200, 60, 20), np.uint8))
    style = Reference("style", str(tmp_path / "style.png"), 0.8)
    adapter = str(models.ip_adapter(tmp_path))
    with opened(model(shelf, "sd"), style_model=adapter) as engine:
        plain = paint(engine, asked(planned(strength=0.9)))
        styled = paint(engine, asked(planned("style-from-image", 0.9, references=(style,))))
        again = paint(engine, asked(planned(strength=0.9)))
    assert plain.picture.digest == again.picture.digest != styled.picture.digest


def test_flux_takes_a_style_through_redux(shelf: Path, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "style.png"), np.full((50, 40, 3), (200, 60, 20), np.uint8))
    style = Reference("style", str(tmp_path / "style.png"), 0.8)
    with opened(model(shelf, "flux"), style_model=model(shelf, "redux")) as engine:
        plain = paint(engine, asked(planned(strength=0.9)))
        styled = paint(engine, asked(planned("style-from-image", 0.9, references=(style, style))))
    assert plain.picture.digest != styled.picture.digest


def test_outpainting_keeps_the_picture_within(engine: "Diffusers") -> None:
    margins = Margins(left=0.25, right=0.5, bottom=0.1)
    made = paint(engine, asked(planned("outpaint", margins=margins, size=(114, 69))))
    assert made.picture.size == (114, 69)
    assert np.array_equal(made.picture.pixels[:63, 16:81], drawn().pixels)


def test_upscaling_paints_tiles_one_after_the_other(engine: "Diffusers") -> None:
    plan = planned("upscale", 0.3, size=(130, 126), scale=2)
    steps = list(engine.paint(asked(plan), drawn()))
    told = [each.step for each in steps if isinstance(each, Progress)]
    assert (told, painting(steps).picture.size) == (list(range(13)), (130, 126))


def test_an_upscaler_gives_four_times_the_size(shelf: Path) -> None:
    with opened(model(shelf, "upscaler")) as engine:
        plan = planned("upscale", 0.3, size=(260, 252), scale=4)
        assert paint(engine, asked(plan)).picture.size == (260, 252)


def test_colours_are_brought_back_where_the_task_keeps_them(engine: "Diffusers") -> None:
    changed = Changed("palette", "", "blue tones")
    kept = paint(engine, asked(planned("vary", 0.9)))
    free = paint(engine, asked(planned("vary", 0.9, changes=(changed,))))
    mean = drawn().pixels.mean()
    assert abs(kept.picture.pixels.mean() - mean) < abs(free.picture.pixels.mean() - mean)


@pytest.mark.parametrize("fails", [1, 2])
def test_when_memory_runs_out_it_tries_with_less_and_says_so(shelf: Path, fails: int) -> None:
    with opened(model(shelf, "sd")) as engine:
        paint(engine, asked(planned()))
        exhaust(engine, fails)
        steps = list(engine.paint(asked(planned()), drawn()))
    told = [each.phase for each in steps if isinstance(each, Progress) and "memory" in each.phase]
    names = [rung.name for rung in memory.rungs("cpu", "auto", 0)]
    assert told == [f"out of memory with: {name}; trying with less" for name in names[:fails]]
    assert painting(steps).facts["memory"] == names[fails]
    assert painting(steps).picture.size == SIZE


def test_when_nothing_helps_it_says_what_to_do(shelf: Path) -> None:
    with opened(model(shelf, "sd")) as engine:
        paint(engine, asked(planned()))
        exhaust(engine, 9)
        with pytest.raises(RefusedError, match="does not fit into the memory"):
            list(engine.paint(asked(planned()), drawn()))


def exhaust(engine: "Diffusers", times: int) -> None:
    """Let the model's network run out of memory so many times."""
    unet, left = pipe_of(engine).unet, [times]
    forward = unet.forward

    def short(*told: object, **named: object) -> object:
        left[0] -= 1
        if left[0] >= 0:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return forward(*told, **named)

    unet.forward = short


def test_what_a_model_cannot_do_is_refused_before_it_is_loaded(shelf: Path) -> None:
    with opened(model(shelf, "fill")) as engine, pytest.raises(RefusedError, match="image"):
        list(engine.paint(asked(planned()), drawn()))
    assert engine._studio is None


def test_a_model_that_fills_masks_wants_one(shelf: Path) -> None:
    with (
        opened(model(shelf, "sd_inpaint")) as engine,
        pytest.raises(RefusedError, match="only paints within a mask"),
    ):
        list(engine.paint(asked(planned()), drawn()))


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"controls": (Control("recolour", 0.5),)}, "No network keeps 'recolour'"),
        ({"references": (Reference("structure", "x.png"),)}, "reference for its structure"),
        ({"task": "inpaint"}, "needs a mask"),
        ({"task": "outpaint"}, "needs margins"),
    ],
)
def test_what_is_missing_is_said(engine: "Diffusers", told: dict[str, object], says: str) -> None:
    engine.draw = lambda _, picture: picture
    with pytest.raises(RefusedError, match=says):
        list(engine.paint(asked(planned(**told)), drawn()))  # type: ignore[arg-type]


def test_a_command_to_paste_is_no_prompt(engine: "Diffusers") -> None:
    request = Request("midjourney", "8", "command", {}, Prompt("midjourney", "8", "x"), planned())
    with pytest.raises(RefusedError, match="written for stable_diffusion or flux"):
        list(engine.paint(request, drawn()))


def test_a_model_that_was_never_downloaded_is_unreachable_offline() -> None:
    says = "'nobody/nothing' is neither a folder nor.*HF_HUB_OFFLINE forbids"
    with pytest.raises(UnreachableError, match=says):
        opened("nobody/nothing").__enter__()


def test_a_folder_that_is_not_there_or_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="There is no folder"):
        opened(f"{tmp_path}/none").__enter__()
    with pytest.raises(RefusedError, match="holds no whole model"):
        opened(str(tmp_path)).__enter__()


def test_a_folder_without_its_weights_is_refused(shelf: Path, tmp_path: Path) -> None:
    index = Path(model(shelf, "sd")) / "model_index.json"
    (tmp_path / "model_index.json").write_bytes(index.read_bytes())
    with (
        opened(str(tmp_path)) as engine,
        pytest.raises(RefusedError, match="holds no whole model"),
    ):
        list(engine.paint(asked(planned()), drawn()))


def test_unknown_choices_are_named_with_the_known_ones(shelf: Path) -> None:
    folder = model(shelf, "sd")
    with pytest.raises(UnknownNameError, match="No device named 'tpu'"):
        opened(folder, device="tpu").__enter__()
    with pytest.raises(UnknownNameError, match="No dtype named 'int8'"):
        opened(folder, dtype="int8").__enter__()
    with opened(folder, offload="disk") as engine, pytest.raises(UnknownNameError, match="disk"):
        list(engine.paint(asked(planned()), drawn()))
    with pytest.raises(PlanError, match="give a whole number"):
        opened(folder, steps=-1).__enter__()


def test_a_pipeline_is_kept_for_the_next_painting(engine: "Diffusers") -> None:
    paint(engine, asked(planned()))
    before = pipe_of(engine)
    paint(engine, asked(planned(seed=2)))
    assert pipe_of(engine) is before
    paint(engine, asked(planned("inpaint", mask=MIDDLE)))
    assert pipe_of(engine).unet is before.unet
    assert Fittings(mask=True).kind == "mask"


def test_a_transformation_draws_its_maps_and_reads_options_as_words(shelf: Path) -> None:
    net = model(shelf, "controlnet")
    words = {"model": model(shelf, "sd"), "steps": "2", "native": "64", "device": "cpu"}
    choice = Choice("diffusers", options={**words, "controlnets": f"canny={net}"})
    wishes = Wishes(keep=("canny",), seed=3)
    steps = list(transform(drawn(), preset("watercolor").edits, wishes, choice))
    made = painting(steps)
    assert (made.picture.size, made.seed, made.facts["steps"]) == (SIZE, 3, 2)


def test_maps_that_nobody_asked_for_and_no_network_follows_are_left_out(shelf: Path) -> None:
    reasons = {"control canny": "It keeps edges."}
    plan = planned(controls=(Control("canny", 0.8),), reasons=reasons)
    with opened(model(shelf, "kontext")) as engine:
        made = paint(engine, asked(plan))
    assert made.facts["controls_changed"] == "canny left out"


def test_the_ladder_of_a_graphics_card_begins_where_the_user_says() -> None:
    offloads = [rung.offload for rung in memory.rungs("cuda", "model", 0)]
    assert offloads == ["model", "group", "sequential", "sequential"]
