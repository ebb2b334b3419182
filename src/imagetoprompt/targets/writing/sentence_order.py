"""From facets to text: which sentence holds which facets, and the text with its spans.

Everything here depends on which facets are there, never on their values, so that a change of one
value changes nothing outside its own spans.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from imagetoprompt.core.prompt import Profile, Span
from imagetoprompt.lexicon import table
from imagetoprompt.lexicon.english import capitalized
from imagetoprompt.targets.writing.clauses import (
    FacetClauses,
    PhrasingTable,
    WordedClause,
    WordSlot,
)
from imagetoprompt.targets.writing.prose import LOOK_PHRASES, SCENE_PHRASES
from imagetoprompt.targets.writing.tags import PHRASES, TAGS

Sentence: TypeAlias = tuple[str, ...]
"""The places of one sentence: facets, and 'facet+' for the rest of a facet's clauses."""

TextPiece: TypeAlias = tuple[str, str]
"""A facet, or nothing for glue, and characters of the text."""

_SPEECHES: Final[Mapping[str, PhrasingTable]] = {
    "prose": {**SCENE_PHRASES, **LOOK_PHRASES},
    "phrases": PHRASES,
    "tags": TAGS,
}
# What can open another sentence ("At dusk, ...") and says too little for one of its own.
_OPENERS: Final = {"time", "weather", "season"}
# Rows too short for a sentence of their own, and the facets that they go in front of or behind.
_BEFORE: Final[Mapping[Sentence, Sentence]] = {
    ("medium",): ("light", "palette", "mood"),
    ("medium", "style"): ("light", "palette", "mood"),
    ("palette",): ("mood",),
}
_BEHIND: Final[Mapping[Sentence, Sentence]] = {
    ("medium",): ("subject", "setting"),
    ("medium", "style"): ("subject", "setting"),
    ("camera",): ("subject", "setting"),
    ("composition", "composition+"): ("subject", "setting"),
    ("focus",): ("subject", "setting"),
}
# What is there, in one bare word or two: how it is made follows after a comma.
_BARE: Final = {("subject",), ("setting",)}


@dataclass(frozen=True)
class DraftText:
    """A text and which of its characters come from which facet."""

    text: str
    spans: tuple[Span, ...]


def arranged_sentences(profile: Profile, emphasis: str, present: Collection[str]) -> list[Sentence]:
    """The sentences of the facets that are there, those that the emphasis puts first leading."""
    leads = _lead(emphasis, present)["prose" if profile.manner == "prose" else "phrases"]
    taken = {slot for lead in leads for slot in lead}
    rest = [[slot for slot in row if slot not in taken] for row in profile.sentences]
    spoken = _SPEECHES[profile.manner]
    rows = [
        tuple(slot for slot in row if slot in spoken and slot.rstrip("+") in present)
        for row in [*leads, *rest]
    ]
    if profile.manner == "tags":
        return [(slot,) for row in rows for slot in row]
    if profile.manner == "phrases":
        # A medium with nothing to lead goes to its other place, at the end.
        rows = [row for row in rows if row != ("medium",)]
        return [row for row in rows if row]
    return _flowing([row for row in rows if row])


def _lead(emphasis: str, present: Collection[str]) -> dict[str, Any]:
    """The row of an emphasis, or what leads instead when nothing it is on is there."""
    row: dict[str, Any] = table("emphases", __package__)[emphasis]
    missing = "instead" in row and set(row["weigh"]).isdisjoint(present)
    return dict(row["instead"]) if missing else row


def _flowing(rows: list[Sentence]) -> list[Sentence]:
    """Rows too short to stand alone join others: 'a cat, photographed in soft light'."""
    for short in (*_BEFORE, *_BEHIND):
        if short in rows:
            rows = _hosted(rows, short)
    return _opened(_bared(rows))


def _hosted(rows: list[Sentence], short: Sentence) -> list[Sentence]:
    """The rows with the short one in front of its hosts, else behind them, else as they are.

    A row that leads the text keeps its own opening when there is one to go behind.
    """
    rest = [row for row in rows if row != short]
    behind = set(_BEHIND.get(short, ()))
    leading = int(any(behind.intersection(row) for row in rest[1:]))
    for number, row in enumerate(rest[leading:], leading):
        place = next((i for i, slot in enumerate(row) if slot in _BEFORE.get(short, ())), None)
        if place is not None:
            return [*rest[:number], row[:place] + short + row[place:], *rest[number + 1 :]]
    for number, row in enumerate(rest):
        if behind.intersection(row):
            return [*rest[:number], row + short, *rest[number + 1 :]]
    return rows


def _bared(rows: list[Sentence]) -> list[Sentence]:
    """A bare subject or place that leads the text, joined with the row that the medium opens."""
    made = next((row for row in rows if row[0] == "medium"), ())
    if not made or rows[0] not in _BARE:
        return rows
    return [rows[0] + made, *(row for row in rows[1:] if row != made)]


def _opened(rows: list[Sentence]) -> list[Sentence]:
    """Rows that only say when are put in front of the row that follows them."""
    done: list[Sentence] = []
    waiting: Sentence = ()
    for row in rows:
        if _OPENERS.issuperset(row):
            waiting += row
        else:
            done.append(waiting + row)
            waiting = ()
    return [*done, waiting] if waiting else done


def render(told: Mapping[str, FacetClauses], profile: Profile, emphasis: str) -> DraftText:
    """The text of what is told, in the manner of the profile."""
    rows = arranged_sentences(profile, emphasis, told)
    weighed = _lead(emphasis, told)["weigh"] if profile.weights else []
    writer = _Writer(
        told,
        _SPEECHES[profile.manner],
        profile.manner == "prose",
        weighed,
        profile.verbs,
        profile.hexes,
    )
    pieces: list[TextPiece] = []
    earlier: set[str] = set()
    for number, row in enumerate(rows):
        if number and not all(slot.endswith("+") for slot in row):
            pieces.append(("", " " if writer.prose else ", "))
        pieces += writer.sentence(row, earlier)
        pieces += [("", ".")] if writer.prose else []
        earlier.update(row)
    return draft_text(pieces)


def render_sentence(told: Mapping[str, FacetClauses], row: Iterable[str]) -> Iterator[TextPiece]:
    """One prose sentence of those facets of the row that are told, without its full stop."""
    spoken = _SPEECHES["prose"]
    places = tuple(slot for slot in row if slot.rstrip("+") in told)
    return _Writer(told, spoken, prose=True).sentence(places)


def draft_text(pieces: Iterable[TextPiece]) -> DraftText:
    """The pieces as one text; neighbors of one facet share a span."""
    text, spans = "", list[Span]()
    for facet, words in pieces:
        start, text = len(text), text + words
        if not facet or not words:
            continue
        if spans and spans[-1].facet == facet and spans[-1].end == start:
            start = spans.pop().start
        spans.append(Span(facet, start, len(text)))
    return DraftText(text, tuple(spans))


@dataclass(frozen=True)
class _Writer:
    told: Mapping[str, FacetClauses]
    speeches: PhrasingTable
    prose: bool
    weighed: Collection[str] = ()
    verbs: bool = False
    hexes: bool = False

    def sentence(self, row: Sentence, earlier: Collection[str] = ()) -> Iterator[TextPiece]:
        """The pieces of one row."""
        worded: list[WordedClause] = []
        for place in range(len(row)):
            worded.append(self._worded(row, place, earlier))
        for place, (slot, (glue, words)) in enumerate(zip(row, worded, strict=True)):
            following = worded[place + 1][0] if place + 1 < len(row) else ","
            own = "," if words.endswith(",") or (slot.endswith("+") and words) else ""
            comma = own if following.startswith(" ") else ""
            shown = self._weight(slot, words.rstrip(","))
            yield "", glue
            yield (
                slot.rstrip("+"),
                (capitalized(shown) if self.prose and not place else shown) + comma,
            )

    def _worded(self, row: Sentence, place: int, earlier: Collection[str]) -> WordedClause:
        facet = row[place].rstrip("+")
        before = [slot for slot in row[:place] if not slot.endswith("+")]
        if not self.prose:
            # There the medium leads with its own "of", like an adjective: nothing follows it.
            before = [slot for slot in before if slot != "medium"]
        if row[place].endswith("+") and facet in earlier:
            before.append(facet)
        after = tuple(slot for slot in row[place + 1 :] if not slot.endswith("+"))
        slot = WordSlot(tuple(before), after, frozenset(self.told), self.verbs, self.hexes)
        return self.speeches[row[place]](self.told[facet], slot)

    def _weight(self, slot: str, words: str) -> str:
        """The words in attention brackets when the emphasis is on them."""
        if slot not in self.weighed or not words:
            return words
        return f"({words}:{EMPHASIS_WEIGHT})"


# Felt, and far from the 1.5 where front-ends' pictures begin to break (targets.md, section 2).
EMPHASIS_WEIGHT: Final = 1.2
