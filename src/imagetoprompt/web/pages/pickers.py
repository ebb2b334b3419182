"""View models of the choices: targets and variants, presets by kind, and the edits so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from imagetoprompt.facts.edits import presets
from imagetoprompt.targets import TARGETS
from imagetoprompt.web.pages.context import PageState
from imagetoprompt.web.pages.urls import Pairs, address, joined, without

# Facets that another picture can give; the others make that picture what it is.
TAKEABLE_FACETS: Final = ("light", "palette", "composition", "style", "medium", "mood")
# Fields of an address that are edits.
EDIT_FIELDS: Final = ("preset", "set", "add", "remove", "lock", "take", "exclude")


@dataclass(frozen=True)
class TargetTab:
    """A target or one of its variants, and the address that chooses it."""

    name: str
    title: str
    chosen: bool
    url: str


@dataclass(frozen=True)
class PresetCell:
    """A preset: its row in the thumbnail sprite of its kind, and the words that it sets."""

    name: str
    title: str
    row: int
    words: str
    chosen: bool


@dataclass(frozen=True)
class PresetGroup:
    """The presets of one kind, and the sprite of their thumbnails. chosen: whether it is open."""

    name: str
    sprite: str
    cells: tuple[PresetCell, ...]
    chosen: bool


@dataclass(frozen=True)
class EditEntry:
    """One edit: its field, its facet ("" for none), and the address without it.

    picture: the other picture that the facet is taken from.
    """

    kind: str
    facet: str
    words: str
    picture: str
    undo: str


def target_tabs(state: PageState, fields: Pairs) -> tuple[TargetTab, ...]:
    """The targets in their order."""
    chosen = _chosen_target(state)[0]
    tabs = ((name, TARGETS[name].TITLE, name == chosen) for name in TARGETS)
    return tuple(_tab(state, fields, tab) for tab in tabs)


def variant_tabs(state: PageState, fields: Pairs) -> tuple[TargetTab, ...]:
    """The variants of the chosen target, the default first."""
    name, variant = _chosen_target(state)
    profiles = TARGETS[name].VARIANTS
    chosen = variant or next(iter(profiles))
    return tuple(
        _tab(state, fields, (f"{name}:{key}" if number else name, profile.title, key == chosen))
        for number, (key, profile) in enumerate(profiles.items())
    )


def _chosen_target(state: PageState) -> tuple[str, str]:
    name, _, variant = state.query.target.partition(":")
    return TARGETS.canonical(name), variant


def _tab(state: PageState, fields: Pairs, tab: tuple[str, str, bool]) -> TargetTab:
    name, title, chosen = tab
    return TargetTab(name, title, chosen, address(state.picture, joined(fields, ("for", name))))


def preset_groups(state: PageState) -> tuple[PresetGroup, ...]:
    """The presets by kind; the kind of the first chosen preset is open, else the first kind."""
    groups: dict[str, list[PresetCell]] = {}
    for preset in presets():
        cells = groups.setdefault(preset.kind, [])
        words = ", ".join(edit.value for edit in preset.edits if edit.value)
        chosen = preset.name in state.query.options.presets
        cells.append(PresetCell(preset.name, preset.title, len(cells), words, chosen))
    with_choice = (kind for kind, cells in groups.items() if any(cell.chosen for cell in cells))
    open_kind = next(with_choice, next(iter(groups)))
    return tuple(
        PresetGroup(kind, f"/p/{state.picture}/presets/{kind}.jpg", tuple(cells), kind == open_kind)
        for kind, cells in groups.items()
    )


def edit_entries(state: PageState, fields: Pairs) -> tuple[EditEntry, ...]:
    """Every edit in its order."""
    return tuple(_edit_entries(state, fields))


def _edit_entries(state: PageState, fields: Pairs) -> Iterator[EditEntry]:
    titles = {preset.name: preset.title for preset in presets()}
    for name, value in fields:
        if name not in EDIT_FIELDS:
            continue
        undo = address(state.picture, without(fields, (name, value)))
        if name in ("preset", "exclude"):
            yield EditEntry(name, "", titles.get(value, value), "", undo)
            continue
        facet, _, words = value.partition("=")
        words, picture = ("", words) if name == "take" else (words, "")
        yield EditEntry(name, facet, words, picture, undo)
