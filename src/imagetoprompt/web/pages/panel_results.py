"""View models of a transform job: progress while it runs, result when it is done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import parse_qsl

from imagetoprompt.compare import Advice, Finding
from imagetoprompt.core.plan import Margins
from imagetoprompt.errors import ImageToPromptError
from imagetoprompt.facts.edits import preset
from imagetoprompt.planning.options import MAX_SEED
from imagetoprompt.reports.compare_text import advice_sentence, picture_sentence, short_text
from imagetoprompt.web.db.job_queue import Job, State
from imagetoprompt.web.pages.context import PageState, VisitPicture
from imagetoprompt.web.pages.urls import Pair, Pairs, address, joined, pairs, without_names
from imagetoprompt.web.query import PageQuery, parse_query
from imagetoprompt.web.worker_tasks import SHOWN_SIDE

Outcome: TypeAlias = Literal["arrived", "missing", "unsure", "followed", "moved", "kept"]
# Changing one of these facets always changes the colors and the light: dusk is darker and redder.
SCENE_FACETS: Final = frozenset({"time", "weather", "season", "medium", "style", "setting"})
CAUSES: Final = {"palette": SCENE_FACETS | {"light"}, "light": SCENE_FACETS}
# Findings that the result shows in another place, and those that a new size brings with it.
OUTLINE_FINDINGS: Final = frozenset({"outlines_moved", "outlines_moved_in_mask"})
SIZE_FINDINGS: Final = frozenset({"resized", "other_aspect_ratio"})


@dataclass(frozen=True)
class JobProgressView:
    """A job that waits or runs, or that was cancelled or failed.

    percent: None while no step is done. events: address of its server-sent events. again: this
    page; back: the page without the job.
    """

    job: str
    state: State
    over: bool
    cancelling: bool
    step: int
    total: int
    phase: str
    preview: str
    error: str
    events: str
    cancel: str
    token: str
    again: str
    back: str

    @property
    def percent(self) -> int | None:
        """Steps done, in percent."""
        return min(100, round(100 * self.step / self.total)) if self.total else None


@dataclass(frozen=True)
class ResultRow:
    """One facet of the result: whether it was to change, and whether it did.

    outcome: "arrived" (requested, and changed), "missing" (requested, measurably not there),
    "unsure" (requested, cannot be measured), "followed" (always changes with a requested facet),
    "moved" (changed unasked) or "kept". words: what changed.
    """

    facet: str
    outcome: Outcome
    before: str
    after: str
    words: str


@dataclass(frozen=True)
class AdviceLink:
    """One sentence of advice, and the address that follows it; "" if an address cannot."""

    words: str
    url: str


@dataclass(frozen=True)
class Result:
    """A result beside its picture.

    width, height: as it is shown. inset: x, y, width and height of the picture within an outpainted
    result, else None. rows: facets that changed or were to change; kept: those that did not. notes:
    further sentences. outlines: percent of edges that stayed. stale: whether the page now asks for
    something else; then: the address of what was asked. partly: whether a mask was used. other:
    another seed; hold: the address that keeps this seed. use: the page of the result itself.
    """

    job: str
    picture: str
    before: str
    width: int
    height: int
    size: tuple[int, int]
    inset: tuple[int, int, int, int] | None
    words: str
    rows: tuple[ResultRow, ...]
    kept: tuple[str, ...]
    notes: tuple[str, ...]
    advice: tuple[AdviceLink, ...]
    outlines: int | None
    engine: str
    strength: str
    partly: bool
    seed: int
    other: int
    hold: str
    stale: bool
    then: str
    use: str
    fields: Pairs


def progress(state: PageState) -> JobProgressView | None:
    """The job of the address while there is no result; None if there is no job, or it is done."""
    job = state.job
    if job is None or job.state == "done":
        return None
    fields = pairs(state.query)
    return JobProgressView(
        job=job.id,
        state=job.state,
        over=job.over,
        cancelling=job.cancelling,
        step=job.step,
        total=job.total,
        phase=job.phase,
        preview=f"/jobs/{job.id}/preview.jpg" if job.preview else "",
        error=job.error,
        events=f"/api/v1/jobs/{job.id}/events",
        cancel=f"/jobs/{job.id}/cancel",
        token=state.visit.token,
        again=address(state.picture, fields),
        back=address(state.picture, without_names(fields, ("job",))),
    )


def result(state: PageState) -> Result | None:
    """The result of the job of the address; None if there is no job, or it is not done."""
    job = state.job
    if job is None or job.state != "done" or not job.result:
        return None
    drift: Mapping[str, Any] = job.outcome["drift"]
    query, fields = _request(job)
    findings, advice = _findings(job), _advice(job, query)
    then = (*fields, ("job", job.id))
    rows = tuple(_rows(drift, findings, advice, query))
    width, height = _shown_size(tuple(drift["result_size"]))
    now = without_names(pairs(state.query), ("job", "for", "emphasis"))
    seed = int(job.outcome["seed"])
    return Result(
        job=job.id,
        picture=job.result,
        before=f"/p/{state.picture}/shown.jpg",
        width=width,
        height=height,
        size=tuple(drift["result_size"]),
        inset=_inset((width, height), query.options.margins),
        words=", ".join(facet["after"] for facet in drift["facets"][:3] if facet["after"]),
        rows=tuple(row for row in rows if row.outcome != "kept"),
        kept=tuple(row.facet for row in rows if row.outcome == "kept"),
        notes=tuple(_notes(findings.get("", ()), query)),
        advice=advice_links(state.picture, then, advice),
        outlines=_kept_outlines(drift),
        engine=str(job.outcome["facts"].get("engine", query.engine)),
        strength=f"{float(job.outcome['facts'].get('strength', 0)):g}",
        partly=query.options.mask is not None,
        seed=seed,
        hold=_keep_seed(state, seed),
        other=(seed + 1) % MAX_SEED,
        stale=now != without_names(fields, ("job", "for", "emphasis")),
        then=address(state.picture, then),
        use=address(job.result, (("for", state.query.target),)),
        fields=without_names(fields, ("job", "seed")),
    )


def others(state: PageState) -> tuple[VisitPicture, ...]:
    """The pictures of this visit, newest first; empty if there is only this one."""
    opened = state.visit.opened
    return opened if any(entry.picture != state.picture for entry in opened) else ()


def advice_links(picture: str, fields: Pairs, advice: tuple[Advice, ...]) -> tuple[AdviceLink, ...]:
    """Each advice with its link. fields: those that the job was requested with."""
    return tuple(_advice_link(picture, fields, item) for item in advice)


def _advice_link(picture: str, fields: Pairs, advice: Advice) -> AdviceLink:
    changes = tuple(_parameter_changes(advice))
    url = address(picture, joined(fields, *changes)) if changes else ""
    return AdviceLink(advice_sentence(advice, cli_hint=False), url)


def _parameter_changes(advice: Advice) -> Iterator[Pair]:
    """The fields that follow an advice; the page has none for weights."""
    if advice.parameter == "strength":
        yield "strength", f"{advice.new:g}"
    if advice.control and advice.parameter in ("strength", "control"):
        yield "keep", advice.control


def _keep_seed(state: PageState, seed: int) -> str:
    """The address that keeps the seed for the next job; "" if it is kept already."""
    kept = state.query.options.seed == seed
    return "" if kept else address(state.picture, joined(pairs(state.query), ("seed", str(seed))))


def _request(job: Job) -> tuple[PageQuery, Pairs]:
    """What the job was requested with, and the fields that stand for it."""
    fields = tuple(parse_qsl(job.order["ask"], keep_blank_values=True))
    try:
        query = parse_query(fields)
    except ImageToPromptError:
        return PageQuery(), fields
    return query, pairs(query)


def _findings(job: Job) -> dict[str, tuple[Finding, ...]]:
    """The findings of each facet, and under "" those of the whole picture."""
    data = job.outcome.get("findings", {"picture": [], "facets": {}})
    groups = {"": data["picture"], **data["facets"]}
    return {name: tuple(map(Finding.from_json, group)) for name, group in groups.items()}


def _advice(job: Job, query: PageQuery) -> tuple[Advice, ...]:
    """The advice; with a mask, what is missing in the whole picture says nothing."""
    advice = map(Advice.from_json, job.outcome.get("findings", {}).get("advice", ()))
    return tuple(a for a in advice if query.options.mask is None or a.kind != "missing")


def _rows(
    drift: Mapping[str, Any],
    findings: Mapping[str, tuple[Finding, ...]],
    advice: tuple[Advice, ...],
    query: PageQuery,
) -> Iterator[ResultRow]:
    requested = _requested_facets(query)
    missing = frozenset(item.facet for item in advice if item.kind == "missing")
    for entry in drift["facets"]:
        facet, moved = entry["facet"], entry["moved"]
        outcome: Outcome = "moved" if moved else "kept"
        if facet in missing:
            outcome = "missing"
        elif facet in requested:
            outcome = "arrived" if moved else "unsure"
        elif moved and requested & CAUSES.get(facet, frozenset()):
            outcome = "followed"
        words = short_text(findings.get(facet, ()))
        yield ResultRow(facet, outcome, entry["before"], entry["after"], words)


def _requested_facets(query: PageQuery) -> frozenset[str]:
    """The facets that were to change."""
    edited = {edit.facet for edit in query.edits if edit.how in ("set", "add", "remove")}
    by_presets = {
        e.facet for name in query.options.presets for e in preset(name).edits if e.how == "set"
    }
    return frozenset(edited | by_presets | {facet for facet, _ in query.take})


def _notes(findings: tuple[Finding, ...], query: PageQuery) -> Iterator[str]:
    """Sentences about the whole picture, except what is shown elsewhere or was requested."""
    resized = query.options.margins is not None or query.options.scale > 1
    skipped = OUTLINE_FINDINGS | (SIZE_FINDINGS if resized else frozenset())
    yield from (picture_sentence(item) for item in findings if item.code not in skipped)


def _kept_outlines(drift: Mapping[str, Any]) -> int | None:
    """Percent of the edges that stayed, within the mask if there was one."""
    similarity = drift["likeness"].get("inside") or drift["likeness"].get("whole")
    return round(100 * similarity["edges"]) if similarity else None


def _shown_size(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, SHOWN_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _inset(size: tuple[int, int], margins: Margins | None) -> tuple[int, int, int, int] | None:
    """Where the picture lies in an outpainted result: x, y, width, height in pixels."""
    if margins is None:
        return None
    width = size[0] / (1 + margins.left + margins.right)
    height = size[1] / (1 + margins.top + margins.bottom)
    x, y = margins.left * width, margins.top * height
    return round(x), round(y), round(width), round(height)
