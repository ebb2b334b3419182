"""Chips: each fact as the page shows it, and where each change of it leads.

It does not know pixels or prompts, nor how a chip looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from imagetoprompt.core.measurements import Camera, Palette, Swatch
from imagetoprompt.core.scene import FACETS, Fact, Scene
from imagetoprompt.facts.edits import USER_SOURCE
from imagetoprompt.facts.explain import explain
from imagetoprompt.lexicon import table
from imagetoprompt.web.pages.suggestions import candidates, suggest
from imagetoprompt.web.pages.urls import Pair, Pairs, address, joined, without
from imagetoprompt.web.pages.visit import Shown

# Facets that most pictures say something of, once the slower observers have looked: as many places
# are held for them as will be filled, so that nothing moves.
AWAITED: Final = ("subject", "setting", "composition", "medium")


@dataclass(frozen=True)
class Candidate:
    """Something else that was thought of, and how likely it is in percent."""

    words: str
    percent: int
    use: str


@dataclass(frozen=True)
class Chip:
    """One fact. was: its words before the edits, when they differ. why: how it is known.

    old: sent along where the facet has several facts, so that only this one is changed. remove,
    lock, unlock, undo, say: addresses; "" when there is no such thing to do.
    """

    key: str
    facet: str
    words: str
    was: str
    percent: int
    said: bool
    own: bool
    changed: bool
    locked: bool
    reason: str
    why: tuple[str, ...]
    swatches: tuple[Swatch, ...]
    candidates: tuple[Candidate, ...]
    suggestions: tuple[str, ...]
    old: str
    remove: str
    lock: str
    unlock: str
    undo: str
    say: str


@dataclass(frozen=True)
class _Desk:
    """What a chip is written from, beside its fact."""

    shown: Shown
    fields: Pairs

    def to(self, *more: Pair) -> str:
        return address(self.shown.picture, joined(self.fields, *more))

    def before(self, facet: str) -> tuple[str, ...]:
        return tuple(fact.value for fact in self.shown.scene.said(facet))


def chips(shown: Shown, fields: Pairs) -> tuple[Chip, ...]:
    """Every fact after the edits, in facet order."""
    desk = _Desk(shown, fields)
    return tuple(chip for facet in FACETS for chip in _of_facet(desk, facet))


def awaited(shown: Shown) -> tuple[str, ...]:
    """The facets that are still looked for."""
    found = {fact.facet for fact in shown.scene}
    return () if shown.whole else tuple(facet for facet in AWAITED if facet not in found)


def shot(scene: Scene) -> tuple[str, ...]:
    """What the camera wrote into the file, each in its usual form."""
    found = next((f.measurement for f in scene if isinstance(f.measurement, Camera)), Camera())
    seconds = found.shutter or 0
    short = f"1/{1 / seconds:.0f} s" if 0 < seconds < 1 else f"{seconds:g} s"
    told = (
        (found.focal_length, f"{found.focal_length or 0:.0f} mm"),
        (found.aperture, f"f/{found.aperture or 0:g}"),
        (found.shutter, short),
        (found.iso, f"ISO {found.iso}"),
    )
    return tuple(words for value, words in told if value)


def _of_facet(desk: _Desk, facet: str) -> Iterator[Chip]:
    facts = desk.shown.after.all(facet)
    for number, fact in enumerate(facts):
        yield _chip(desk, fact, number, sum(each.said for each in facts) > 1)


def _chip(desk: _Desk, fact: Fact, number: int, several: bool) -> Chip:
    facet, before = fact.facet, desk.before(fact.facet)
    changed = fact.said and fact.value not in before
    undo = _undo(desk, facet)
    only = f"{facet}={fact.value}" if several else facet
    free = fact.said and not fact.locked
    return Chip(
        key=facet if number == 0 else f"{facet}-{number + 1}",
        facet=facet,
        words=fact.value,
        was=" · ".join(before) if changed and number == 0 else "",
        percent=_percent(fact.confidence),
        said=fact.said,
        own=USER_SOURCE in fact.sources,
        changed=changed,
        locked=fact.locked,
        reason=fact.reason,
        why=explain(fact),
        swatches=fact.measurement.swatches if isinstance(fact.measurement, Palette) else (),
        candidates=_candidates(desk, fact),
        suggestions=suggest(facet, fact),
        old=fact.value if several and fact.said and table("facets")[facet].get("many") else "",
        remove=desk.to(("remove", only)) if free and not (changed and undo and not before) else "",
        lock=desk.to(("lock", facet)) if free and not changed and not undo else "",
        unlock=desk.to(("unlock", facet)) if fact.locked else "",
        undo=undo if fact.said else "",
        say=desk.to(("set", f"{facet}={fact.value}")) if fact.value and not fact.said else "",
    )


def _undo(desk: _Desk, facet: str) -> str:
    """Where the visitor's own changes of the facet are taken back; "" without any."""
    edits = ("set", "add", "remove", "take")
    own = [e for e in desk.fields if e[0] in edits and e[1].partition("=")[0] == facet]
    return address(desk.shown.picture, without(desk.fields, *own)) if own else ""


def _percent(share: float) -> int:
    """Halves go up, as in the sentences that tell the same number."""
    return int(100 * share + 0.5)


def _candidates(desk: _Desk, fact: Fact) -> tuple[Candidate, ...]:
    found = [pair for pair in candidates(fact) if pair[0] != fact.value][:4]
    return tuple(
        Candidate(name, _percent(chance), desk.to(("set", f"{fact.facet}={name}")))
        for name, chance in found
    )
