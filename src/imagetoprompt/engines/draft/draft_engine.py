"""The draft engine: real changes to the picture on this machine, offline, in seconds.

It grades colors, restyles by filters and small networks, fills holes from their surroundings,
extends, enlarges and varies. It reads the facts of the plan, not the prompt, and paints nothing
that is not in the picture. What it cannot do it refuses with a RefusedError that says why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from threading import Event
from typing import Any, Final, Self

import cv2
import numpy as np

from imagetoprompt.core.plan import Margins, Mask, Plan, Request, Task
from imagetoprompt.engines import Painting, Progress, Step
from imagetoprompt.engines.draft.canvas import Canvas, mix
from imagetoprompt.engines.draft.effects import EFFECTS
from imagetoprompt.engines.draft.enlarge import (
    margin_pixels,
    outpaint,
    upscale,
    upscale_with_network,
)
from imagetoprompt.engines.draft.inpaint import inpaint
from imagetoprompt.engines.draft.recipes import REFUSAL_REMEDY, Recipe, RecipeStep, recipes
from imagetoprompt.engines.draft.working_size import at_full_size, working_copy, working_size
from imagetoprompt.errors import RefusedError
from imagetoprompt.images.filters import resized
from imagetoprompt.images.masks import Weights, mask_weights
from imagetoprompt.images.picture import Picture, Pixels

TITLE: Final = "Draft"
DESCRIPTION: Final = (
    "Paints in seconds, without a graphics card. It changes light, color, weather and medium of "
    "what is there, and invents nothing. It uses the facts, not the prompt."
)
TASKS: Final[tuple[Task, ...]] = (
    "restyle", "relight", "recolor", "vary", "inpaint", "outpaint", "upscale", "style-from-image",
)  # fmt: skip
CONTROLS: Final[tuple[str, ...]] = ()

DEFAULT_SEED: Final = 0
"""The seed when the plan has none: the same plan then gives the same picture."""

# The widest feathering of a filled hole, as a share of the longer side: the removed object would
# show through a wider one.
SEAM_WIDTH: Final = 0.008
PREVIEW_SIZE: Final = 512
"""The longer side of a preview in pixels."""
_REFUSED_TASKS: Final = {
    "blend": "blend several pictures",
    "reimagine": "paint the picture anew from its words",
}


class DraftEngine:
    """The engine. Style and upscaling networks stay loaded for the next picture."""

    def __init__(self, cancel: Event | None = None) -> None:
        self._cancel = cancel or Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """There is nothing to release."""

    def paint(self, request: Request, picture: Picture, /) -> Iterator[Step]:
        """Yield Progress before each effect, then the Painting; nothing after a cancellation."""
        if not 0 <= request.plan.strength <= 1:
            raise RefusedError(f"Strength is from 0 to 1, not {request.plan.strength:g}.")
        seed = DEFAULT_SEED if request.plan.seed is None else request.plan.seed
        for step in start_run(request.plan, picture, seed):
            if self._cancel.is_set():
                return
            yield step if isinstance(step, Progress) else Painting(step.picture, seed, step.facts)


def refusal(plan: Plan, /) -> str:
    """Why it would refuse the plan: an effect that it lacks, or nothing to change."""
    if plan.task in ("outpaint", "upscale"):
        return ""
    try:
        steps = recipes(plan)
    except RefusedError as error:
        return str(error)
    styled = any(reference.role in ("style", "palette") for reference in plan.references)
    varied = plan.task == "vary" and not plan.changes and not plan.preset
    if steps or styled or varied or plan.task == "inpaint":
        return ""
    return "There is nothing to change yet: choose a preset or change a fact."


def open_engine(cancel: Event | None = None) -> DraftEngine:
    """The engine; setting `cancel` stops it at the next step."""
    return DraftEngine(cancel)


def start_run(plan: Plan, picture: Picture, seed: int) -> Iterator[Step]:
    """Start the plan's task; RefusedError before the first step when it cannot be done."""
    if plan.task in _REFUSED_TASKS:
        raise RefusedError(f"The draft engine cannot {_REFUSED_TASKS[plan.task]}. {REFUSAL_REMEDY}")
    if plan.task == "upscale":
        return _upscaled(plan, picture, seed)
    if plan.task == "outpaint":
        return _outpainted(plan, picture, seed)
    base = _sized(picture, plan.size)
    chosen = _recipes(plan)
    if plan.task == "inpaint" and not chosen:
        return _filled(plan, picture, base, seed)
    if not chosen:
        raise RefusedError("There is nothing to change: give a preset or an edit.")
    return _painted(plan, base, chosen, (seed, _weights(plan.mask, picture, base)))


def _recipes(plan: Plan) -> tuple[Recipe, ...]:
    if plan.task == "vary" and not plan.changes and not plan.preset:
        step = RecipeStep("vary", {"strength": plan.strength})
        return (Recipe("vary", (step,), 1e-9, medium=True),)
    styles = [reference for reference in plan.references if reference.role == "style"]
    chosen = [
        Recipe(
            "style of a picture",
            (RecipeStep("neural", {"source": style.source}),),
            0.6,
            medium=True,
        )
        for style in styles
    ]
    palettes = [reference for reference in plan.references if reference.role == "palette"]
    chosen += [
        Recipe("palette of a picture", (RecipeStep("repalette", {"source": palette.source}),), 0.3)
        for palette in palettes
    ]
    return (*chosen, *recipes(plan))


def _weights(mask: Mask | None, picture: Picture, base: Picture) -> Weights | None:
    """How much of each pixel may change, 0 to 1; None without a mask."""
    if mask is None or not (mask.boxes or mask.source):
        return None
    return mask_weights(mask, picture.size, base.size)


def _painted(
    plan: Plan, base: Picture, chosen: tuple[Recipe, ...], seed_and_mask: tuple[int, Weights | None]
) -> Iterator[Step]:
    """Apply every recipe by its amount, inside the mask."""
    seed, mask = seed_and_mask
    total = sum(len(recipe.steps) for recipe in chosen)
    copy = working_copy(base)
    done, pixels, detail = 0, copy.pixels, 1.0
    for recipe in chosen:
        before = pixels
        for step in recipe.steps:
            yield Progress(done, total, step.effect.replace("_", " "), _preview(pixels, done))
            pixels = EFFECTS[step.effect](Canvas(pixels, copy, seed), dict(step.options))
            done += 1
        amount = recipe.amount(plan.strength)
        pixels = _blended(before, pixels, amount)
        detail *= 1 - amount if recipe.medium else 1
    pixels = at_full_size(base.pixels, copy.pixels, pixels, detail)
    if mask is not None:
        pixels = _composited(base.pixels, pixels, mask)
    yield _painting(pixels, seed, {"recipes": [recipe.name for recipe in chosen]}, plan)


def _blended(before: Pixels, after: Pixels, amount: float) -> Pixels:
    """A blend of the two, or an extrapolation beyond `after` when the amount is over 1."""
    if amount == 0:
        return before
    return mix(before, after, float(amount))


def _composited(old: Pixels, new: Pixels, mask: Weights) -> Pixels:
    """The new pixels by their weight in the mask, and exactly the old ones outside it."""
    result = old.copy()
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    weights = np.ascontiguousarray(mask[box])
    mixed = mix(np.ascontiguousarray(old[box]), np.ascontiguousarray(new[box]), weights)
    result[box] = np.where(weights[..., None] > 0, mixed, old[box])
    return result


def _filled(plan: Plan, picture: Picture, base: Picture, seed: int) -> Iterator[Step]:
    """Remove what is in the mask: fill it from its surroundings."""
    narrow = replace(plan.mask, feather=min(plan.mask.feather, SEAM_WIDTH)) if plan.mask else None
    mask = _weights(narrow, picture, base)
    if mask is None:
        raise RefusedError("Give a mask: boxes, or a picture that is white where to paint.")
    yield Progress(0, 1, "fill")
    hole = mask > 0
    if hole.all():
        raise RefusedError("The mask covers the whole picture: there is nothing to fill it from.")
    copy = working_copy(base).pixels
    size = copy.shape[1], copy.shape[0]
    # Every pixel that the hole touches belongs to the smaller hole: nothing of it shines through.
    small_hole = resized(hole.astype(np.float32), size) > 0
    pixels = at_full_size(base.pixels, copy, inpaint(copy, small_hole), detail=0)
    kept = _composited(base.pixels, pixels, mask)
    yield _painting(kept, seed, {"recipes": ["fill"]}, plan)


def _outpainted(plan: Plan, picture: Picture, seed: int) -> Iterator[Step]:
    """Extend the picture by its margins; the old part does not change."""
    margins = plan.margins or Margins()
    if margins == Margins():
        raise RefusedError("Outpainting needs margins: no margin is given.")
    yield Progress(0, 1, "extend")
    across, down = 1 + margins.left + margins.right, 1 + margins.top + margins.bottom
    inner = max(1, round(plan.size[0] / across)), max(1, round(plan.size[1] / down))
    pixels = _extended(_sized(picture, inner).pixels, margins)
    yield _painting(pixels, seed, {"recipes": ["extend"]}, plan)


def _extended(pixels: Pixels, margins: Margins) -> Pixels:
    """The pixels with their margins, which are painted on a working copy of a large picture."""
    height, width = pixels.shape[:2]
    top, bottom, left, right = margin_pixels((width, height), margins)
    size = left + width + right, top + height + bottom
    scale = (prod(working_size(size)) / prod(size)) ** 0.5
    copy = resized(pixels, (max(1, round(width * scale)), max(1, round(height * scale))))
    made = resized(outpaint(copy, margins), size, enlarge=cv2.INTER_CUBIC)
    if copy is not pixels:
        made[top : top + height, left : left + width] = pixels
    return made


def _upscaled(plan: Plan, picture: Picture, seed: int) -> Iterator[Step]:
    method = "Real-ESRGAN" if upscale_with_network() and plan.scale in (2, 3, 4) else "Lanczos"
    pixels = picture.pixels
    for step in upscale(picture.pixels, max(1, plan.scale)):
        if isinstance(step, tuple):
            yield Progress(*step, "enlarge")
        else:
            pixels = step
    pixels = resized(pixels, plan.size)
    yield _painting(pixels, seed, {"recipes": ["enlarge"], "method": method}, plan)


def _painting(pixels: Pixels, seed: int, facts: Mapping[str, Any], plan: Plan) -> Painting:
    return Painting(
        Picture.from_pixels(pixels), seed, {"engine": "draft", "strength": plan.strength, **facts}
    )


def _preview(pixels: Pixels, done: int) -> Picture | None:
    """A small copy of the pixels; None before the first effect."""
    if not done:
        return None
    scale = min(1.0, PREVIEW_SIZE / max(pixels.shape))
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    return Picture.from_pixels(resized(pixels, size))


def _sized(picture: Picture, size: tuple[int, int]) -> Picture:
    """The picture scaled to that size, center-cropped when its aspect ratio differs."""
    height, width = picture.pixels.shape[:2]
    if (width, height) == size:
        return picture
    scale = max(size[0] / width, size[1] / height)
    wide, high = max(size[0], round(width * scale)), max(size[1], round(height * scale))
    full = resized(picture.pixels, (wide, high))
    left, top = (wide - size[0]) // 2, (high - size[1]) // 2
    return Picture.from_pixels(full[top : top + size[1], left : left + size[0]].copy())
