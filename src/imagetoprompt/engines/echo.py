"""Paints a flat picture whose color is the hash of the request: for dry runs, examples and tests.

The same request gives the same picture, and another request another. It does not look at the
picture but for its size, and runs nothing.
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
# It accepts every request, but is never to be suggested as able to do one.
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
        """One color, at the size of the plan."""
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
        drawn = int.from_bytes(digest[3:7], "big") if seed is None else seed
        yield Painting(painted, drawn, {"engine": "echo", "request": digest.hex()})


def fingerprint(request: Request, picture: Picture) -> bytes:
    """32 bytes that differ when anything in the request, or the picture, does."""
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
    """Nothing is refused."""
    return ""


def open_engine(cancel: Event | None = None) -> EchoEngine:
    """The engine; setting `cancel` stops it at the next step."""
    return EchoEngine(cancel)
