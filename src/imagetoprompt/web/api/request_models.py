"""Request bodies: validated here, then converted to values of the Python API at once.

Pictures are named by their ids.
"""

from typing import Annotated, TypeAlias

from pydantic import ConfigDict, Field, field_validator, model_validator

from imagetoprompt.core.plan import Margins, Mask, Reference, Role, Task
from imagetoprompt.core.scene import Facet
from imagetoprompt.engines import DEFAULT_ENGINE
from imagetoprompt.facts.edits import Edit, EditKind
from imagetoprompt.planning import PlanOptions
from imagetoprompt.planning.options import TASK_ALIASES
from imagetoprompt.targets import DEFAULT_TARGET
from imagetoprompt.web.api.scene_models import Model, SceneBody, Size, Unit
from imagetoprompt.web.query import PageQuery, normalized_query

ID_PATTERN = "^[A-Za-z0-9_-]{16,64}$"
EXAMPLE_ID = "3q2-7wAbCdEfGhIjKlMnOp"

PictureId: TypeAlias = Annotated[
    str,
    Field(pattern=ID_PATTERN, examples=[EXAMPLE_ID], description="The id of a stored picture."),
]
Short: TypeAlias = Annotated[str, Field(min_length=1, max_length=60)]
Value: TypeAlias = Annotated[str, Field(max_length=500)]
TargetName: TypeAlias = Annotated[
    str,
    Field(
        pattern="^[a-z][a-z0-9_-]{0,30}(:[a-z0-9._-]{1,30})?$",
        description="A target, or one of its variants after a colon; GET /targets lists them.",
        examples=["flux", "stable_diffusion:xl"],
    ),
]
Fraction: TypeAlias = Annotated[float, Field(ge=0, le=2)]


Region: TypeAlias = Annotated[
    list[Unit],
    Field(min_length=4, max_length=4, description="x, y, width and height as fractions."),
]
Targets: TypeAlias = Annotated[
    list[TargetName],
    Field(
        default_factory=list, max_length=30, description="The targets to write for; all if empty."
    ),
]


class EditBody(Model):
    """One change of one facet: set, add, remove, lock or unlock."""

    facet: Facet
    value: Value = ""
    how: EditKind = "set"

    def edit(self) -> Edit:
        """The edit as a value of the Python API."""
        return Edit(self.facet, self.value.strip(), self.how)


class MaskBody(Model):
    """Where to paint: either boxes in fractions, or the id of a picture that is white there.

    feather: the width of the soft edge, as a fraction of the longer side.
    """

    boxes: Annotated[list[Region], Field(default_factory=list, max_length=20)]
    source: PictureId | None = None
    feather: Unit = 0.0

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "required": ["boxes"],
                    "properties": {"boxes": {"minItems": 1}, "source": {"type": "null"}},
                },
                {
                    "required": ["source"],
                    "properties": {"source": {"type": "string"}, "boxes": {"maxItems": 0}},
                },
            ]
        }
    )

    @model_validator(mode="after")
    def _one(self) -> "MaskBody":
        if bool(self.boxes) == bool(self.source):
            raise ValueError("give either boxes or the id of a picture as source")
        return self

    def mask(self) -> Mask:
        """The mask as a value of the Python API."""
        boxes = tuple((box[0], box[1], box[2], box[3]) for box in self.boxes)
        return Mask(boxes, self.source or "", self.feather)


class ReferenceBody(Model):
    """Another picture and what to take from it. weight: 0 to 1."""

    role: Role
    source: PictureId
    weight: Unit = 0.5


class MarginsBody(Model):
    """How far the result reaches beyond each side, as fractions of the width or height."""

    left: Fraction = 0.0
    top: Fraction = 0.0
    right: Fraction = 0.0
    bottom: Fraction = 0.0


class WishesBody(Model):
    """The plan options. What you leave out is chosen for you, and the plan says why."""

    task: Task | None = None
    strength: Unit | None = None
    mask: MaskBody | None = None
    keep: Annotated[list[Short], Field(default_factory=list, max_length=10)]
    references: Annotated[list[ReferenceBody], Field(default_factory=list, max_length=4)]
    margins: MarginsBody | None = None
    scale: Annotated[int, Field(ge=1, le=8)] = 1
    size: Size | None = None
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None

    @field_validator("task", mode="before")
    @classmethod
    def _task(cls, name: object) -> object:
        """Accept the aliases that people type, such as recolour."""
        return TASK_ALIASES.get(name, name) if isinstance(name, str) else name

    def plan_options(self, presets: tuple[str, ...]) -> PlanOptions:
        """The plan options as a value of the Python API."""
        margins = Margins(**self.margins.model_dump()) if self.margins else Margins()
        return PlanOptions(
            task=self.task,
            strength=self.strength,
            mask=self.mask.mask() if self.mask else None,
            keep=tuple(self.keep),
            references=tuple(Reference(**reference.model_dump()) for reference in self.references),
            margins=margins if margins != Margins() else None,
            scale=self.scale,
            size=(self.size[0], self.size[1]) if self.size else None,
            seed=self.seed,
            presets=presets,
        )


class ChangeBody(Model):
    """The changes to make: presets first, then facets of other pictures, then edits."""

    edits: Annotated[list[EditBody], Field(default_factory=list, max_length=40)]
    presets: Annotated[list[Short], Field(default_factory=list, max_length=10)]
    take: Annotated[
        dict[Facet, PictureId],
        Field(
            default_factory=dict,
            description="Facets to take from other pictures, by id.",
        ),
    ]
    exclude: Annotated[list[Value], Field(default_factory=list, max_length=20)]
    wishes: Annotated[WishesBody, Field(default_factory=WishesBody)]

    def query(
        self, *, target: str = DEFAULT_TARGET, via: str = "", engine: str = DEFAULT_ENGINE
    ) -> PageQuery:
        """The changes as a query; EditError, PlanError and UnknownNameError if not valid."""
        return normalized_query(
            PageQuery(
                target=target,
                edits=tuple(edit.edit() for edit in self.edits),
                options=self.wishes.plan_options(tuple(self.presets)),
                take=tuple(self.take.items()),
                exclude=tuple(words.strip() for words in self.exclude if words.strip()),
                engine=engine,
                via=via,
            )
        )


class PictureOrScene(Model):
    """The facts to start from: those of a stored picture, or a scene of your own."""

    picture: PictureId | None = None
    scene: SceneBody | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "required": ["picture"],
                    "properties": {"picture": {"type": "string"}, "scene": {"type": "null"}},
                },
                {
                    "required": ["scene"],
                    "properties": {"scene": {"type": "object"}, "picture": {"type": "null"}},
                },
            ]
        }
    )

    @model_validator(mode="after")
    def _one(self) -> "PictureOrScene":
        if (self.picture is None) == (self.scene is None):
            raise ValueError("give either the id of a picture or a scene")
        return self


class WriteBody(PictureOrScene):
    """Which prompts to write. alternatives: in each of the four emphases."""

    targets: Targets
    exclude: Annotated[list[Value], Field(default_factory=list, max_length=20)]
    alternatives: bool = False


class PlanBody(PictureOrScene, ChangeBody):
    """The changes to plan."""


class EditingBody(PlanBody):
    """The changes, and the targets to write for."""

    targets: Targets


class RequestBody(PlanBody):
    """The changes, and the target to request them from. via: its provider, the first by default."""

    target: TargetName
    via: Annotated[str, Field(max_length=60)] = ""


class TransformBody(ChangeBody):
    """The changes to paint, the stored picture to start from, and the engine."""

    picture: PictureId
    engine: Short = DEFAULT_ENGINE
