"""Family: what is the same for all models of one make, as rows of lexicon/diffusers.toml.

It does not load any model, nor know torch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from imagetoprompt.core.plan import Request
from imagetoprompt.errors import RefusedError
from imagetoprompt.lexicon import table


@dataclass(frozen=True)
class Family:
    """One make of model. The fields are explained at the top of lexicon/diffusers.toml.

    classes: the pipeline's class by what it is given: image, mask, control, control-mask.
    controls: a network for each kind of map, and under "class" the class of all of them. instead:
    which kind stands in for one that has no network. style: how the look of another picture is
    told, and by which model. sizes: the only sizes it takes.
    enlarges: how many times larger the picture comes out. together: how many controls at once.
    """

    name: str
    pipelines: tuple[str, ...]
    rule: str
    multiple: int
    native: int
    steps: int
    guidance: float
    text: str | int
    classes: Mapping[str, str] = field(hash=False)
    controls: Mapping[str, str] = field(default_factory=dict, hash=False)
    style: Mapping[str, str] = field(default_factory=dict, hash=False)
    instead: Mapping[str, str] = field(default_factory=dict, hash=False)
    sizes: tuple[tuple[int, int], ...] = ()
    enlarges: int = 1
    together: int = 4

    @property
    def chunked(self) -> bool:
        """Whether prompts are encoded in chunks of 75 CLIP tokens."""
        return self.text == "clip"


DEFAULT: Final = "stable_diffusion:xl"


@cache
def families() -> tuple[Family, ...]:
    """All of them, in the order of the table."""
    return tuple(_family(name, row) for name, row in table("diffusers")["families"].items())


def family_of(class_name: str, model: str) -> Family:
    """The family of a model whose pipeline has that class; RefusedError when it is none of ours."""
    fitting = [
        (len(start), family)
        for family in families()
        for start in family.pipelines
        if class_name == start or (class_name.startswith(start) and start != "StableDiffusion")
    ]
    if not fitting:
        known = ", ".join(family.classes.get("image", "FluxFillPipeline") for family in families())
        raise RefusedError(
            f"'{model}' is a {class_name}, which the engine diffusers cannot use; give a model of "
            f"one of these: {known}."
        )
    return max(fitting, key=lambda each: each[0])[1]


def model_for(request: Request) -> str:
    """The model on the Hub for what the prompt was written for, and for what is to be done."""
    name = f"{request.prompt.target}:{request.prompt.variant}"
    models = table("diffusers")["models"]
    if request.plan.mask is not None or request.plan.task in ("inpaint", "outpaint"):
        models = {**models, **table("diffusers")["masked"]}
    return str(models.get(name, models[DEFAULT]))


def _family(name: str, row: Mapping[str, object]) -> Family:
    values = {key: tuple(value) if key == "pipelines" else value for key, value in row.items()}  # type: ignore[arg-type]
    sizes = tuple((int(wide), int(high)) for wide, high in row.get("sizes", ()))  # type: ignore[attr-defined]
    return Family(name=name, **{**values, "sizes": sizes})  # type: ignore[arg-type]
