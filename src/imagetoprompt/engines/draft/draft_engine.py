"""The draft engine: a real transformation on this machine, offline, in seconds.

It grades, restyles by filters and small networks, closes holes from what is around them, extends,
enlarges and varies. It paints nothing that is not in the picture: what it cannot do it refuses by
name. It does not read the prompt.
"""

from collections.abc import Iterator
from threading import Event
from typing import TYPE_CHECKING, Final, Self

from imagetoprompt.core.plan import Request, Task
from imagetoprompt.engines import Painting, Progress, Step
from imagetoprompt.errors import RefusedError

if TYPE_CHECKING:
    from imagetoprompt.images.picture import Picture

TITLE: Final = "DraftEngine"
DESCRIPTION: Final = (
    "Paints in seconds, without a graphics card. It changes light, color, weather and medium of "
    "what is there, and invents nothing. It uses the facts, not the prompt."
)
TASKS: Final[tuple[Task, ...]] = (
    "restyle",
    "relight",
    "recolor",
    "vary",
    "inpaint",
    "outpaint",
    "upscale",
    "style-from-image",
)
CONTROLS: Final[tuple[str, ...]] = ()
DEFAULT_SEED: Final = 0
"""The draft engine gives the same again, unless another seed is asked for."""


class DraftEngine:
    """The engine; it holds no more than networks that stay loaded for the next picture."""

    def __init__(self, cancel: Event | None = None) -> None:
        self._cancel = cancel or Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """Nothing is held."""

    def paint(self, request: Request, picture: "Picture", /) -> Iterator[Step]:
        """Progress after each step, then the Painting; nothing more once it is cancelled."""
        from imagetoprompt.engines.draft.draft_engine import start_run  # noqa: PLC0415

        if not 0 <= request.plan.strength <= 1:
            raise RefusedError(f"A strength is from 0 to 1, not {request.plan.strength:g}.")
        seed = DEFAULT_SEED if request.plan.seed is None else request.plan.seed
        for step in start_run(request.plan, picture, seed):
            if self._cancel.is_set():
                return
            yield step if isinstance(step, Progress) else Painting(step.picture, seed, step.facts)


def open_engine(cancel: Event | None = None) -> DraftEngine:
    """The engine; setting `cancel` stops it at the next step."""
    return DraftEngine(cancel)
