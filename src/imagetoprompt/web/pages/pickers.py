"""What can be chosen: whom to write for, presets by kind, and the changes made so far.

It does not know how any of it is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from imagetoprompt.facts.edits import presets
from imagetoprompt.pipeline import ALIASES
from imagetoprompt.targets import TARGETS
from imagetoprompt.web.pages.urls import Pairs, address, joined, without
from imagetoprompt.web.pages.visit import Shown

# What another picture may give; the rest is what makes it that picture.
TAKEN: Final = ("light", "palette", "composition", "style", "medium", "mood")
CHANGES: Final = ("preset", "set", "add", "remove", "lock", "take", "exclude")


@dataclass(frozen=True)
class Tab:
    """A generator or one of its variants, and where it is chosen."""

    name: str
    title: str
    chosen: bool
    use: str


@dataclass(frozen=True)
class Cell:
    """A preset: its place in the sprite of its kind, and the words it would say."""

    name: str
    title: str
    place: int
    words: str
    chosen: bool


@dataclass(frozen=True)
class Kind:
    """The presets of one kind, and the picture that shows them all."""

    name: str
    sprite: str
    cells: tuple[Cell, ...]
    chosen: bool


@dataclass(frozen=True)
class Change:
    """One change that was made: of what kind, which facet ("" for none), and how it is undone."""

    kind: str
    facet: str
    words: str
    picture: str
    undo: str


def tabs(shown: Shown, fields: Pairs) -> tuple[Tab, ...]:
    """The generators; the title is their name, which the words of the page may replace."""
    chosen = _target(shown)[0]
    return tuple(_tab(shown, fields, (name, name, name == chosen)) for name in TARGETS)


def variants(shown: Shown, fields: Pairs) -> tuple[Tab, ...]:
    """The variants of the chosen generator, the default one first."""
    name, variant = _target(shown)
    found = TARGETS[name].VARIANTS
    wanted = variant or next(iter(found))
    return tuple(
        _tab(shown, fields, (f"{name}:{key}" if number else name, each.title, key == wanted))
        for number, (key, each) in enumerate(found.items())
    )


def _target(shown: Shown) -> tuple[str, str]:
    name, _, variant = shown.ask.target.partition(":")
    return ALIASES.get(name, name), variant


def _tab(shown: Shown, fields: Pairs, what: tuple[str, str, bool]) -> Tab:
    name, title, chosen = what
    return Tab(name, title, chosen, address(shown.picture, joined(fields, ("for", name))))


def gallery(shown: Shown) -> tuple[Kind, ...]:
    """The presets by their kinds; the kind of one that is chosen, else the first, is open."""
    kinds: dict[str, list[Cell]] = {}
    for each in presets():
        cells = kinds.setdefault(each.kind, [])
        words = ", ".join(edit.value for edit in each.edits if edit.value)
        chosen = each.name in shown.ask.wishes.presets
        cells.append(Cell(each.name, each.title, len(cells), words, chosen))
    open_ = next(
        (k for k, cells in kinds.items() if any(c.chosen for c in cells)), next(iter(kinds))
    )
    return tuple(
        Kind(kind, f"/p/{shown.picture}/presets/{kind}.jpg", tuple(cells), kind == open_)
        for kind, cells in kinds.items()
    )


def changes(shown: Shown, fields: Pairs) -> tuple[Change, ...]:
    """Every change in its order, with the address that has all others."""
    return tuple(_changes(shown, fields))


def _changes(shown: Shown, fields: Pairs) -> Iterator[Change]:
    titles = {each.name: each.title for each in presets()}
    for name, value in fields:
        if name not in CHANGES:
            continue
        undo = address(shown.picture, without(fields, (name, value)))
        if name in ("preset", "exclude"):
            yield Change(name, "", titles.get(value, value), "", undo)
            continue
        facet, _, words = value.partition("=")
        taken = name == "take"
        yield Change(name, facet, "" if taken else words, words if taken else "", undo)
