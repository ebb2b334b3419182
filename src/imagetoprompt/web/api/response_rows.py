"""Rows: what the tables of choices hold, for the document.

It does not make any table.
"""

from typing import Literal

from imagetoprompt.core.plan import Task
from imagetoprompt.web.api.response_models import Shape
from imagetoprompt.web.api.scene_models import Facet


class ControlTold(Shape):
    """A kind of map, what it keeps, other names for it, and who takes it."""

    kind: str
    keeps: str
    also: list[str]
    takers: list[str]


class ControlsTold(Shape):
    """The kinds of maps there are."""

    version: Literal[1]
    controls: list[ControlTold]


class PresetTold(Shape):
    """A named change: what it sets, how strong it is, and which structure is worth keeping."""

    name: str
    title: str
    kind: str
    strength: float
    controls: list[str]
    set: dict[Facet, str]
    remove: list[Facet]


class PresetsTold(Shape):
    """The presets in the order of their table."""

    version: Literal[1]
    presets: list[PresetTold]


class LimitTold(Shape):
    """How long a prompt may be, as the target counts; hard when it cuts or refuses."""

    count: int
    unit: str
    hard: bool


class VariantTold(Shape):
    """One variant of a target: how it is written to, and what it can do."""

    name: str
    title: str
    manner: Literal["tags", "phrases", "prose"]
    limit: LimitTold
    negatives: Literal["field", "parameter", "sentence", "rewrite", "none"]
    facets: list[Facet]
    untold: dict[str, str]
    text: bool
    weights: bool
    asks: Literal["ratio", "size"]
    sizes: list[list[int]]
    tasks: list[Task]
    controls: list[str]
    sources: list[str]


class TargetRow(Shape):
    """A target; its first variant is the default. ways: its services and models."""

    target: str
    ways: list[str]
    variants: list[VariantTold]


class TargetsTold(Shape):
    """Whom prompts are written for."""

    version: Literal[1]
    targets: list[TargetRow]


class EngineTold(Shape):
    """What paints here: its tasks, and whether it can, or why not."""

    engine: str
    available: bool
    why: str
    tasks: list[Task]


class EnginesTold(Shape):
    """The engines that this server offers."""

    version: Literal[1]
    engines: list[EngineTold]


class TaskTold(Shape):
    """What can be done to a picture, and who can."""

    task: Task
    title: str
    who: list[str]


class TasksTold(Shape):
    """The tasks."""

    version: Literal[1]
    tasks: list[TaskTold]


class FacetTold(Shape):
    """A facet; many: whether a picture may have several facts of it."""

    facet: Facet
    many: bool


class FacetsTold(Shape):
    """The facets, in the order in which people describe a picture."""

    version: Literal[1]
    facets: list[FacetTold]


class UsesTold(Shape):
    """The uses of today: null where nothing is counted. back: seconds until there are more."""

    version: Literal[1]
    limited: bool
    left: int | None
    limit: int | None
    back: int | None
