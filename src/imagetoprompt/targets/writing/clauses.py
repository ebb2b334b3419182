"""Values made harmless: no line breaks, no quotes, no characters that a target would obey."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, groupby
from operator import attrgetter
from typing import Final, TypeAlias

from imagetoprompt.core.measurements import Measurement
from imagetoprompt.core.prompt import Dropped, Profile
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.lexicon import table

_INVISIBLE: Final = {"Cc", "Cf", "Cs", "Co"}
# Straight, curly, low, angle and full-width quotes, and the backtick, would end our own quotes.
_QUOTES: Final = re.compile('["`\u00ab\u00bb\u2018-\u201f\uff02]')
_EDGES: Final = " \t,.;:!?\u2026\u00b7-\u2013\u2014_/&+*="


@lru_cache(maxsize=4096)
def clean_text(value: str, syntax: str) -> str:
    """The value on one line without what `syntax` would obey, bare of punctuation at its ends.

    A line break becomes a comma, a double quote a single one, invisible and control characters go.
    """
    harmless = _obeyed(_QUOTES.sub("'", _visible(value.replace("\n", ", "))), syntax)
    commas = re.sub(r"\s*,[\s,]*", ", ", re.sub(r"\s+", " ", harmless))
    return re.sub(r"\.{2,}", ",", commas).strip(_EDGES)


@lru_cache(maxsize=4096)
def clean_phrase(value: str, syntax: str) -> str:
    """Words that stand in a picture, for standing between double quotes: as they are, but safe."""
    kept = _QUOTES.sub("'", _visible(value))
    return re.sub(r"\s+", " ", _obeyed(kept, syntax)).strip()


@lru_cache(maxsize=4096)
def split_clauses(value: str) -> tuple[str, ...]:
    """The clauses of a cleaned value, each one once, in their order."""
    parts = (part.strip(_EDGES) for part in value.split(", "))
    return tuple(dict.fromkeys(part for part in parts if part))


def _visible(value: str) -> str:
    if value.isascii() and value.isprintable():
        return value
    spaced = unicodedata.normalize("NFC", re.sub(r"\s", " ", value))
    return "".join(each for each in spaced if unicodedata.category(each) not in _INVISIBLE)


def _obeyed(value: str, syntax: str) -> str:
    for pattern, instead in _rules(syntax):
        value = pattern.sub(instead, value)
    return value


@cache
def _rules(syntax: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = table("syntax", __package__)[syntax]["rules"]
    return tuple((re.compile(pattern), instead) for pattern, instead in rows)


# What a further clause or fact is worth beside the one before it: less, but not nothing.
_FURTHER_CLAUSE: Final = 0.85
_FURTHER_FACT: Final = 0.9
# Characters. Longer than any phrase that is seen in a picture: only a user's own words reach it.
MAX_CLAUSE_LENGTH: Final = 300


@dataclass(frozen=True)
class Clause:
    """The smallest thing that is told or left out; `worth` is confidence x importance."""

    facet: str
    fact: int
    words: str
    worth: float


@dataclass(frozen=True)
class FacetClauses:
    """All that is told of one facet: the clauses of each fact, and the numbers behind each."""

    facet: str
    facts: tuple[tuple[str, ...], ...]
    measurements: tuple[Measurement | None, ...]

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses of all facts in one row, each once."""
        return tuple(dict.fromkeys(chain.from_iterable(self.facts)))


@dataclass(frozen=True)
class SceneClauses:
    """Everything that could be told of a scene, and what could not, with the reason."""

    facts: tuple[Fact, ...]
    clauses: tuple[Clause, ...]
    dropped: tuple[Dropped, ...]

    def told(self, without: Collection[Clause] = frozenset()) -> dict[str, FacetClauses]:
        """What is told of each facet when the given clauses are left out; best a set."""
        kept = [clause for clause in self.clauses if clause not in without]
        return {facet: self._told(facet, list(left)) for facet, left in groupby(kept, _facet)}

    def _told(self, facet: str, clauses: list[Clause]) -> FacetClauses:
        facts = {number: list(left) for number, left in groupby(clauses, _fact)}
        return FacetClauses(
            facet,
            tuple(tuple(clause.words for clause in left) for left in facts.values()),
            tuple(self.facts[number].measurement for number in facts),
        )

    def lost(self, without: Collection[Clause], reason: str) -> Iterator[Dropped]:
        """One entry for each fact that loses clauses; a fact that loses all is named as it was."""
        for number, left in groupby(self.clauses, _fact):
            every = list(left)
            gone = [clause.words for clause in every if clause in without]
            fact = self.facts[number]
            if gone:
                value = fact.value if len(gone) == len(every) else ", ".join(gone)
                yield Dropped(fact.facet, value, reason)


_facet: Final = attrgetter("facet")
_fact: Final = attrgetter("fact")


def scene_clauses(scene: Scene, profile: Profile) -> SceneClauses:
    """The clauses of all said facts that the profile can tell."""
    facts = tuple(fact for fact in scene if fact.said)
    tellable = frozenset(profile.order)
    found: list[Clause] = []
    dropped: list[Dropped] = []
    for number, fact in enumerate(facts):
        rank = sum(other.facet == fact.facet for other in facts[:number])
        if fact.facet not in tellable:
            reason = profile.untold.get(fact.facet, f"{profile.title} cannot be told it.")
        elif not _words(fact, profile):
            reason = "Nothing is left of it that can be written."
        else:
            reason = _unrendered_text(fact, rank, profile)
        if reason:
            dropped.append(Dropped(fact.facet, fact.value, reason))
        else:
            found.extend(_clauses(fact, number, rank, profile))
            dropped.extend(_cut(fact, profile))
    return SceneClauses(facts, tuple(found), tuple(dropped))


def _unrendered_text(fact: Fact, rank: int, profile: Profile) -> str:
    """Why a line of visible text is left out; "" for one that is written, and for other facets."""
    if fact.facet != "text":
        return ""
    if rank >= profile.texts:
        return f"Only the first {profile.texts} lines of text are written."
    if len(fact.value) > profile.text_length:
        return f"A line of text of over {profile.text_length} characters does not render well."
    return ""


def _words(fact: Fact, profile: Profile) -> tuple[str, ...]:
    if fact.facet == "text":
        words = clean_phrase(fact.value, profile.syntax)
        return (words,) if words else ()
    return split_clauses(clean_text(fact.value, profile.syntax))


def _clauses(fact: Fact, number: int, rank: int, profile: Profile) -> Iterable[Clause]:
    worth = fact.confidence * table("facets")[fact.facet]["importance"] * _FURTHER_FACT**rank
    for place, words in enumerate(_words(fact, profile)):
        yield Clause(fact.facet, number, _short(words), worth * _FURTHER_CLAUSE**place)


def _cut(fact: Fact, profile: Profile) -> Iterator[Dropped]:
    """The ends of clauses that are too long for any phrase."""
    for words in () if fact.facet == "text" else _words(fact, profile):
        if len(words) > MAX_CLAUSE_LENGTH:
            lost = words[len(_short(words)) :]
            yield Dropped(fact.facet, lost, "Too long for one phrase: its end is left out.")


def _short(words: str) -> str:
    """The beginning of an overlong clause, cut between words where there are any."""
    if len(words) <= MAX_CLAUSE_LENGTH:
        return words
    start = words[:MAX_CLAUSE_LENGTH]
    return (start.rsplit(" ", 1)[0] if " " in start else start).rstrip(" \\")


@dataclass(frozen=True)
class WordSlot:
    """A place in a sentence: the facets told before and after it there, and all that are told.

    verbs: whether the target wants whole sentences, 'a dog is sitting', rather than captions.
    hexes: whether it wants colors as hex codes with names.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    told: frozenset[str]
    verbs: bool = False
    hexes: bool = False

    def follows(self, *facets: str) -> bool:
        """Whether one of the facets stands earlier in the same sentence."""
        return not set(facets).isdisjoint(self.before)

    def leads(self, *facets: str) -> bool:
        """Whether one of the facets comes later in the same sentence."""
        return not set(facets).isdisjoint(self.after)


WordedClause: TypeAlias = tuple[str, str]
"""The glue before the words, which depends on the Slot alone, and the words of the facet."""

Phrasing: TypeAlias = Callable[[FacetClauses, WordSlot], WordedClause]
PhrasingTable: TypeAlias = Mapping[str, Phrasing]
