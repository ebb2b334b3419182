"""Arrange facets in sentences and render the text with its spans.

The arrangement depends on which facets are present, never on their values, so that a change of one
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
"""The slots of one sentence: facets, and 'facet+' for the further clauses of a facet."""

TextPiece: TypeAlias = tuple[str, str]
"""A facet, or "" for glue, and the characters that it contributes to the text."""

_PHRASINGS: Final[Mapping[str, PhrasingTable]] = {
    "prose": {**SCENE_PHRASES, **LOOK_PHRASES},
    "phrases": PHRASES,
    "tags": TAGS,
}
# Facets that open another sentence ("At dusk, ...") and say too little for one of their own.
_OPENER_FACETS: Final = {"time", "weather", "season"}
# Sentences too short to stand alone, and the facets that they are put before or behind.
_JOIN_BEFORE: Final[Mapping[Sentence, Sentence]] = {
    ("medium",): ("light", "palette", "mood"),
    ("medium", "style"): ("light", "palette", "mood"),
    ("palette",): ("mood",),
}
_JOIN_BEHIND: Final[Mapping[Sentence, Sentence]] = {
    ("medium",): ("subject", "setting"),
    ("medium", "style"): ("subject", "setting"),
    ("camera",): ("subject", "setting"),
    ("composition", "composition+"): ("subject", "setting"),
    ("focus",): ("subject", "setting"),
}
# Sentences of one or two bare words: the medium follows after a comma.
_BARE_SENTENCES: Final = {("subject",), ("setting",)}


@dataclass(frozen=True)
class DraftText:
    """A text and which of its characters come from which facet."""

    text: str
    spans: tuple[Span, ...]


def arranged_sentences(profile: Profile, emphasis: str, present: Collection[str]) -> list[Sentence]:
    """The sentences of the facets in `present`, first those that the emphasis puts first."""
    leads = _lead(emphasis, present)["prose" if profile.manner == "prose" else "phrases"]
    taken = {slot for lead in leads for slot in lead}
    rest = [[slot for slot in row if slot not in taken] for row in profile.sentences]
    phrasing = _PHRASINGS[profile.manner]
    rows = [
        tuple(slot for slot in row if slot in phrasing and slot.rstrip("+") in present)
        for row in [*leads, *rest]
    ]
    if profile.manner == "tags":
        return [(slot,) for row in rows for slot in row]
    if profile.manner == "phrases":
        # A medium that precedes nothing goes to its other slot, at the end.
        rows = [row for row in rows if row != ("medium",)]
        return [row for row in rows if row]
    return _flowing([row for row in rows if row])


def _lead(emphasis: str, present: Collection[str]) -> dict[str, Any]:
    """The row of an emphasis, or its fallback if none of its facets is present."""
    row: dict[str, Any] = table("emphases", __package__)[emphasis]
    missing = "instead" in row and set(row["weigh"]).isdisjoint(present)
    return dict(row["instead"]) if missing else row


def _flowing(rows: list[Sentence]) -> list[Sentence]:
    """Join sentences too short to stand alone with others: 'a cat, photographed in soft light'."""
    for short in (*_JOIN_BEFORE, *_JOIN_BEHIND):
        if short in rows:
            rows = _with_short_joined(rows, short)
    return _with_openers_joined(_with_bare_joined(rows))


def _with_short_joined(rows: list[Sentence], short: Sentence) -> list[Sentence]:
    """Join the short sentence before its hosts, else behind them, else leave it alone.

    The first sentence keeps its own opening if there is another host to go behind.
    """
    rest = [row for row in rows if row != short]
    behind = set(_JOIN_BEHIND.get(short, ()))
    leading = int(any(behind.intersection(row) for row in rest[1:]))
    for number, row in enumerate(rest[leading:], leading):
        place = next((i for i, slot in enumerate(row) if slot in _JOIN_BEFORE.get(short, ())), None)
        if place is not None:
            return [*rest[:number], row[:place] + short + row[place:], *rest[number + 1 :]]
    for number, row in enumerate(rest):
        if behind.intersection(row):
            return [*rest[:number], row + short, *rest[number + 1 :]]
    return rows


def _with_bare_joined(rows: list[Sentence]) -> list[Sentence]:
    """Join a bare subject or setting at the start with the sentence that the medium opens."""
    medium = next((row for row in rows if row[0] == "medium"), ())
    if not medium or rows[0] not in _BARE_SENTENCES:
        return rows
    return [rows[0] + medium, *(row for row in rows[1:] if row != medium)]


def _with_openers_joined(rows: list[Sentence]) -> list[Sentence]:
    """Put sentences that only say when before the sentence that follows them."""
    joined: list[Sentence] = []
    waiting: Sentence = ()
    for row in rows:
        if _OPENER_FACETS.issuperset(row):
            waiting += row
        else:
            joined.append(waiting + row)
            waiting = ()
    return [*joined, waiting] if waiting else joined


def render(contents: Mapping[str, FacetClauses], profile: Profile, emphasis: str) -> DraftText:
    """Render the clauses as tags, phrases or prose, as the profile asks for."""
    rows = arranged_sentences(profile, emphasis, contents)
    weighted = _lead(emphasis, contents)["weigh"] if profile.weights else []
    writer = _Writer(
        contents,
        _PHRASINGS[profile.manner],
        profile.manner == "prose",
        weighted,
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


def render_sentence(
    contents: Mapping[str, FacetClauses], row: Iterable[str]
) -> Iterator[TextPiece]:
    """Render the facets of the row that are present as one prose sentence without full stop."""
    phrasings = _PHRASINGS["prose"]
    places = tuple(slot for slot in row if slot.rstrip("+") in contents)
    return _Writer(contents, phrasings, prose=True).sentence(places)


def draft_text(pieces: Iterable[TextPiece]) -> DraftText:
    """Join the pieces to one text; adjacent pieces of one facet share a span."""
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
    contents: Mapping[str, FacetClauses]
    phrasings: PhrasingTable
    prose: bool
    weighted: Collection[str] = ()
    verbs: bool = False
    hexes: bool = False

    def sentence(self, row: Sentence, earlier: Collection[str] = ()) -> Iterator[TextPiece]:
        """The pieces of one sentence."""
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
            # In tags the medium precedes with its own "of", like an adjective: nothing follows it.
            before = [slot for slot in before if slot != "medium"]
        if row[place].endswith("+") and facet in earlier:
            before.append(facet)
        after = tuple(slot for slot in row[place + 1 :] if not slot.endswith("+"))
        slot = WordSlot(tuple(before), after, frozenset(self.contents), self.verbs, self.hexes)
        return self.phrasings[row[place]](self.contents[facet], slot)

    def _weight(self, slot: str, words: str) -> str:
        """The words in attention brackets if the emphasis is on them."""
        if slot not in self.weighted or not words:
            return words
        return f"({words}:{EMPHASIS_WEIGHT})"


# Visible, and well below the 1.5 where pictures begin to break (targets.md, section 2).
EMPHASIS_WEIGHT: Final = 1.2
