"""progress(shown), result(shown) -> the painting that the address names: how far it is, what it is.

It does not know the queue, nor how two pictures are laid over one another.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import parse_qsl

from imagetoprompt.core.plan import Margins
from imagetoprompt.errors import ImageToPromptError
from imagetoprompt.facts.edits import preset
from imagetoprompt.web.db.job_queue import Job, State
from imagetoprompt.web.pages.advice_words import Advice, advices
from imagetoprompt.web.pages.panel_strength import without_names
from imagetoprompt.web.pages.urls import Pairs, address, joined, pairs
from imagetoprompt.web.pages.visit import Opened, Shown
from imagetoprompt.web.query import Ask, from_pairs

Fate: TypeAlias = Literal["arrived", "missing", "unsure", "followed", "moved", "kept"]
SHOWN_SIDE: Final = 1280
"""The longer side of the copies that the page shows, as `tasks.SHOWN` makes them."""
LARGEST_SEED: Final = 2**32 - 1
# How `compare` and its advice begin the sentences that the rows stand for.
ABSENT: Final = re.compile(r"The (\w+) asked for, .* did not arrive")
COLORS: Final = re.compile(r"its colors are ([\d.]+) dE00 apart on average")
SIZES: Final = ("The result is ", "It has another shape")
# What cannot but move with what was asked for: dusk takes the colors along.
LOOKS: Final = frozenset({"time", "weather", "season", "medium", "style", "setting"})
FOLLOWERS: Final = {"palette": LOOKS | {"light"}, "light": LOOKS}
OUTLINES: Final = "The outlines"


@dataclass(frozen=True)
class Progress:
    """A painting under way, or one that came to nothing.

    percent: None while there is no telling. events: where its progress is told; again: this page.
    back: the address without it.
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
        """How much is done."""
        return min(100, round(100 * self.step / self.total)) if self.total else None


@dataclass(frozen=True)
class Row:
    """What became of one facet: whether it was to change, and whether it did.

    missing: it was to change, and plainly did not; unsure: the meters cannot tell; followed: it
    cannot but move with another that was to change. words: what moved of it.
    """

    facet: str
    fate: Fate
    before: str
    after: str
    words: str


@dataclass(frozen=True)
class Result:
    """A painting beside its picture.

    width, height: of the result as it is shown. inset: x, y, width and height of the picture within
    a result that reaches beyond it, else None. rows: the facets that moved or were to move; kept:
    those that stayed. notes: what else is to say of it. stale: whether something else is asked for
    by now; then: the address of what it was painted from. partly: whether only a part was painted.
    other: another seed; hold: the address that keeps this one. use: the page of the result itself.
    """

    job: str
    picture: str
    before: str
    width: int
    height: int
    size: tuple[int, int]
    inset: tuple[int, int, int, int] | None
    words: str
    rows: tuple[Row, ...]
    kept: tuple[str, ...]
    notes: tuple[str, ...]
    advice: tuple[Advice, ...]
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


def progress(shown: Shown) -> Progress | None:
    """The painting while there is nothing to compare; None when there is none, or it is done."""
    job = shown.job
    if job is None or job.state == "done":
        return None
    fields = pairs(shown.ask)
    return Progress(
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
        token=shown.visit.token,
        again=address(shown.picture, fields),
        back=address(shown.picture, without_names(fields, ("job",))),
    )


def result(shown: Shown) -> Result | None:
    """What was painted; None when there is none, or it is not done."""
    job = shown.job
    if job is None or job.state != "done" or not job.result:
        return None
    drift: Mapping[str, Any] = job.outcome["drift"]
    ask, given = _asked(job)
    then = (*given, ("job", job.id))
    rows = tuple(_rows(job.outcome, ask))
    width, height = _within(tuple(drift["result_size"]))
    now = without_names(pairs(shown.ask), ("job", "for", "emphasis"))
    seed = int(job.outcome["seed"])
    return Result(
        job=job.id,
        picture=job.result,
        before=f"/p/{shown.picture}/shown.jpg",
        width=width,
        height=height,
        size=tuple(drift["result_size"]),
        inset=_inset((width, height), ask.wishes.margins),
        words=", ".join(each["after"] for each in drift["facets"][:3] if each["after"]),
        rows=tuple(each for each in rows if each.fate != "kept"),
        kept=tuple(each.facet for each in rows if each.fate == "kept"),
        notes=tuple(_notes(drift, ask)),
        advice=advices(shown.picture, then, _advised(job.outcome, ask)),
        outlines=_outlines(drift),
        engine=str(job.outcome["facts"].get("engine", ask.engine)),
        strength=f"{float(job.outcome['facts'].get('strength', 0)):g}",
        partly=ask.wishes.mask is not None,
        seed=seed,
        hold=_hold(shown, seed),
        other=(seed + 1) % LARGEST_SEED,
        stale=now != without_names(given, ("job", "for", "emphasis")),
        then=address(shown.picture, then),
        use=address(job.result, (("for", shown.ask.target),)),
        fields=without_names(given, ("job", "seed")),
    )


def _hold(shown: Shown, seed: int) -> str:
    """Where the seed is kept for what comes; "" when it is already."""
    kept = shown.ask.wishes.seed == seed
    return "" if kept else address(shown.picture, joined(pairs(shown.ask), ("seed", str(seed))))


def others(shown: Shown) -> tuple[Opened, ...]:
    """The pictures of this visit, the newest first, when there is more than this one."""
    found = shown.visit.opened
    return found if any(each.picture != shown.picture for each in found) else ()


def _asked(job: Job) -> tuple[Ask, Pairs]:
    """What the painting was asked for, and the fields that stand for it."""
    given = tuple(parse_qsl(job.order["ask"], keep_blank_values=True))
    try:
        ask = from_pairs(given)
    except ImageToPromptError:
        return Ask(), given
    return ask, pairs(ask)


def _facets(ask: Ask) -> frozenset[str]:
    """The facets that were to change."""
    own = {each.facet for each in ask.edits if each.how in ("set", "add", "remove")}
    sets = {e.facet for name in ask.wishes.presets for e in preset(name).edits if e.how == "set"}
    return frozenset(own | sets | {facet for facet, _ in ask.take})


def _rows(outcome: Mapping[str, Any], ask: Ask) -> Iterator[Row]:
    wanted, told = _facets(ask), _advised(outcome, ask)
    lacking = frozenset(found[1] for each in told if (found := ABSENT.match(each)))
    for each in outcome["drift"]["facets"]:
        facet, moved = each["facet"], each["moved"]
        fate: Fate = "moved" if moved else "kept"
        if facet in lacking:
            fate = "missing"
        elif facet in wanted:
            fate = "arrived" if moved else "unsure"
        elif moved and wanted & FOLLOWERS.get(facet, frozenset()):
            fate = "followed"
        yield Row(facet, fate, each["before"], each["after"], _told(each["words"]))


def _advised(outcome: Mapping[str, Any], ask: Ask) -> tuple[str, ...]:
    """The advice; what is missing in the whole picture says nothing where a part was painted."""
    partly = ask.wishes.mask is not None
    return tuple(each for each in outcome["advice"] if not (partly and ABSENT.match(each)))


def _told(sentence: str) -> str:
    """'The light moved: warmer, softer.' without its head, as the row has that already."""
    _, parted, rest = sentence.partition(": ")
    return COLORS.sub(r"other colors (ΔE \1)", rest.rstrip(".")) if parted else sentence


def _notes(drift: Mapping[str, Any], ask: Ask) -> Iterator[str]:
    """What is said of the whole picture, but for what is told elsewhere or was asked for."""
    rows = {each["words"] for each in drift["facets"]}
    sized = ask.wishes.margins is not None or ask.wishes.scale > 1
    heads = (OUTLINES, *SIZES) if sized else (OUTLINES,)
    yield from (each for each in drift["words"] if each not in rows and not each.startswith(heads))


def _outlines(drift: Mapping[str, Any]) -> int | None:
    """Percent of the edges that stayed, inside the mask when there was one."""
    found = drift["likeness"].get("inside") or drift["likeness"].get("whole")
    return round(100 * found["edges"]) if found else None


def _within(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, SHOWN_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _inset(size: tuple[int, int], margins: Margins | None) -> tuple[int, int, int, int] | None:
    """Where the picture lies in a result that reaches beyond it."""
    if margins is None:
        return None
    width = size[0] / (1 + margins.left + margins.right)
    height = size[1] / (1 + margins.top + margins.bottom)
    place = (margins.left * width, margins.top * height, width, height)
    x, y, wide, high = (round(each) for each in place)
    return x, y, wide, high
