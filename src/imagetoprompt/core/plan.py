"""Plan: what to do to a picture. Request: the same as one target or engine takes it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Final, Literal, TypeAlias, get_args

from imagetoprompt.core.measurements import Box, Measurement, to_json
from imagetoprompt.core.prompt import Parameter, Prompt

VERSION: Final = 1

Task: TypeAlias = Literal[
    "restyle",
    "relight",
    "recolor",
    "vary",
    "inpaint",
    "outpaint",
    "upscale",
    "style-from-image",
    "blend",
    "reimagine",
]
TASKS: Final[tuple[Task, ...]] = get_args(Task)
TASK_TITLES: Final[Mapping[Task, str]] = {
    "restyle": "the same picture in another medium or style",
    "relight": "other light, time, weather or season",
    "recolor": "other colors",
    "vary": "a variation",
    "inpaint": "one region painted anew",
    "outpaint": "more picture beyond the edges",
    "upscale": "more pixels",
    "style-from-image": "the look of another picture",
    "blend": "one picture out of several",
    "reimagine": "a new picture after this one",
}
"""What each task is, in a few words."""
WHOLE_PICTURE_TASKS: Final[tuple[Task, ...]] = (
    "restyle",
    "relight",
    "recolor",
    "vary",
    "reimagine",
)
"""The tasks that need the picture and words only: no mask, no larger canvas, no other picture."""

Role: TypeAlias = Literal["structure", "style", "subject", "palette"]
ROLES: Final[tuple[Role, ...]] = ("structure", "style", "subject", "palette")


TEXT_LINE_SEPARATOR: Final = " / "
"""Stands between the lines of visible text in a fact or a change."""


@dataclass(frozen=True)
class FacetChange:
    """One facet that is to change: its words before and after ("" for none), and the numbers."""

    facet: str
    before: str
    after: str
    measurement: Measurement | None = None


@dataclass(frozen=True)
class Mask:
    """Where to paint: boxes in fractions of the picture, or `source`, a picture (white = edit).

    feather: width of the soft edge as a fraction of the longer side.
    """

    boxes: tuple[Box, ...] = ()
    source: str = ""
    feather: float = 0.0


@dataclass(frozen=True)
class Control:
    """Structure to keep: the kind of map and its weight, 0 to 1 (higher keeps more)."""

    kind: str
    weight: float


@dataclass(frozen=True)
class Reference:
    """Another picture and what it gives: `source` is a path or URL; weight 0 to 1."""

    role: Role
    source: str
    weight: float = 0.5


@dataclass(frozen=True)
class Margins:
    """How far an outpainting reaches beyond each side, as fractions of the width or height."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True)
class Plan:
    """What to do to a picture, independent of any target or engine.

    strength: denoising strength, 0 keeps the picture, 1 frees it. size: width and height in pixels
    of the result. reasons: for each default that was chosen, one sentence that says why. seed: None
    lets the engine choose. kept: the words of each facet that stays. picture: where the picture is,
    as the user named it; "" when that is not known.
    """

    task: Task
    strength: float
    size: tuple[int, int]
    changes: tuple[FacetChange, ...] = ()
    mask: Mask | None = None
    controls: tuple[Control, ...] = ()
    references: tuple[Reference, ...] = ()
    margins: Margins | None = None
    scale: int = 1
    preset: str = ""
    seed: int | None = None
    reasons: Mapping[str, str] = field(default_factory=dict, hash=False)
    kept: Mapping[str, str] = field(default_factory=dict, hash=False)
    picture: str = ""

    @property
    def removes(self) -> bool:
        """Whether the plan only removes subjects or text, and adds none."""
        changes = [change for change in self.changes if change.facet in ("subject", "text")]
        return bool(changes) and not any(change.after for change in changes)

    def to_json(self) -> dict[str, object]:
        """The plan as JSON values, as docs/plan.schema.json has it."""
        plain = {name: value for name, value in asdict(self).items() if name != "changes"}
        return {
            "version": VERSION,
            **plain,
            "changes": [_change_json(change) for change in self.changes],
        }


class Unsupported(str):
    """A limitation that other targets do not have: a sentence about what was left out.

    controls: the kinds of control map that were left out; () when it was another picture. The
    layer that knows every target adds who can (capabilities.with_alternatives).
    """

    controls: tuple[str, ...]

    def __new__(cls, sentence: str, controls: tuple[str, ...] = ()) -> "Unsupported":
        """A sentence, with the kinds of control map that it is about."""
        made = super().__new__(cls, sentence)
        made.controls = controls
        return made


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a request: its field, what it shows, and the form it must have.

    placeholder: what stands for the file in the body, such as '<mask>'.
    """

    name: str
    shows: str
    form: str
    placeholder: str = ""


@dataclass(frozen=True)
class Request:
    """A plan in one target's own terms: what is pasted, or sent to `url` as `form`.

    form: "command" (text to paste), "settings" (fields of a front-end), "json" or "multipart".
    headers: a key stands there as the environment variable that holds it. knob: the strength as
    this target has it, in words. losses: what the target cannot do, and who can. steps: what a
    person does by hand, in order.
    """

    target: str
    variant: str
    form: Literal["command", "settings", "json", "multipart"]
    body: Mapping[str, Parameter] = field(hash=False)
    prompt: Prompt
    plan: Plan
    url: str = ""
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    knob: str = ""
    losses: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)

    def to_json(self) -> dict[str, object]:
        """The request as JSON values; `body` has the schema of its target in docs/requests."""
        plain = {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if item.name not in ("prompt", "plan", "attachments")
        }
        files = [asdict(file) for file in self.attachments]
        return {"version": VERSION, **plain, "attachments": files}


def _change_json(change: FacetChange) -> dict[str, object]:
    numbers = None if change.measurement is None else to_json(change.measurement)
    words = {"facet": change.facet, "before": change.before, "after": change.after}
    return {**words, "measurement": numbers}
