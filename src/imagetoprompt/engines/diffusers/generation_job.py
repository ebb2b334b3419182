"""GenerationJob: a plan turned into arrays at the size of the result, and the windows to paint.

Also chooses which controls of the plan a model follows.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.plan import Control, Plan, Request
from imagetoprompt.engines.diffusers.compositing import context_box, extended_canvas
from imagetoprompt.engines.diffusers.model_families import Family
from imagetoprompt.engines.diffusers.pipelines import PipelineParts
from imagetoprompt.errors import RefusedError
from imagetoprompt.images.filters import resized
from imagetoprompt.images.masks import Weights, mask_weights
from imagetoprompt.images.picture import Picture, Pixels, open_picture

Window: TypeAlias = tuple[slice, slice]
ControlDrawer: TypeAlias = Callable[[str, Picture], Picture]

# Tasks that keep the colors, unless a change of one of these facets changes color itself.
COLOR_KEEPING_TASKS: Final = frozenset({"inpaint", "outpaint", "upscale", "vary"})
COLOR_FACETS: Final = frozenset({"palette", "light", "time", "weather", "season", "medium", "mood"})
STYLE_ROLES: Final = frozenset({"style", "palette"})
# Overlap of neighboring tiles, as a share of their side, so that no seam shows.
TILE_OVERLAP: Final = 1 / 8
# Longest side of a tile, in native sides of the model: about 1.5 times the native area, up to which
# models paint well (MAX_AREA_RATIO).
MAX_TILE_RATIO: Final = 1.2


@dataclass(frozen=True, eq=False)
class ControlInput:
    """A control map as large as the result, and its conditioning scale, 0 to 1."""

    kind: str
    pixels: Pixels
    weight: float


@dataclass(frozen=True, eq=False)
class StyleInput:
    """Another picture whose style is wanted, and its weight, 0 to 1."""

    pixels: Pixels
    weight: float


@dataclass(frozen=True, eq=False)
class GenerationJob:
    """A plan as arrays. pixels: the picture at the size of the result, height x width x 3.

    mask: how much of each pixel may change, 0 to 1; None when all may. tiled: whether it is painted
    in tiles, as an upscaling is.
    """

    pixels: Pixels
    mask: Weights | None
    controls: tuple[ControlInput, ...]
    styles: tuple[StyleInput, ...]
    text: str
    negative: str
    strength: float
    seed: int
    keep_colors: bool
    tiled: bool

    @property
    def required_parts(self) -> PipelineParts:
        """What the pipeline needs for this job."""
        kinds = tuple(control.kind for control in self.controls)
        return PipelineParts(self.mask is not None, kinds, bool(self.styles))


def generation_job(request: Request, picture: Picture, draw: ControlDrawer | None) -> GenerationJob:
    """The job of a request. draw: function that draws a control map of a kind."""
    plan = request.plan
    pixels, mask = _canvas_and_mask(plan, picture)
    changed_facets = {change.facet for change in plan.changes}
    return GenerationJob(
        pixels=pixels,
        mask=mask,
        controls=tuple(_control_maps(plan, pixels, draw)),
        styles=tuple(_style_inputs(plan)),
        text=request.prompt.text,
        negative=request.prompt.negative,
        # The new area is only a mirror image: nothing of it is to be kept.
        strength=1.0 if plan.task == "outpaint" else plan.strength,
        seed=seed_of(request, picture),
        keep_colors=plan.task in COLOR_KEEPING_TASKS and not changed_facets & COLOR_FACETS,
        tiled=plan.task == "upscale",
    )


def seed_of(request: Request, picture: Picture) -> int:
    """The plan's seed, else a hash of the request and picture, so that results repeat."""
    if request.plan.seed is not None:
        return request.plan.seed
    text = f"{request.prompt.text}\n{request.plan!r}\n{picture.digest}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def tile_windows(size: tuple[int, int], side: int) -> tuple[Window, ...]:
    """Overlapping squares of about `side` pixels that cover a width and height, row by row."""
    across, down = (tuple(_spans(length, side)) for length in size)
    return tuple((rows, columns) for rows in down for columns in across)


def job_windows(job: GenerationJob, side: int) -> tuple[Window, ...]:
    """The windows of a job: around its mask, tiles for an upscaling, else the whole picture."""
    height, width = job.pixels.shape[:2]
    if job.mask is not None:
        return (context_box(job.mask),)
    if job.tiled:
        return tile_windows((width, height), round(MAX_TILE_RATIO * side))
    return ((slice(0, height), slice(0, width)),)


def join_windows(pieces: list[Any], windows: tuple[Window, ...], onto: Pixels) -> Pixels:
    """Join the windows into one picture; overlapping windows are cross-faded."""
    if len(pieces) == 1:
        whole = onto.copy()
        whole[windows[0]] = pieces[0]
        return whole
    total = np.zeros(onto.shape, np.float32)
    weights = np.zeros(onto.shape[:2], np.float32)
    for piece, window in zip(pieces, windows, strict=True):
        fade = np.minimum.outer(_fade(piece.shape[0]), _fade(piece.shape[1]))
        total[window] += piece * fade[..., None]
        weights[window] += fade
    return np.asarray(np.rint(total / weights[..., None]), np.uint8)


def _canvas_and_mask(plan: Plan, picture: Picture) -> tuple[Pixels, Weights | None]:
    """The pixels to start from, and the mask."""
    if plan.task == "outpaint":
        if plan.margins is None:
            raise RefusedError("Outpainting needs margins: say how far to extend each side.")
        return extended_canvas(picture.pixels, plan.margins, plan.size)
    pixels = _sized(picture.pixels, plan.size)
    if plan.mask is None:
        if plan.task == "inpaint":
            raise RefusedError("Inpainting needs a mask: say which part to paint anew.")
        return pixels, None
    return pixels, mask_weights(plan.mask, picture.size, plan.size)


def _sized(pixels: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    return np.ascontiguousarray(resized(pixels, size))


def _control_maps(plan: Plan, pixels: Pixels, draw: ControlDrawer | None) -> Iterator[ControlInput]:
    size = pixels.shape[1], pixels.shape[0]
    for control in plan.controls:
        if draw is None:
            raise RefusedError(
                f"The plan has the control '{control.kind}', but nothing draws its map: open the "
                "engine with draw=…, a function of a kind and a picture that returns the map."
            )
        drawn = draw(control.kind, Picture.from_pixels(pixels))
        yield ControlInput(control.kind, _sized(drawn.pixels, size), control.weight)


def _style_inputs(plan: Plan) -> Iterator[StyleInput]:
    for reference in plan.references:
        if reference.role not in STYLE_ROLES and plan.task not in ("blend", "style-from-image"):
            raise RefusedError(
                f"The engine diffusers cannot use a reference for its {reference.role}, "
                "only for its style. To keep the structure of a picture, use a control."
            )
        yield StyleInput(open_picture(reference.source).pixels, reference.weight)


def _spans(length: int, side: int) -> Iterator[slice]:
    step = max(1, round(side * (1 - TILE_OVERLAP)))
    count = 1 if length <= side else 1 + -(-(length - side) // step)
    for i in range(count):
        start = 0 if count == 1 else round(i * (length - side) / (count - 1))
        yield slice(start, min(length, start + side))


def _fade(length: int) -> Weights:
    ramp = max(1.0, length * TILE_OVERLAP)
    near = np.minimum(np.arange(length), np.arange(length)[::-1]) + 1
    return np.minimum(near / ramp, 1).astype(np.float32)


# Key in a plan's reasons of a control that the planner added.
CONTROL_REASON_KEY: Final = "control {}"


@dataclass(frozen=True)
class ControlInputs:
    """The controls to follow, and in words which of the plan's were replaced or left out."""

    controls: tuple[Control, ...]
    changed: tuple[str, ...] = ()


def control_inputs(plan: Plan, family: Family, available: Collection[str]) -> ControlInputs:
    """Choose the controls that a model of the family follows.

    available: kinds whose network is on this machine. Controls that the user asked for stay, and
    their network is downloaded. Those that the planner added are replaced by a similar kind or left
    out when their network is not here, since a network takes gigabytes.
    """
    followed, changed = list[Control](), list[str]()
    usable = set(available) if "control" in family.classes else set()
    requested = sum(
        CONTROL_REASON_KEY.format(control.kind) not in plan.reasons for control in plan.controls
    )
    room = max(family.together, requested)
    for control in plan.controls:
        if CONTROL_REASON_KEY.format(control.kind) not in plan.reasons:
            followed.append(control)
            continue
        kind = control.kind if control.kind in usable else family.instead.get(control.kind, "")
        full = len(followed) >= room
        if kind not in usable or full or kind in {other.kind for other in followed}:
            changed.append(f"{control.kind} left out")
            continue
        if kind != control.kind:
            changed.append(f"{kind} for {control.kind}")
        followed.append(replace(control, kind=kind))
    return ControlInputs(tuple(followed), tuple(changed))
