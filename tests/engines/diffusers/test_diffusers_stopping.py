"""The diffusers engine stops, runs out of memory, and refuses; on models of random weights."""

from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("torch", reason="needs the extra [diffusers]: make test-diffusers")
pytest.importorskip("diffusers", reason="needs the extra [diffusers]: make test-diffusers")

import torch
from tests.engines.diffusers.engine_inputs import (
    MIDDLE,
    SIZE,
    drawn_picture,
    last_painting,
    opened_engine,
    paint,
    pipe_of,
    plan_for,
    request_for,
    saved_model,
)

from imagetoprompt.core.plan import Control, Reference, Request
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.engines import Painting, Progress
from imagetoprompt.engines.diffusers import memory
from imagetoprompt.engines.diffusers.pipelines import PipelineParts
from imagetoprompt.errors import PlanError, RefusedError, UnknownNameError, UnreachableError

if TYPE_CHECKING:
    from imagetoprompt.engines.diffusers.diffusers_engine import DiffusersEngine

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")


def test_cancelling_stops_without_a_decode_and_the_engine_goes_on(model_folder: Path) -> None:
    cancel = Event()
    with opened_engine(saved_model(model_folder, "sd"), steps=5, cancel=cancel) as engine:
        paint(engine, request_for(plan_for()))
        decoded = decodes(engine)
        steps = engine.paint(request_for(plan_for()), drawn_picture())
        assert next(step for step in steps if isinstance(step, Progress) and step.step == 2)
        cancel.set()
        assert [each for each in steps if isinstance(each, Painting)] == []
        assert decoded == []
        cancel.clear()
        assert paint(engine, request_for(plan_for())).picture.size == SIZE
        assert decoded == [1]


def test_closing_the_steps_stops_without_a_decode(model_folder: Path) -> None:
    with opened_engine(saved_model(model_folder, "sd"), steps=400) as engine:
        paint(engine, request_for(plan_for(strength=0.01)))
        decoded = decodes(engine)
        steps = engine.paint(request_for(plan_for(strength=1.0)), drawn_picture())
        next(step for step in steps if isinstance(step, Progress) and step.step == 1)
        steps.close()  # type: ignore[attr-defined]
    assert decoded == []


def decodes(engine: "DiffusersEngine") -> list[int]:
    """A list that grows by one with each picture that the model's VAE decodes from now on."""
    to_pixels: list[int] = []
    vae = pipe_of(engine).vae
    decode = vae.decode

    def counted(*fields: object, **named: object) -> object:
        to_pixels.append(1)
        return decode(*fields, **named)

    vae.decode = counted
    return to_pixels


@pytest.mark.parametrize("fails", [1, 2])
def test_when_memory_runs_out_it_tries_with_less_and_says_so(
    model_folder: Path, fails: int
) -> None:
    with opened_engine(saved_model(model_folder, "sd")) as engine:
        paint(engine, request_for(plan_for()))
        exhaust(engine, fails)
        steps = list(engine.paint(request_for(plan_for()), drawn_picture()))
    fields = [each.phase for each in steps if isinstance(each, Progress) and "memory" in each.phase]
    names = [memory_plan.name for memory_plan in memory.memory_plans("cpu", "auto", 0)]
    assert fields == [f"out of memory with: {name}; trying with less" for name in names[:fails]]
    assert last_painting(steps).facts["memory"] == names[fails]
    assert last_painting(steps).picture.size == SIZE


def test_when_nothing_helps_it_says_what_to_do(model_folder: Path) -> None:
    with opened_engine(saved_model(model_folder, "sd")) as engine:
        paint(engine, request_for(plan_for()))
        exhaust(engine, 9)
        with pytest.raises(RefusedError, match="does not fit into the memory"):
            list(engine.paint(request_for(plan_for()), drawn_picture()))


def exhaust(engine: "DiffusersEngine", times: int) -> None:
    """Let the model's network run out of memory so many times."""
    unet, left = pipe_of(engine).unet, [times]
    forward = unet.forward

    def short(*fields: object, **named: object) -> object:
        left[0] -= 1
        if left[0] >= 0:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return forward(*fields, **named)

    unet.forward = short


def test_what_a_model_cannot_do_is_refused_before_it_is_loaded(model_folder: Path) -> None:
    with (
        opened_engine(saved_model(model_folder, "fill")) as engine,
        pytest.raises(RefusedError, match="image"),
    ):
        list(engine.paint(request_for(plan_for()), drawn_picture()))
    assert engine._pipelines is None


def test_a_model_that_fills_masks_wants_one(model_folder: Path) -> None:
    with (
        opened_engine(saved_model(model_folder, "sd_inpaint")) as engine,
        pytest.raises(RefusedError, match="only paints within a mask"),
    ):
        list(engine.paint(request_for(plan_for()), drawn_picture()))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"controls": (Control("recolor", 0.5),)}, "There is no network for the control 'recolor'"),
        ({"references": (Reference("structure", "x.png"),)}, "reference for its structure"),
        ({"task": "inpaint"}, "needs a mask"),
        ({"task": "outpaint"}, "needs margins"),
    ],
)
def test_what_is_missing_is_said(
    engine: "DiffusersEngine", fields: dict[str, object], says: str
) -> None:
    engine.draw = lambda _, picture: picture
    with pytest.raises(RefusedError, match=says):
        list(engine.paint(request_for(plan_for(**fields)), drawn_picture()))  # type: ignore[arg-type]


def test_a_command_to_paste_is_no_prompt(engine: "DiffusersEngine") -> None:
    request = Request("midjourney", "8", "command", {}, Prompt("midjourney", "8", "x"), plan_for())
    with pytest.raises(RefusedError, match="written for stable_diffusion or flux"):
        list(engine.paint(request, drawn_picture()))


def test_a_model_that_was_never_downloaded_is_unreachable_offline() -> None:
    says = "'nobody/nothing' is neither a folder nor.*HF_HUB_OFFLINE forbids"
    with pytest.raises(UnreachableError, match=says):
        opened_engine("nobody/nothing").__enter__()


def test_a_folder_that_is_not_there_or_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="There is no folder"):
        opened_engine(f"{tmp_path}/none").__enter__()
    with pytest.raises(RefusedError, match="holds no complete model"):
        opened_engine(str(tmp_path)).__enter__()


def test_a_folder_without_its_weights_is_refused(model_folder: Path, tmp_path: Path) -> None:
    index = Path(saved_model(model_folder, "sd")) / "model_index.json"
    (tmp_path / "model_index.json").write_bytes(index.read_bytes())
    with (
        opened_engine(str(tmp_path)) as engine,
        pytest.raises(RefusedError, match="holds no complete model"),
    ):
        list(engine.paint(request_for(plan_for()), drawn_picture()))


def test_unknown_choices_are_named_with_the_known_ones(model_folder: Path) -> None:
    folder = saved_model(model_folder, "sd")
    with pytest.raises(UnknownNameError, match="No device named 'tpu'"):
        opened_engine(folder, device="tpu").__enter__()
    with pytest.raises(UnknownNameError, match="No dtype named 'int8'"):
        opened_engine(folder, dtype="int8").__enter__()
    with (
        opened_engine(folder, offload="disk") as engine,
        pytest.raises(UnknownNameError, match="disk"),
    ):
        list(engine.paint(request_for(plan_for()), drawn_picture()))
    with pytest.raises(PlanError, match="give a whole number"):
        opened_engine(folder, steps=-1).__enter__()


def test_a_pipeline_is_kept_for_the_next_painting(engine: "DiffusersEngine") -> None:
    paint(engine, request_for(plan_for()))
    before = pipe_of(engine)
    paint(engine, request_for(plan_for(seed=2)))
    assert pipe_of(engine) is before
    paint(engine, request_for(plan_for("inpaint", mask=MIDDLE)))
    assert pipe_of(engine).unet is before.unet
    assert PipelineParts(mask=True).kind == "mask"


def test_memory_plans_begin_with_the_offload_that_the_user_asks_for() -> None:
    offloads = [memory_plan.offload for memory_plan in memory.memory_plans("cuda", "model", 0)]
    assert offloads == ["model", "group", "sequential", "sequential"]
