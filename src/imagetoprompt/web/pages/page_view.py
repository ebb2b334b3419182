"""start(visit) -> Start and page(shown) -> Page: all that the templates show, as plain values.

A route renders page.html (or main.html, the inside of its <main>) with `page=page(shown)`, and
start.html with `page=start(visit)`. Pure functions: they do not know requests, rows or HTML.
"""

from dataclasses import dataclass

from imagetoprompt.core.measurements import Palette, Swatch
from imagetoprompt.core.scene import FACETS
from imagetoprompt.web.pages.embedded_prompt import Own, own
from imagetoprompt.web.pages.evidence_svg import Mark, Sheet, marks, sheet
from imagetoprompt.web.pages.facts_view import Chip, awaited, chips, shot
from imagetoprompt.web.pages.panel import Panel, panel
from imagetoprompt.web.pages.pickers import (
    TAKEN,
    Change,
    Kind,
    Tab,
    changes,
    gallery,
    tabs,
    variants,
)
from imagetoprompt.web.pages.prompt_view import Wording, wording
from imagetoprompt.web.pages.suggestions import suggest
from imagetoprompt.web.pages.urls import Pairs, address, joined, pairs, without
from imagetoprompt.web.pages.visit import Opened, Shown, Theme, Visit

__all__ = ["Opened", "Page", "Shown", "Start", "Theme", "Visit", "page", "start"]


@dataclass(frozen=True)
class Start:
    """The page without a picture."""

    visit: Visit


@dataclass(frozen=True)
class Hero:
    """The picture itself: its size as it is shown, its words for those who do not see it."""

    id: str
    width: int
    height: int
    shown: str
    small: str
    words: str
    sheet: Sheet
    original: tuple[int, int]


@dataclass(frozen=True)
class Page:
    """One picture with its facts, its prompt and its changes.

    fields: those of the address, which each form sends along. places: the facts that are said and
    the facets that are still looked for, in facet order. unsaid: the other facts. addable: every
    facet, with suggestions. taken_from: the other pictures that give a facet. shot: what the camera
    wrote into the file. four: the address that shows all four emphases. undo: the address without
    the last change. transform: the panel that paints. shown: what it was all made from.
    """

    visit: Visit
    hero: Hero
    whole: bool
    error: str
    fields: Pairs
    action: str
    marks: tuple[Mark, ...]
    places: tuple[Chip | str, ...]
    unsaid: tuple[Chip, ...]
    addable: tuple[tuple[str, tuple[str, ...]], ...]
    swatches: tuple[Swatch, ...]
    own: Own | None
    tabs: tuple[Tab, ...]
    variants: tuple[Tab, ...]
    prompt: Wording | None
    changes: tuple[Change, ...]
    conflicts: tuple[str, ...]
    gallery: tuple[Kind, ...]
    takeable: tuple[str, ...]
    taken_from: tuple[str, ...]
    shot: tuple[str, ...]
    four: str
    undo: str
    reset: str
    transform: Panel
    shown: Shown


# Asks for all four emphases.
FOUR: Pairs = (("alternatives", "1"),)
# The longer side of the copy that the page shows, as `tasks.SHOWN` makes it.
SHOWN_SIDE = 1280


def start(visit: Visit) -> Start:
    """The page without a picture."""
    return Start(visit)


def page(shown: Shown) -> Page:
    """The page of one picture."""
    fields = pairs(shown.ask) + (FOUR if shown.alternatives else ())
    all_chips = chips(shown, fields)
    made = changes(shown, fields)
    edited = shown.answer.edited if shown.answer else None
    return Page(
        visit=shown.visit,
        hero=_hero(shown),
        whole=shown.whole,
        error=shown.error,
        fields=fields,
        action=f"/p/{shown.picture}",
        marks=marks(shown.after, f"/p/{shown.picture}/sharp.png"),
        places=_places(shown, all_chips),
        unsaid=tuple(chip for chip in all_chips if not (chip.said or chip.own)),
        addable=_addable(shown),
        swatches=_swatches(shown),
        own=own(shown.scene),
        tabs=tabs(shown, fields),
        variants=variants(shown, fields),
        prompt=wording(shown, fields),
        changes=made,
        conflicts=edited.conflicts if edited else (),
        gallery=gallery(shown),
        takeable=TAKEN,
        taken_from=tuple(dict.fromkeys(name for _, name in shown.ask.take)),
        shot=shot(shown.scene),
        four=address(shown.picture, joined(fields, *FOUR)),
        undo=made[-1].undo if made else "",
        reset=address(shown.picture, _unchanged(fields)),
        transform=panel(shown),
        shown=shown,
    )


def _hero(shown: Shown) -> Hero:
    width, height = shown.scene.size
    scale = min(1.0, SHOWN_SIDE / max(width, height))
    words = [f.value for facet in FACETS[:3] for f in shown.scene.said(facet)]
    words += [f.value for f in shown.scene.said("medium")]
    return Hero(
        id=shown.picture,
        width=max(1, round(width * scale)),
        height=max(1, round(height * scale)),
        shown=f"/p/{shown.picture}/shown.jpg",
        small=f"/p/{shown.picture}/small.jpg",
        words=", ".join(words),
        sheet=sheet(shown.scene.size),
        original=(width, height),
    )


def _places(shown: Shown, found: tuple[Chip, ...]) -> tuple[Chip | str, ...]:
    said = [(chip.facet, chip) for chip in found if chip.said]
    held: list[tuple[str, Chip | str]] = [*said, *((facet, facet) for facet in awaited(shown))]
    return tuple(place for _, place in sorted(held, key=lambda pair: FACETS.index(pair[0])))


def _swatches(shown: Shown) -> tuple[Swatch, ...]:
    found = (f.measurement.swatches for f in shown.after if isinstance(f.measurement, Palette))
    return next(found, ())


def _addable(shown: Shown) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((facet, suggest(facet)) for facet in FACETS)


def _unchanged(fields: Pairs) -> Pairs:
    """Only whom to write for and with what emphasis."""
    return without(fields, *(each for each in fields if each[0] not in ("for", "emphasis")))
