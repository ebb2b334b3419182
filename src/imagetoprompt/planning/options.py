"""PlanOptions: the choices of a user for a plan, their check, and their text form.

Each `parse_` function reads one value as people type it, the same on the command line, the page and
the API:

    --set time=dusk  --remove subject="a bicycle"  --take light=other.jpg  --mask 0.1,0.2,0.5,0.5
    --expand left=0.25  --size 1200x800  --reference style=painting.jpg@0.7

EditError, PlanError or UnknownNameError say in one sentence what is wrong. `validated` checks each
value on its own; `plan` fills in defaults and checks combinations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Final, cast

from imagetoprompt.core.measurements import Box
from imagetoprompt.core.plan import ROLES, TASKS, Margins, Mask, Reference, Role, Task
from imagetoprompt.core.scene import checked_facet
from imagetoprompt.errors import EditError, PlanError, UnknownNameError
from imagetoprompt.facts.edits import Edit, EditKind, preset
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
    kind, kinds = control_alias(name), control_kinds()
    if kind in kinds:
        return kind
    plugins = plugin_names(CONTROL_PLUGINS)
    if kind not in plugins:
        raise UnknownNameError("control", name, (*kinds, *plugins))
    return kind


def control_alias(name: str) -> str:
    """The kind that people mean by a name such as edges or recolour; other names in lower case."""
    plain = name.strip().lower()
    return next((kind for kind, row in control_kinds().items() if plain in row["also"]), plain)


def control_kinds() -> Mapping[str, Mapping[str, Any]]:
    """The built-in kinds of controls. keeps: what of a picture, in words. also: other names."""
    return cast(Mapping[str, Mapping[str, Any]], table("planning_rules", __package__)["kinds"])


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


SIDES: Final = ("left", "top", "right", "bottom")
# Spellings and names that people type for a task.
TASK_ALIASES: Final = {**US_SPELLINGS, "enlarge": "upscale"}
# Digits of one side: more are no picture, and Python reads only so many.
_MAX_DIGITS: Final = 6


def parse_change(kind: EditKind, text: str) -> Edit:
    """The edit: of 'facet=words' to set or add, of 'facet' or 'facet=words' for other kinds."""
    facet, sign, value = text.partition("=")
    if kind in ("set", "add"):
        if not sign:
            raise EditError(f"'{text}' is not an edit: write it as facet=words, such as time=dusk.")
        name = checked_facet(facet.strip())
        if not value.strip():
            raise EditError(f"Give the words for the {name}, or remove it.")
        return Edit(name, value.strip(), kind)
    return Edit(checked_facet(facet.strip()), value.strip(), kind)


def parse_taken(text: str) -> tuple[str, str]:
    """The facet, and the picture that it is taken from, of 'facet=picture'."""
    facet, _, picture = text.partition("=")
    if not picture.strip():
        raise EditError("Write what is taken from another picture as facet=picture.")
    return checked_facet(facet.strip()), picture.strip()


def parse_task(text: str) -> Task:
    """The task of that name or alias."""
    plain = text.strip().lower()
    task = TASK_ALIASES.get(plain, plain)
    if task not in TASKS:
        raise UnknownNameError("task", text, TASKS)
    return task


def parse_mask(text: str, feather: float = 0.0) -> Mask:
    """A box 'x,y,width,height' in fractions of the picture, or else the name of a mask picture."""
    parts = text.split(",")
    if len(parts) == len(("x", "y", "width", "height")) and all(map(_is_number, parts)):
        return Mask((parse_box(text),), feather=feather)
    return Mask(source=text, feather=feather)


def parse_box(text: str) -> Box:
    """'x,y,width,height' in fractions of the picture."""
    numbers = tuple(parse_number("box", part) for part in text.split(","))
    if len(numbers) != len(("x", "y", "width", "height")):
        raise PlanError("A box is x, y, width and height as fractions, as in 0.1,0.2,0.5,0.5.")
    left, top, width, height = numbers
    return left, top, width, height


def parse_margins(text: str) -> Margins:
    """'left=0.25,top=0.1': fractions of the width or height added on each side."""
    pairs = [part.partition("=") for part in text.split(",")]
    sides = {side.strip(): share for side, _, share in pairs}
    if not set(sides) <= set(SIDES) or not all(map(_is_number, sides.values())):
        raise PlanError(f"The sides are {', '.join(SIDES)}: write margins as left=0.25,top=0.1.")
    return Margins(**{side: float(share) for side, share in sides.items()})


def parse_size(text: str) -> tuple[int, int]:
    """Width and height in pixels of '1200x800'."""
    width, _, height = (side.strip() for side in text.lower().partition("x"))
    if not all(side.isdecimal() and len(side) <= _MAX_DIGITS for side in (width, height)):
        raise PlanError("Write a size as width x height in pixels, as in 1200x800.")
    return int(width), int(height)


def parse_reference(text: str) -> Reference:
    """'role=picture' or 'role=picture@weight', the weight from 0 to 1."""
    role, _, named = text.partition("=")
    picture, mark, weight = named.rpartition("@")
    if not mark or not _is_number(weight):
        picture, weight = named, ""
    if role.strip() not in ROLES or not picture:
        raise PlanError(
            "Write a reference as role=picture or role=picture@weight, the role one of "
            f"{', '.join(ROLES)}."
        )
    known = cast(Role, role.strip())
    return Reference(known, picture, float(weight)) if weight else Reference(known, picture)


def parse_number(name: str, text: str) -> float:
    """A finite number; `name` says in the error what it is."""
    if not _is_number(text):
        raise PlanError(f"The {name} is '{text[:40]}': give a number.")
    return float(text)


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False
