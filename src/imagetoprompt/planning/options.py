"""PlanOptions: the choices of a user for a plan, and the check of each value on its own.

`plan` fills in defaults and checks combinations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Final, cast

from imagetoprompt.core.plan import TASKS, Margins, Mask, Reference, Task
from imagetoprompt.errors import PlanError, UnknownNameError
from imagetoprompt.facts.edits import preset
from imagetoprompt.lexicon import table
from imagetoprompt.registry import plugin_names

# As many pictures as Midjourney's /blend takes, the picture itself among them (MJ-D).
MAX_REFERENCES: Final = 4
# The largest seed that any generator takes (MJ-D); some take less.
MAX_SEED: Final = 2**32 - 1
# Twice the picture on one side: farther out, new pixels have nothing of the picture near them.
MAX_MARGIN: Final = 2.0
# No generator or engine paints a longer side in one job.
MAX_SIDE: Final = 16_384
MAX_SCALE: Final = 8


@dataclass(frozen=True)
class PlanOptions:
    """The choices of a user; None or empty selects the default.

    keep: kinds of controls ("pose", "edges"), or "none" for no structure at all. presets: the names
    of those that made the edits. size: width and height of the result in pixels. picture: where the
    picture is, as requests should name it.
    """

    task: Task | None = None
    strength: float | None = None
    mask: Mask | None = None
    keep: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    margins: Margins | None = None
    scale: int = 1
    size: tuple[int, int] | None = None
    seed: int | None = None
    presets: tuple[str, ...] = ()
    picture: str = ""


US_SPELLINGS: Final = {"recolour": "recolor"}
"""Tasks and control maps by an earlier spelling, which old addresses and scripts still use."""
CONTROL_PLUGINS: Final = "imagetoprompt.controls"
"""The group of entry points in which other packages register controls."""
KEEP_NOTHING: Final = "none"
"""The value of `keep` that asks for no controls."""


def validated(options: PlanOptions) -> PlanOptions:
    """The options with aliases replaced by names; PlanError or UnknownNameError for a bad value."""
    if options.task is not None and options.task not in TASKS:
        raise UnknownNameError("task", options.task, TASKS)
    _check_strength(options.strength)
    _check_mask(options.mask)
    _check_margins(options.margins)
    _check_references(options.references)
    _check_numbers(options)
    names = tuple(preset(name).name for name in options.presets)
    return replace(options, keep=_kept(options.keep), presets=names)


def _kept(names: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds by their names, each once; PlanError for "none" together with a kind."""
    if names == (KEEP_NOTHING,):
        return names
    if KEEP_NOTHING in names:
        raise PlanError("Keep some structure or none, not both: leave out 'none' or the others.")
    return tuple(dict.fromkeys(map(control_kind, names)))


def control_kind(name: str) -> str:
    """The kind of control that a name or alias means; UnknownNameError when there is none.

    Controls that other packages register have no alias.
    """
    kind, kinds = control_alias(name), table("planning")["kinds"]
    if kind in kinds:
        return kind
    plugins = plugin_names(CONTROL_PLUGINS)
    if kind not in plugins:
        raise UnknownNameError("control", name, (*kinds, *plugins))
    return kind


def control_alias(name: str) -> str:
    """The kind that people mean by a name such as edges or recolour; other names in lower case."""
    rows = cast(Mapping[str, Mapping[str, Any]], table("planning")["kinds"])
    plain = name.strip().lower()
    return next((kind for kind, row in rows.items() if plain in row["also"]), plain)


def _check_strength(strength: float | None) -> None:
    if strength is not None and not 0 <= strength <= 1:
        raise PlanError(f"Strength goes from 0 (keep) to 1 (free), not {strength:g}.")


def _check_mask(mask: Mask | None) -> None:
    if mask is None:
        return
    if not mask.boxes and not mask.source:
        raise PlanError("The mask marks nothing: give a picture that is white where it may change.")
    for box in mask.boxes:
        across, down, width, height = box
        inside = all(isfinite(value) and 0 <= value <= 1 for value in box)
        if not inside or width <= 0 or height <= 0:
            raise PlanError(
                "A box of a mask is x, y, width and height as fractions of the picture, such as "
                f"0.1,0.2,0.5,0.5, not {across:g},{down:g},{width:g},{height:g}."
            )


def _check_margins(margins: Margins | None) -> None:
    if margins is None:
        return
    sides = (margins.left, margins.top, margins.right, margins.bottom)
    if not all(0 <= side <= MAX_MARGIN for side in sides) or not any(sides):
        raise PlanError(
            f"Margins are fractions of the picture from 0 to {MAX_MARGIN:g}, at least one above "
            "0, such as left=0.25."
        )


def _check_references(references: tuple[Reference, ...]) -> None:
    if len(references) > MAX_REFERENCES:
        raise PlanError(
            f"{len(references)} references are too many: give at most {MAX_REFERENCES}."
        )
    for reference in references:
        if not reference.source or not 0 <= reference.weight <= 1:
            raise PlanError("A reference is a picture with a weight from 0 to 1.")


def _check_numbers(options: PlanOptions) -> None:
    if options.seed is not None and not 0 <= options.seed <= MAX_SEED:
        raise PlanError(f"A seed goes from 0 to {MAX_SEED}, not {options.seed}.")
    if not 1 <= options.scale <= MAX_SCALE:
        raise PlanError(f"The scale goes from 1 to {MAX_SCALE}, not {options.scale}.")
    if options.size is not None and not all(1 <= side <= MAX_SIDE for side in options.size):
        raise PlanError(f"A size is width and height in pixels, each 1 to {MAX_SIDE}.")
