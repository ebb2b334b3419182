"""Read a change as people type it: one vocabulary for the command line, the page and the API.

    --set time=dusk  --remove subject="a bicycle"  --take light=other.jpg  --mask 0.1,0.2,0.5,0.5
    --expand left=0.25  --size 1200x800  --reference style=painting.jpg@0.7

Each function reads one value. EditError, PlanError or UnknownNameError says in one sentence what is
wrong with it, the same wherever it was typed.
"""

from typing import Final, cast

from imagetoprompt.core.measurements import Box
from imagetoprompt.core.plan import ROLES, TASKS, Margins, Mask, Reference, Role, Task
from imagetoprompt.core.scene import checked_facet
from imagetoprompt.errors import EditError, PlanError, UnknownNameError
from imagetoprompt.facts.edits import Edit, EditKind
from imagetoprompt.planning.options import US_SPELLINGS

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
