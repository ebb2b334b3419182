"""Shapes: what answers hold, for the document. Parts with a schema of their own name it.

It does not make any answer.
"""

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from imagetoprompt.core.plan import Task
from imagetoprompt.core.scene import Facet
from imagetoprompt.web.api.scene_models import Numbers, OriginBody
from imagetoprompt.web.db.job_queue import State

Json: TypeAlias = dict[str, Any]
Moment: TypeAlias = str
"""A point in time such as 2025-06-01T12:00:00Z."""


class ResponseModel(BaseModel):
    """What every answer is: exactly the fields that are named."""

    model_config = ConfigDict(extra="forbid")


class Fault(ResponseModel):
    """One field that makes no sense."""

    where: str
    what: str


class Problem(BaseModel):
    """Problem details (RFC 9457): a title for the status, and one sentence that mends it."""

    type: str
    title: str
    status: int
    detail: str
    error: str | None = Field(None, description="The same sentence as `detail`.")
    faults: list[Fault] | None = None


class FactModel(ResponseModel):
    """What is believed of one facet; reason: why it is not said."""

    facet: Facet
    value: str
    confidence: float
    said: bool
    sources: list[str]
    measurement: Numbers | None
    reason: str
    locked: bool


class SceneModel(ResponseModel):
    """All facts of a picture, as docs/scene.schema.json has them."""

    version: Literal[1]
    size: list[int]
    facts: list[FactModel]
    origin: OriginBody | None
    excluded: list[str]


class DescribeResponse(ResponseModel):
    """What was seen; `whole` when all observers were heard."""

    version: Literal[1]
    picture: str
    whole: bool
    scene: SceneModel
    expires: Moment


class PictureResponse(ResponseModel):
    """What is kept of a picture; no scene before it was described."""

    version: Literal[1]
    picture: str
    size: list[int]
    media_type: str
    created: Moment
    expires: Moment
    scene: SceneModel | None
    links: dict[str, str]


class SpanModel(ResponseModel):
    """Characters start to end (exclusive) of the text come from this facet."""

    facet: Facet
    start: int
    end: int


class DroppedModel(ResponseModel):
    """A fact that is not in the text, and why."""

    facet: Facet | Literal["excluded"]
    value: str
    reason: str


class PromptModel(ResponseModel):
    """What one target is to be given, as docs/prompt.schema.json has it."""

    version: Literal[1]
    target: str
    variant: str
    emphasis: str
    text: str
    negative: str
    parameters: Json
    spans: list[SpanModel]
    dropped: list[DroppedModel]
    length: int


class PromptsResponse(ResponseModel):
    """The prompts in the order of the targets."""

    version: Literal[1]
    picture: str
    prompts: list[PromptModel]


class EditModel(ResponseModel):
    """An edit that was made, presets expanded."""

    facet: Facet
    value: str
    how: Literal["set", "add", "remove", "lock", "unlock"]


class ChangeModel(ResponseModel):
    """The words of one facet before and after."""

    facet: str
    before: str
    after: str


class PlanModel(ResponseModel):
    """What is to be done, as docs/plan.schema.json has it."""

    version: Literal[1]
    task: Task
    strength: float
    size: list[int]
    changes: list[Json]
    mask: Json | None
    controls: list[Json]
    references: list[Json]
    margins: dict[str, float] | None
    scale: int
    preset: str
    seed: int | None
    reasons: dict[str, str]
    kept: dict[str, str]
    picture: str


class AttachmentModel(ResponseModel):
    """A plan in one target's own terms; `body` has the target's schema in docs/requests."""

    version: Literal[1]
    target: str
    variant: str
    form: Literal["command", "settings", "json", "multipart"]
    body: Json
    url: str
    text: str
    attachments: list[Json]
    knob: str
    losses: list[str]
    steps: list[str]
    headers: dict[str, str]


class RequestModel(AttachmentModel):
    """The request, and the prompt that is in it."""

    prompt: PromptModel


class TargetEditModel(ResponseModel):
    """One target: its prompts before and after, and its request or why there is none."""

    before: PromptModel
    after: PromptModel
    changes: list[ChangeModel]
    request: AttachmentModel | None
    refusal: str


class EditResponse(ResponseModel):
    """An edit: the same as `imagetoprompt edit --json` prints."""

    version: Literal[1]
    picture: str
    edits: list[EditModel]
    before: SceneModel
    after: SceneModel
    conflicts: list[str]
    plan: PlanModel
    targets: list[TargetEditModel]


class ResultModel(ResponseModel):
    """What was made: the id of the picture, its seed, how, what moved, and what to try."""

    picture: str
    seed: int
    facts: Json
    drift: Json
    advice: list[str]


class JobModel(ResponseModel):
    """A job as it stands. revision grows with every change; position 1 is the next in the line."""

    version: Literal[1]
    job: str
    state: State
    position: int
    step: int
    total: int
    phase: str
    cancelling: bool
    revision: int
    picture: str
    engine: str
    ask: str
    error: str
    result: ResultModel | None
    created: Moment
    started: Moment | None
    finished: Moment | None
    expires: Moment
    links: dict[str, str | None]


class JobsResponse(ResponseModel):
    """Jobs, the newest first."""

    version: Literal[1]
    jobs: list[JobModel]


class DriftModel(ResponseModel):
    """What moved between two pictures; the numbers are explained in docs/transforming.md."""

    version: Literal[1]
    size: list[int]
    result_size: list[int]
    exact: bool
    resized: bool
    likeness: dict[str, dict[str, float] | None]
    facets: list[Json]
    words: list[str]


class ControlModel(ResponseModel):
    """A kind of map, what it keeps, other names for it, and who takes it."""

    kind: str
    keeps: str
    also: list[str]
    takers: list[str]


class ControlsResponse(ResponseModel):
    """The kinds of maps there are."""

    version: Literal[1]
    controls: list[ControlModel]


class PresetModel(ResponseModel):
    """A named change: what it sets, how strong it is, and which structure is worth keeping."""

    name: str
    title: str
    kind: str
    strength: float
    controls: list[str]
    set: dict[Facet, str]
    remove: list[Facet]


class PresetsResponse(ResponseModel):
    """The presets in the order of their table."""

    version: Literal[1]
    presets: list[PresetModel]


class LimitModel(ResponseModel):
    """How long a prompt may be, as the target counts; hard when it cuts or refuses."""

    count: int
    unit: str
    hard: bool


class VariantModel(ResponseModel):
    """One variant of a target: how it is written to, and what it can do."""

    name: str
    title: str
    manner: Literal["tags", "phrases", "prose"]
    limit: LimitModel
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


class TargetRow(ResponseModel):
    """A target; its first variant is the default. ways: its services and models."""

    target: str
    ways: list[str]
    variants: list[VariantModel]


class TargetsResponse(ResponseModel):
    """Whom prompts are written for."""

    version: Literal[1]
    targets: list[TargetRow]


class EngineModel(ResponseModel):
    """What paints here: its tasks, and whether it can, or why not."""

    engine: str
    available: bool
    why: str
    tasks: list[Task]


class EnginesResponse(ResponseModel):
    """The engines that this server offers."""

    version: Literal[1]
    engines: list[EngineModel]


class TaskModel(ResponseModel):
    """What can be done to a picture, and who can."""

    task: Task
    title: str
    who: list[str]


class TasksResponse(ResponseModel):
    """The tasks."""

    version: Literal[1]
    tasks: list[TaskModel]


class FacetModel(ResponseModel):
    """A facet; many: whether a picture may have several facts of it."""

    facet: Facet
    many: bool


class FacetsResponse(ResponseModel):
    """The facets, in the order in which people describe a picture."""

    version: Literal[1]
    facets: list[FacetModel]


class UsesResponse(ResponseModel):
    """The uses of today: null where nothing is counted. back: seconds until there are more."""

    version: Literal[1]
    limited: bool
    left: int | None
    limit: int | None
    back: int | None
