"""running(work, cancel): long work in a thread of its own, told step by step to whoever waits.

It does not know what the work is.
"""

import hashlib
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event
from typing import Any, Final, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.plan import Plan, Request
from imagetoprompt.engines.diffusers.compositing import context_box, extended_canvas
from imagetoprompt.engines.diffusers.diffusers_options import resized
from imagetoprompt.engines.diffusers.pipelines import PipelineParts
from imagetoprompt.errors import RefusedError
from imagetoprompt.images.masks import mask_weights
from imagetoprompt.images.picture import Picture, Pixels, open_picture

ProgressEvent = TypeVar("ProgressEvent")
WorkerResult = TypeVar("WorkerResult")


class CancelledRunError(Exception):
    """Raised within the work, to leave it, when nobody wants it any more. Nobody else sees it."""


class ProgressReporter(Generic[ProgressEvent]):
    """What the work calls after each step."""

    def __init__(self, cancel: Event) -> None:
        self.told: SimpleQueue[ProgressEvent | None] = SimpleQueue()
        self.left = Event()
        self._cancel = cancel

    def check(self) -> None:
        """StoppedError when the work is to stop."""
        if self._cancel.is_set() or self.left.is_set():
            raise CancelledRunError

    def __call__(self, step: ProgressEvent) -> None:
        """Tell a step; StoppedError when the work is to stop."""
        self.check()
        self.told.put(step)


def run_in_thread(
    work: Callable[[ProgressReporter[ProgressEvent]], WorkerResult], cancel: Event
) -> Generator[ProgressEvent, None, WorkerResult | None]:
    """Yield what the work tells, and return what it gives: None when it was stopped.

    What it raises is raised here. When the generator is closed the work is stopped, and waited for.
    """
    reporter: ProgressReporter[ProgressEvent] = ProgressReporter(cancel)
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(work, reporter)
        outcome.add_done_callback(lambda _: reporter.told.put(None))
        try:
            while (step := reporter.told.get()) is not None:
                yield step
        finally:
            reporter.left.set()
    try:
        return outcome.result()
    except CancelledRunError:
        return None


Floats = NDArray[np.float32]
Window: TypeAlias = tuple[slice, slice]
ControlDrawer: TypeAlias = Callable[[str, Picture], Picture]

# Tasks that keep the colors, unless a facet that is color is what changes.
FAITHFUL: Final = frozenset({"inpaint", "outpaint", "upscale", "vary"})
COLORED: Final = frozenset({"palette", "light", "time", "weather", "season", "medium", "mood"})
STYLES: Final = frozenset({"style", "palette"})
# How far neighboring tiles overlap, as a share of their side, so that no seam shows.
OVERLAP: Final = 1 / 8
# A tile may be so much longer than the model's native side: as a square, half as large again.
MAX_TILE_RATIO: Final = 1.2


@dataclass(frozen=True, eq=False)
class ControlInput:
    """A control map as large as the result, and how much it is to be followed, 0 to 1."""

    kind: str
    pixels: Pixels
    weight: float


@dataclass(frozen=True, eq=False)
class StyleInput:
    """Another picture whose look is wanted, and how much of it, 0 to 1."""

    pixels: Pixels
    weight: float


@dataclass(frozen=True, eq=False)
class GenerationJob:
    """pixels: the picture at the size of the result. share: how much of each pixel may change.

    share is None when all may. enlarged: whether it is an upscaling, and so painted in tiles.
    """

    pixels: Pixels
    share: Floats | None
    maps: tuple[ControlInput, ...]
    styles: tuple[StyleInput, ...]
    text: str
    negative: str
    strength: float
    seed: int
    matched: bool
    enlarged: bool

    @property
    def fittings(self) -> PipelineParts:
        """What the pipeline must have for it."""
        kinds = tuple(each.kind for each in self.maps)
        return PipelineParts(self.share is not None, kinds, bool(self.styles))


def generation_job(request: Request, picture: Picture, draw: ControlDrawer | None) -> GenerationJob:
    """The job of a request. draw: what draws a control map of a kind."""
    plan = request.plan
    pixels, share = _surface(plan, picture)
    return GenerationJob(
        pixels=pixels,
        share=share,
        maps=tuple(_maps(plan, pixels, draw)),
        styles=tuple(_styles(plan)),
        text=request.prompt.text,
        negative=request.prompt.negative,
        # What lies beyond the border is only mirrored: nothing of it is to be kept.
        strength=1.0 if plan.task == "outpaint" else plan.strength,
        seed=seed_of(request, picture),
        matched=plan.task in FAITHFUL and not COLORED & {each.facet for each in plan.changes},
        enlarged=plan.task == "upscale",
    )


def seed_of(request: Request, picture: Picture) -> int:
    """The plan's seed, else one that follows from what is asked, so that it repeats."""
    if request.plan.seed is not None:
        return request.plan.seed
    told = f"{request.prompt.text}\n{request.plan!r}\n{picture.digest}"
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:4], "big")


def windows(size: tuple[int, int], side: int) -> tuple[Window, ...]:
    """Overlapping squares of about `side` pixels that cover a width and height, row by row."""
    across, down = (tuple(_spans(length, side)) for length in size)
    return tuple((rows, columns) for rows in down for columns in across)


def window_of(task: GenerationJob, side: int) -> tuple[Window, ...]:
    """Where the job is painted: around its mask, in tiles when it is enlarged, else all at once."""
    height, width = task.pixels.shape[:2]
    if task.share is not None:
        return (context_box(task.share),)
    if task.enlarged:
        return windows((width, height), round(MAX_TILE_RATIO * side))
    return ((slice(0, height), slice(0, width)),)


def joined(pieces: list[Any], places: tuple[Window, ...], onto: Pixels) -> Pixels:
    """The windows' pixels in one picture, each fading out towards its border where they overlap."""
    if len(pieces) == 1:
        whole = onto.copy()
        whole[places[0]] = pieces[0]
        return whole
    total = np.zeros(onto.shape, np.float32)
    weights = np.zeros(onto.shape[:2], np.float32)
    for piece, place in zip(pieces, places, strict=True):
        fade = np.minimum.outer(_fade(piece.shape[0]), _fade(piece.shape[1]))
        total[place] += piece * fade[..., None]
        weights[place] += fade
    return np.asarray(np.rint(total / weights[..., None]), np.uint8)


def _surface(plan: Plan, picture: Picture) -> tuple[Pixels, Floats | None]:
    """The pixels to start from, and the mask."""
    if plan.task == "outpaint":
        if plan.margins is None:
            raise RefusedError("An outpainting needs margins: say how far it is to reach.")
        return extended_canvas(picture.pixels, plan.margins, plan.size)
    pixels = _sized(picture.pixels, plan.size)
    if plan.mask is None:
        if plan.task == "inpaint":
            raise RefusedError("An inpainting needs a mask: say which part is to be painted anew.")
        return pixels, None
    return pixels, mask_weights(plan.mask, picture.size, plan.size)


def _sized(pixels: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    return np.ascontiguousarray(resized(pixels, size))


def _maps(plan: Plan, pixels: Pixels, draw: ControlDrawer | None) -> Iterator[ControlInput]:
    size = pixels.shape[1], pixels.shape[0]
    for control in plan.controls:
        if draw is None:
            raise RefusedError(
                f"The plan keeps '{control.kind}', but nothing draws that map: open the engine "
                "with draw=…, a function of a kind and a picture, such as one that calls CONTROLS."
            )
        drawn = draw(control.kind, Picture.from_pixels(pixels))
        yield ControlInput(control.kind, _sized(drawn.pixels, size), control.weight)


def _styles(plan: Plan) -> Iterator[StyleInput]:
    for reference in plan.references:
        if reference.role not in STYLES and plan.task not in ("blend", "style-from-image"):
            raise RefusedError(
                f"A reference for its {reference.role} is nothing the engine diffusers can use; "
                "it takes the style of other pictures. Keep structure by a control."
            )
        yield StyleInput(open_picture(reference.source).pixels, reference.weight)


def _spans(length: int, side: int) -> Iterator[slice]:
    step = max(1, round(side * (1 - OVERLAP)))
    count = 1 if length <= side else 1 + -(-(length - side) // step)
    for i in range(count):
        start = 0 if count == 1 else round(i * (length - side) / (count - 1))
        yield slice(start, min(length, start + side))


def _fade(length: int) -> Floats:
    ramp = max(1.0, length * OVERLAP)
    near = np.minimum(np.arange(length), np.arange(length)[::-1]) + 1
    return np.minimum(near / ramp, 1).astype(np.float32)
