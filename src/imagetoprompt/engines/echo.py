"""The echo engine paints one flat color, a hash of the request: for dry runs, examples and tests.

Equal requests give equal pictures, and different requests different ones.
"""

import hashlib
from collections.abc import Iterator
from threading import Event
from typing import Final, Self

from imagetoprompt.core.plan import Plan, Request, Task
from imagetoprompt.engines import Painting, Progress, Step
from imagetoprompt.images.picture import Picture

TITLE: Final = "Echo"
DESCRIPTION: Final = "Paints one flat color, for testing."
# It accepts every request, but must not be suggested for any task.
TASKS: Final[tuple[Task, ...]] = ()
CONTROLS: Final[tuple[str, ...]] = ()


class EchoEngine:
    """The engine; it has no resources."""

    def __init__(self, cancel: Event | None = None) -> None:
        self._cancel = cancel or Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """There is nothing to release."""

    def paint(self, request: Request, picture: Picture, /) -> Iterator[Step]:
        """Yield one Progress, then a picture of one color at the size of the plan."""
        import numpy as np  # noqa: PLC0415

        yield Progress(0, 1, "echo")
        if self._cancel.is_set():
            return
        digest = fingerprint(request, picture)
        width, height = request.plan.size
        pixels = np.empty((height, width, 3), np.uint8)
        pixels[:] = np.frombuffer(digest[:3], np.uint8)
        pixels.setflags(write=False)
        painted = Picture(pixels, (width, height), digest.hex())
        seed = request.plan.seed
        used_seed = int.from_bytes(digest[3:7], "big") if seed is None else seed
        yield Painting(painted, used_seed, {"engine": "echo", "request": digest.hex()})


def fingerprint(request: Request, picture: Picture) -> bytes:
    """SHA-256 (32 bytes) of everything in the request and of the picture."""
    plan = request.plan
    values = (
        request.target,
        request.variant,
        sorted(request.body.items()),
        request.prompt.text,
        request.prompt.negative,
        plan.task,
        plan.strength,
        plan.size,
        plan.changes,
        plan.mask,
        plan.controls,
        plan.references,
        plan.margins,
        plan.scale,
        plan.preset,
        plan.seed,
        picture.digest,
    )
    return hashlib.sha256(repr(values).encode()).digest()


def refusal(plan: Plan, /) -> str:
    """Always "": no plan is refused."""
    return ""


def open_engine(cancel: Event | None = None) -> EchoEngine:
    """The engine; setting `cancel` stops it at the next step."""
    return EchoEngine(cancel)
