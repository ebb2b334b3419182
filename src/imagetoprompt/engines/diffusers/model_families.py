"""Families of models (SD, SDXL, FLUX …): classes, limits and defaults, from model_families.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from imagetoprompt.core.plan import Request
from imagetoprompt.errors import RefusedError
from imagetoprompt.lexicon import table


@dataclass(frozen=True)
class Family:
    """A family of models. The top of model_families.toml explains the other fields.

    classes: the pipeline's class by its inputs: image, mask, control, control-mask. controls: a
    network for each kind of map, and under "class" the class of all of them. instead: which kind
    replaces a kind that has no network. style: the method and model that take the style of another
    picture. sizes: the only sizes it takes, in pixels. enlarges: factor by which the picture comes
    out larger. together: maximum number of controls at once.
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
    def uses_clip_chunks(self) -> bool:
        """Whether prompts are encoded in chunks of 75 CLIP tokens."""
        return self.text == "clip"


DEFAULT_VARIANT: Final = "stable_diffusion:xl"


@cache
def families() -> tuple[Family, ...]:
    """All families, in the order of the table."""
    return tuple(
        _family(name, row) for name, row in table("model_families", __package__)["families"].items()
    )


def family_of(class_name: str, model: str) -> Family:
    """The family of a model with that pipeline class; RefusedError for an unknown class."""
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
    return max(fitting, key=lambda match: match[0])[1]


def model_for(request: Request) -> str:
    """The model on the Hub for the prompt's target and variant, and for the plan's task."""
    name = f"{request.prompt.target}:{request.prompt.variant}"
    models = table("model_families", __package__)["models"]
    if request.plan.mask is not None or request.plan.task in ("inpaint", "outpaint"):
        models = {**models, **table("model_families", __package__)["masked"]}
    return str(models.get(name, models[DEFAULT_VARIANT]))


def _family(name: str, row: Mapping[str, object]) -> Family:
    values = {key: tuple(value) if key == "pipelines" else value for key, value in row.items()}  # type: ignore[arg-type]
    sizes = tuple((int(wide), int(high)) for wide, high in row.get("sizes", ()))  # type: ignore[attr-defined]
    return Family(name=name, **{**values, "sizes": sizes})  # type: ignore[arg-type]
