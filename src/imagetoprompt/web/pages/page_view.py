"""View model of a page: everything that the templates show, as plain values.

Routes render page.html, or main.html (the inside of <main>), with `page=page(state)`, and
start.html with `start=start(visit)`.
"""

from dataclasses import dataclass
from typing import Final

from imagetoprompt.core.measurements import Palette, Swatch
from imagetoprompt.core.scene import FACETS
from imagetoprompt.web.pages.context import PageState, Visit, VisitPicture
from imagetoprompt.web.pages.evidence_svg import DrawingSize, SvgMark, drawing_size, svg_marks
from imagetoprompt.web.pages.facts_view import (
    Chip,
    camera_settings,
    chips,
    pending_facets,
    suggestions_for,
)
from imagetoprompt.web.pages.panel_area import Area, area
from imagetoprompt.web.pages.panel_options import (
    ControlsView,
    JobForm,
    StrengthSlider,
    controls_view,
    job_form,
    strength_slider,
)
from imagetoprompt.web.pages.panel_results import JobProgressView, Result, others, progress, result
from imagetoprompt.web.pages.pickers import (
    TAKEABLE_FACETS,
    EditEntry,
    PresetGroup,
    TargetTab,
    edit_entries,
    preset_groups,
    target_tabs,
    variant_tabs,
)
from imagetoprompt.web.pages.prompt_view import (
    EmbeddedPromptView,
    PromptView,
    embedded_prompt_view,
    prompt_view,
)
from imagetoprompt.web.pages.urls import (
    ALTERNATIVES_FIELD,
    Pairs,
    address,
    joined,
    pairs,
    without_names,
)
from imagetoprompt.web.worker_tasks import SHOWN_SIDE

ALTERNATIVES: Final[Pairs] = ((ALTERNATIVES_FIELD, "1"),)


@dataclass(frozen=True)
class Start:
    """The page without a picture."""

    visit: Visit


@dataclass(frozen=True)
class Hero:
    """The picture. width, height: as it is shown; original: in full. words: its alt text.

    warnings: what is wrong with its file.
    """

    id: str
    width: int
    height: int
    shown: str
    small: str
    words: str
    drawing: DrawingSize
    original: tuple[int, int]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """The transform panel; None for parts that are not shown."""

    strength: StrengthSlider | None
    controls: ControlsView | None
    area: Area
    form: JobForm | None
    progress: JobProgressView | None
    result: Result | None
    others: tuple[VisitPicture, ...]


@dataclass(frozen=True)
class Page:
    """One picture with its facts, its prompt and its edits.

    complete: False while observers still run. fields: those of the address, which each form sends
    along. facts: the facts that are said, and the names of facets that are still analyzed, in facet
    order; unsaid: the other facts. addable: every facet with suggestions. taken_from: the other
    pictures that give a facet. camera: settings from EXIF. alternatives: the address that shows the
    prompt with each emphasis. undo: the address without the last edit; reset: without any.
    """

    visit: Visit
    hero: Hero
    complete: bool
    error: str
    fields: Pairs
    action: str
    marks: tuple[SvgMark, ...]
    facts: tuple[Chip | str, ...]
    unsaid: tuple[Chip, ...]
    addable: tuple[tuple[str, tuple[str, ...]], ...]
    swatches: tuple[Swatch, ...]
    embedded_prompt: EmbeddedPromptView | None
    targets: tuple[TargetTab, ...]
    variants: tuple[TargetTab, ...]
    prompt: PromptView | None
    edits: tuple[EditEntry, ...]
    conflicts: tuple[str, ...]
    presets: tuple[PresetGroup, ...]
    takeable: tuple[str, ...]
    taken_from: tuple[str, ...]
    camera: tuple[str, ...]
    alternatives: str
    undo: str
    reset: str
    transform: Panel
    state: PageState


def start(visit: Visit) -> Start:
    """The page without a picture."""
    return Start(visit)


def page(state: PageState) -> Page:
    """The page of one picture."""
    fields = pairs(state.query) + (ALTERNATIVES if state.alternatives else ())
    facts = chips(state, fields)
    edits = edit_entries(state, fields)
    edited = state.answer.edited if state.answer else None
    return Page(
        visit=state.visit,
        hero=_hero(state),
        complete=state.complete,
        error=state.error,
        fields=fields,
        action=f"/p/{state.picture}",
        marks=svg_marks(state.after, f"/p/{state.picture}/sharp.png"),
        facts=_said_and_pending(state, facts),
        unsaid=tuple(chip for chip in facts if not (chip.said or chip.own)),
        addable=tuple((facet, suggestions_for(facet)) for facet in FACETS),
        swatches=_swatches(state),
        embedded_prompt=embedded_prompt_view(state.scene),
        targets=target_tabs(state, fields),
        variants=variant_tabs(state, fields),
        prompt=prompt_view(state, fields),
        edits=edits,
        conflicts=edited.conflicts if edited else (),
        presets=preset_groups(state),
        takeable=TAKEABLE_FACETS,
        taken_from=tuple(dict.fromkeys(name for _, name in state.query.take)),
        camera=camera_settings(state.scene),
        alternatives=address(state.picture, joined(fields, *ALTERNATIVES)),
        undo=edits[-1].undo if edits else "",
        reset=address(state.picture, _without_edits(fields)),
        transform=panel(state),
        state=state,
    )


def panel(state: PageState) -> Panel:
    """The transform panel of one picture."""
    return Panel(
        strength=strength_slider(state),
        controls=controls_view(state),
        area=area(state),
        form=job_form(state),
        progress=progress(state),
        result=result(state),
        others=others(state),
    )


def _hero(state: PageState) -> Hero:
    width, height = state.scene.size
    scale = min(1.0, SHOWN_SIDE / max(width, height))
    facets = (*FACETS[:3], "medium")
    return Hero(
        id=state.picture,
        width=max(1, round(width * scale)),
        height=max(1, round(height * scale)),
        shown=f"/p/{state.picture}/shown.jpg",
        small=f"/p/{state.picture}/small.jpg",
        words=", ".join(fact.value for facet in facets for fact in state.scene.said(facet)),
        drawing=drawing_size(state.scene.size),
        original=(width, height),
        warnings=state.scene.warnings,
    )


def _said_and_pending(state: PageState, facts: tuple[Chip, ...]) -> tuple[Chip | str, ...]:
    said: list[tuple[str, Chip | str]] = [(chip.facet, chip) for chip in facts if chip.said]
    said += [(facet, facet) for facet in pending_facets(state)]
    return tuple(entry for _, entry in sorted(said, key=lambda pair: FACETS.index(pair[0])))


def _swatches(state: PageState) -> tuple[Swatch, ...]:
    palettes = (f.measurement.swatches for f in state.after if isinstance(f.measurement, Palette))
    return next(palettes, ())


def _without_edits(fields: Pairs) -> Pairs:
    """Only the target and the emphasis."""
    edits = {name for name, _ in fields} - {"for", "emphasis"}
    return without_names(fields, tuple(edits))
