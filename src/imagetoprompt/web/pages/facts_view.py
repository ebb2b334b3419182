"""View models of facts: each as a chip with its alternatives and the addresses that change it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from imagetoprompt.core.measurements import Camera, Palette, Scores, Swatch
from imagetoprompt.core.scene import FACETS, Fact, Scene
from imagetoprompt.facts.edits import USER_SOURCE, presets
from imagetoprompt.facts.explain import explain
from imagetoprompt.lexicon import table
from imagetoprompt.web.pages.context import PageState
from imagetoprompt.web.pages.urls import Pair, Pairs, address, joined, without

# Facets that most pictures have and that the slower observers find: their places are reserved while
# the picture is still analyzed, so that nothing on the page moves.
SLOW_FACETS: Final = ("subject", "setting", "composition", "medium")
MAX_SUGGESTIONS: Final = 14
MAX_CANDIDATES: Final = 4
# Candidates below this probability are noise.
MIN_CANDIDATE_PROBABILITY: Final = 0.02


@dataclass(frozen=True)
class CandidateLink:
    """Another candidate of a classifier, its probability in percent, and the URL that sets it."""

    words: str
    percent: int
    url: str


@dataclass(frozen=True)
class Chip:
    """One fact.

    key: unique on the page. was: its words before the edits, if they differ. own: whether the user
    wrote it. reason: why it is not said. why: how it is known, in sentences. old: sent along if the
    facet has several facts, so that only this one is replaced. remove, lock, unlock, undo, include:
    addresses; "" where that is not possible.
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
    candidates: tuple[CandidateLink, ...]
    suggestions: tuple[str, ...]
    old: str
    remove: str
    lock: str
    unlock: str
    undo: str
    include: str


def chips(state: PageState, fields: Pairs) -> tuple[Chip, ...]:
    """Every fact after the edits, in facet order. fields: those of the page's address."""
    links = _EditLinks(state, fields)
    return tuple(chip for facet in FACETS for chip in _facet_chips(links, facet))


def pending_facets(state: PageState) -> tuple[str, ...]:
    """The facets whose observers are still running and that have no fact yet."""
    present = {fact.facet for fact in state.scene}
    return () if state.complete else tuple(f for f in SLOW_FACETS if f not in present)


def camera_settings(scene: Scene) -> tuple[str, ...]:
    """Focal length, aperture, shutter and ISO from EXIF, as photographers write them."""
    camera = next((f.measurement for f in scene if isinstance(f.measurement, Camera)), Camera())
    seconds = camera.shutter or 0
    shutter = f"1/{1 / seconds:.0f} s" if 0 < seconds < 1 else f"{seconds:g} s"
    settings = (
        (camera.focal_length, f"{camera.focal_length or 0:.0f} mm"),
        (camera.aperture, f"f/{camera.aperture or 0:g}"),
        (camera.shutter, shutter),
        (camera.iso, f"ISO {camera.iso}"),
    )
    return tuple(text for value, text in settings if value)


def suggestions_for(facet: str, fact: Fact | None = None) -> tuple[str, ...]:
    """Words to replace a fact with: likely candidates first, then those of the presets."""
    words = (*(name for name, _ in candidates(fact)), *_preset_values(facet))
    current = fact.value if fact else ""
    return tuple(value for value in dict.fromkeys(words) if value != current)[:MAX_SUGGESTIONS]


def candidates(fact: Fact | None) -> tuple[tuple[str, float], ...]:
    """The classifier's candidates for a fact with their probabilities, likeliest first."""
    if fact is None or not isinstance(fact.measurement, Scores):
        return ()
    ranked = sorted(fact.measurement.scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(pair for pair in ranked if pair[1] >= MIN_CANDIDATE_PROBABILITY)


@cache
def _preset_values(facet: str) -> tuple[str, ...]:
    edits = (edit for preset in presets() for edit in preset.edits)
    return tuple(dict.fromkeys(e.value for e in edits if e.facet == facet and e.how == "set"))


@dataclass(frozen=True)
class _EditLinks:
    """The addresses that change a fact of one page."""

    state: PageState
    fields: Pairs

    def url(self, *more: Pair) -> str:
        return address(self.state.picture, joined(self.fields, *more))

    def before(self, facet: str) -> tuple[str, ...]:
        """The words of the facet before the edits."""
        return tuple(fact.value for fact in self.state.scene.said(facet))

    def undo(self, facet: str) -> str:
        """The address without the user's edits of the facet; "" if there are none."""
        names = ("set", "add", "remove", "take")
        own = [f for f in self.fields if f[0] in names and f[1].partition("=")[0] == facet]
        return address(self.state.picture, without(self.fields, *own)) if own else ""


def _facet_chips(links: _EditLinks, facet: str) -> Iterator[Chip]:
    facts = links.state.after.all(facet)
    several = sum(fact.said for fact in facts) > 1
    for number, fact in enumerate(facts):
        yield _chip(links, fact, number, several)


def _chip(links: _EditLinks, fact: Fact, number: int, several: bool) -> Chip:
    facet, before, undo = fact.facet, links.before(fact.facet), links.undo(fact.facet)
    changed = fact.said and fact.value not in before
    editable = fact.said and not fact.locked
    removable = editable and not (changed and undo and not before)
    many = several and fact.said and table("facets")[facet].get("many")
    target = f"{facet}={fact.value}" if several else facet
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
        candidates=_candidate_links(links, fact),
        suggestions=suggestions_for(facet, fact),
        old=fact.value if many else "",
        remove=links.url(("remove", target)) if removable else "",
        lock=links.url(("lock", facet)) if editable and not changed and not undo else "",
        unlock=links.url(("unlock", facet)) if fact.locked else "",
        undo=undo if fact.said else "",
        include=_include(links, fact),
    )


def _include(links: _EditLinks, fact: Fact) -> str:
    """The address that says a fact which is not said; "" if there is nothing to say."""
    excluded = fact.value and not fact.said
    return links.url(("set", f"{fact.facet}={fact.value}")) if excluded else ""


def _percent(share: float) -> int:
    """Rounded half up, as `explain` does."""
    return int(100 * share + 0.5)


def _candidate_links(links: _EditLinks, fact: Fact) -> tuple[CandidateLink, ...]:
    others = [pair for pair in candidates(fact) if pair[0] != fact.value][:MAX_CANDIDATES]
    return tuple(
        CandidateLink(name, _percent(chance), links.url(("set", f"{fact.facet}={name}")))
        for name, chance in others
    )
