"""What the tests of the diffusers engine paint, with what, and how they ask for it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np
from tests.engines.diffusers import tiny_models

from imagetoprompt.core.plan import Mask, Plan, Request
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.engines import ENGINES, Painting, Step
from imagetoprompt.images.picture import Picture, open_picture

if TYPE_CHECKING:
    from imagetoprompt.engines.diffusers.diffusers_engine import DiffusersEngine

SIZE = (65, 63)
MIDDLE = Mask(((0.25, 0.25, 0.5, 0.5),), feather=0.05)


def drawn_picture(width: int = 65, height: int = 63) -> Picture:
    down, across = np.mgrid[0:height, 0:width]
    pixels = np.stack([across * 3, down * 3, across + down], axis=-1) % 256
    cv2.circle(pixels := pixels.astype(np.uint8), (width // 2, height // 2), 12, (200, 40, 30), -1)
    return open_picture(pixels)


def request_for(plan: Plan, text: str = "a cat, sitting", negative: str = "") -> Request:
    prompt = Prompt("stable_diffusion", "1.5", text, negative)
    return Request("stable_diffusion", "1.5", "settings", {}, prompt, plan)


def plan_for(task: str = "restyle", strength: float = 0.5, **fields: object) -> Plan:
    values = {"size": SIZE, "seed": 1, **fields}
    return Plan(task, strength, **values)  # type: ignore[arg-type]


def last_painting(steps: list[Step]) -> Painting:
    assert isinstance(steps[-1], Painting)
    return steps[-1]


def saved_model(model_folder: Path, name: str) -> str:
    """The folder of the model of that name, made on first use."""
    folder = model_folder / name
    if not folder.exists():
        tiny_models.written(getattr(tiny_models, name), folder)
    return str(folder)


def opened_engine(folder: str, **options: object) -> "DiffusersEngine":
    usual = {"model": folder, "device": "cpu", "steps": 3, "native": 64, "previews": 0}
    return cast("DiffusersEngine", ENGINES.open("diffusers", **{**usual, **options}))


def paint(engine: "DiffusersEngine", request: Request, picture: Picture | None = None) -> Painting:
    return last_painting(list(engine.paint(request, picture or drawn_picture())))


def pipe_of(engine: "DiffusersEngine") -> Any:
    assert engine._pipelines is not None
    return engine._pipelines._pipe
