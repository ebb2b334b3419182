"""transform(picture, edits) -> Progress*, Painting: from a changed fact to a new picture.

    Picture ──describe──▶ Scene ──apply──▶ Scene ──plan, write──▶ Request ──paint──▶ Painting

It does not know how any engine paints, and writes no files.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.plan import Plan, Request
from imagetoprompt.core.scene import Scene
from imagetoprompt.editing import Edited, edit
from imagetoprompt.engines import ENGINES, Step
from imagetoprompt.facts.edits import Edit
from imagetoprompt.pipeline import describe, resolve, write
from imagetoprompt.planning import Wishes

if TYPE_CHECKING:
    from imagetoprompt.images.picture import Picture, Source

# The dialect that local engines read: Stable Diffusion's, since they paint with models of its kind.
TARGET: Final = "stable_diffusion"


@dataclass(frozen=True)
class Commission:
    """What is to be painted: the picture, its facts before and after, and the request.

    conflicts: one sentence for each pair of the new facts that do not go together.
    """

    picture: "Picture"
    before: Scene
    after: Scene
    request: Request
    conflicts: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan:
        """What is to be done, in nobody's vendor terms."""
        return self.request.plan


@dataclass(frozen=True)
class Choice:
    """Who paints, and with what options of its own (model=…); `target` is the dialect it reads."""

    engine: str = "draft"
    target: str = TARGET
    options: dict[str, Any] = field(default_factory=dict, hash=False)


def prepare(
    source: "Source",
    edits: Sequence[Edit],
    wishes: Wishes | None = None,
    choice: Choice | None = None,
) -> Commission:
    """What `transform` will do, before it does it: facts, plan, prompt.

    The presets that the wishes name are made first, then the edits.

    PictureError, EditError, PlanError and UnknownNameError as the parts raise them.
    """
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415 - decoders load when needed

    chosen = choice or Choice()
    resolve(chosen.target)  # a target that does not exist is told before anything is looked at
    picture = open_picture(source)
    return commission(picture, edit(describe(picture), edits, wishes), chosen)


def commission(picture: "Picture", edited: Edited, choice: Choice) -> Commission:
    """What is to be painted, from a picture whose facts are known and edited already."""
    prompt = write(edited.after, choice.target)
    request = Request(choice.engine, prompt.variant, "settings", {}, prompt, edited.plan)
    return Commission(picture, edited.before, edited.after, request, edited.conflicts)


def paint(commission: Commission, choice: Choice | None = None) -> Iterator[Step]:
    """Progress, then one Painting; closing the iterator stops it at the next step.

    RefusedError when the engine will not, UnreachableError when it does not answer.
    """
    chosen = choice or Choice()
    draws = {"draw": _drawn} if ENGINES.takes(chosen.engine, "draw") else {}
    with ENGINES.open(chosen.engine, **{**draws, **chosen.options}) as engine:
        yield from engine.paint(commission.request, commission.picture)


def _drawn(kind: str, picture: "Picture") -> "Picture":
    """The map that keeps structure of that kind."""
    return CONTROLS[kind].draw(picture)


def transform(
    source: "Source",
    edits: Sequence[Edit],
    wishes: Wishes | None = None,
    choice: Choice | None = None,
) -> Iterator[Step]:
    """Describe, edit, plan, write and paint: progress, and at last one Painting."""
    yield from paint(prepare(source, edits, wishes, choice), choice)
