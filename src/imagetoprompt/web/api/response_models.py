"""Response schemas for the OpenAPI document. Parts that have a published schema name it.

The routes send plain JSON values; these classes only document them.
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
    """Base of the responses: exactly the named fields."""

    model_config = ConfigDict(extra="forbid")


class Fault(ResponseModel):
    """One field that is not valid. where: its path; what: the problem."""

    where: str
    what: str


class Problem(BaseModel):
    """Problem details (RFC 9457). detail: one sentence that says what to do about it."""

    type: str
    title: str
    status: int
    detail: str
    error: str | None = Field(None, description="The same sentence as `detail`.")
    faults: list[Fault] | None = None


class FactModel(ResponseModel):
    """One fact. said: whether prompts use it; reason: why not."""

    facet: Facet
    value: str
    confidence: float
    said: bool
    sources: list[str]
    measurement: Numbers | None
    reason: str
    locked: bool


class SceneModel(ResponseModel):
    """All facts of a picture; see docs/scene.schema.json."""

    version: Literal[1]
    size: list[int]
    facts: list[FactModel]
    origin: OriginBody | None
    excluded: list[str]
    warnings: list[str]


class DescribeResponse(ResponseModel):
    """The facts. whole: whether all observers have run."""

    version: Literal[1]
    picture: str
    whole: bool
    scene: SceneModel
    expires: Moment


class PictureResponse(ResponseModel):
    """A stored picture. scene: null before it was described."""

    version: Literal[1]
    picture: str
    size: list[int]
    media_type: str
    created: Moment
    expires: Moment
    scene: SceneModel | None
    links: dict[str, str]


class SpanModel(ResponseModel):
    """Characters `start` to `end` (exclusive) of the text come from this facet."""

    facet: Facet
    start: int
    end: int


class DroppedModel(ResponseModel):
    """A fact that is not in the text, and why."""

    facet: Facet | Literal["excluded"]
    value: str
    reason: str


class PromptModel(ResponseModel):
    """The prompt for one target; see docs/prompt.schema.json."""

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
    """An edit that was applied; presets are expanded into their edits."""

    facet: Facet
    value: str
    how: Literal["set", "add", "remove", "lock", "unlock"]


class ChangeModel(ResponseModel):
    """The words of one facet before and after."""

    facet: str
    before: str
    after: str


class PlanModel(ResponseModel):
    """How to paint the changes; see docs/plan.schema.json."""

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
    """The request to one target. body: see the target's schema in docs/requests."""

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
    """The request, and the prompt in it."""

    prompt: PromptModel


class TargetEditModel(ResponseModel):
    """One target: its prompts before and after, and its request, or the refusal if it has none."""

    before: PromptModel
    after: PromptModel
    changes: list[ChangeModel]
    request: AttachmentModel | None
    refusal: str


class EditResponse(ResponseModel):
    """The result of an edit, the same as `imagetoprompt edit --json` prints."""

    version: Literal[1]
    picture: str
    edits: list[EditModel]
    before: SceneModel
    after: SceneModel
    conflicts: list[str]
    plan: PlanModel
    targets: list[TargetEditModel]


class ResultModel(ResponseModel):
    """The result of a job: the picture's id and seed, how it was made, what changed, advice."""

    picture: str
    seed: int
    facts: Json
    drift: Json
    advice: list[str]


class JobModel(ResponseModel):
    """A job. revision: grows with every change. position: in the queue, 1 for the next."""

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
    """Jobs, newest first."""

    version: Literal[1]
    jobs: list[JobModel]


class DriftModel(ResponseModel):
    """The differences between two pictures; docs/transforming.md explains the numbers."""

    version: Literal[1]
    size: list[int]
    result_size: list[int]
    exact: bool
    resized: bool
    likeness: dict[str, dict[str, float] | None]
    facets: list[Json]
    words: list[str]


class ControlModel(ResponseModel):
    """A kind of control map. keeps: what it keeps; also: other names; takers: who accepts it."""

    kind: str
    keeps: str
    also: list[str]
    takers: list[str]


class ControlsResponse(ResponseModel):
    """All kinds of control maps."""

    version: Literal[1]
    controls: list[ControlModel]


class PresetModel(ResponseModel):
    """A preset: the facts that it sets, its strength, and the control maps that suit it."""

    name: str
    title: str
    kind: str
    strength: float
    controls: list[str]
    set: dict[Facet, str]
    remove: list[Facet]


class PresetsResponse(ResponseModel):
    """All presets."""

    version: Literal[1]
    presets: list[PresetModel]


class LimitModel(ResponseModel):
    """The longest prompt. hard: whether the target cuts off or refuses what is longer."""

    count: int
    unit: str
    hard: bool


class VariantModel(ResponseModel):
    """One variant of a target: how its prompts are written, and what it can do."""

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
    """A target. variants: the default first. ways: its providers."""

    target: str
    ways: list[str]
    variants: list[VariantModel]


class TargetsResponse(ResponseModel):
    """All targets."""

    version: Literal[1]
    targets: list[TargetRow]


class EngineModel(ResponseModel):
    """An engine of this server. available: whether it can paint; why: why not."""

    engine: str
    available: bool
    why: str
    tasks: list[Task]


class EnginesResponse(ResponseModel):
    """All engines of this server."""

    version: Literal[1]
    engines: list[EngineModel]


class TaskModel(ResponseModel):
    """A task. who: the targets and engines that can do it."""

    task: Task
    title: str
    who: list[str]


class TasksResponse(ResponseModel):
    """All tasks."""

    version: Literal[1]
    tasks: list[TaskModel]


class FacetModel(ResponseModel):
    """A facet. many: whether a picture may have several facts of it."""

    facet: Facet
    many: bool


class FacetsResponse(ResponseModel):
    """All facets, in the order in which people describe a picture."""

    version: Literal[1]
    facets: list[FacetModel]


class UsesResponse(ResponseModel):
    """The uses left today, null if they are not limited. back: seconds until the quota resets."""

    version: Literal[1]
    limited: bool
    left: int | None
    limit: int | None
    back: int | None
