"""Facts as clauses: values cleaned of a target's syntax, and split at commas.

A clause is the smallest thing that is written or dropped.
"""

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

_INVISIBLE_CATEGORIES: Final = {"Cc", "Cf", "Cs", "Co"}
# Straight, curly, low, angle and full-width quotes, and the backtick, would end our own quotes.
_QUOTES: Final = re.compile('["`\u00ab\u00bb\u2018-\u201f\uff02]')
_EDGE_CHARACTERS: Final = " \t,.;:!?\u2026\u00b7-\u2013\u2014_/&+*="


@lru_cache(maxsize=4096)
def clean_text(value: str, syntax: str) -> str:
    """Put the value on one line, without characters of `syntax` and punctuation at its ends.

    A line break becomes a comma, a double quote a single one; invisible and control characters are
    removed. syntax: a row of syntax.toml.
    """
    harmless = _without_syntax(_QUOTES.sub("'", _visible(value.replace("\n", ", "))), syntax)
    commas = re.sub(r"\s*,[\s,]*", ", ", re.sub(r"\s+", " ", harmless))
    return re.sub(r"\.{2,}", ",", commas).strip(_EDGE_CHARACTERS)


@lru_cache(maxsize=4096)
def clean_phrase(value: str, syntax: str) -> str:
    """Clean words that are visible in a picture, to be written between double quotes."""
    unquoted = _QUOTES.sub("'", _visible(value))
    return re.sub(r"\s+", " ", _without_syntax(unquoted, syntax)).strip()


@lru_cache(maxsize=4096)
def split_clauses(value: str) -> tuple[str, ...]:
    """The clauses of a cleaned value in their order, without repeats."""
    parts = (part.strip(_EDGE_CHARACTERS) for part in value.split(", "))
    return tuple(dict.fromkeys(part for part in parts if part))


def _visible(value: str) -> str:
    if value.isascii() and value.isprintable():
        return value
    spaced = unicodedata.normalize("NFC", re.sub(r"\s", " ", value))
    return "".join(
        sign for sign in spaced if unicodedata.category(sign) not in _INVISIBLE_CATEGORIES
    )


def _without_syntax(value: str, syntax: str) -> str:
    for pattern, replacement in _rules(syntax):
        value = pattern.sub(replacement, value)
    return value


@cache
def _rules(syntax: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = table("syntax", __package__)[syntax]["rules"]
    return tuple((re.compile(pattern), replacement) for pattern, replacement in rows)


# Worth of each further clause of a fact, or further fact of a facet, relative to the one before.
_CLAUSE_DECAY: Final = 0.85
_FACT_DECAY: Final = 0.9
# Characters. No observer writes a phrase as long as this; only a user's own words can be.
MAX_CLAUSE_LENGTH: Final = 300


@dataclass(frozen=True)
class Clause:
    """A part of a fact's words. fact: its index in the scene. worth: confidence x importance."""

    facet: str
    fact: int
    words: str
    worth: float


@dataclass(frozen=True)
class FacetClauses:
    """What is written of one facet: the clauses and the measurement of each fact."""

    facet: str
    facts: tuple[tuple[str, ...], ...]
    measurements: tuple[Measurement | None, ...]

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses of all facts in one row, without repeats."""
        return tuple(dict.fromkeys(chain.from_iterable(self.facts)))


@dataclass(frozen=True)
class SceneClauses:
    """The clauses that a target can write, and the facts that it cannot, with the reason."""

    facts: tuple[Fact, ...]
    clauses: tuple[Clause, ...]
    dropped: tuple[Dropped, ...]

    def by_facet(self, without: Collection[Clause] = frozenset()) -> dict[str, FacetClauses]:
        """The clauses of each facet, except those in `without`, for which a set is fastest."""
        kept = [clause for clause in self.clauses if clause not in without]
        return {
            facet: self._facet_clauses(facet, list(group)) for facet, group in groupby(kept, _facet)
        }

    def _facet_clauses(self, facet: str, clauses: list[Clause]) -> FacetClauses:
        facts = {number: list(group) for number, group in groupby(clauses, _fact)}
        return FacetClauses(
            facet,
            tuple(tuple(clause.words for clause in group) for group in facts.values()),
            tuple(self.facts[number].measurement for number in facts),
        )

    def dropped_facts(self, without: Collection[Clause], reason: str) -> Iterator[Dropped]:
        """An entry for each fact that loses clauses: with those, or with its value if all."""
        for number, group in groupby(self.clauses, _fact):
            clauses = list(group)
            lost = [clause.words for clause in clauses if clause in without]
            fact = self.facts[number]
            if lost:
                value = fact.value if len(lost) == len(clauses) else ", ".join(lost)
                yield Dropped(fact.facet, value, reason)


_facet: Final = attrgetter("facet")
_fact: Final = attrgetter("fact")


def scene_clauses(scene: Scene, profile: Profile) -> SceneClauses:
    """The clauses of all included facts whose facets the profile can write."""
    facts = tuple(fact for fact in scene if fact.said)
    writable = frozenset(profile.order)
    clauses: list[Clause] = []
    dropped: list[Dropped] = []
    for number, fact in enumerate(facts):
        rank = sum(earlier.facet == fact.facet for earlier in facts[:number])
        if fact.facet not in writable:
            reason = profile.untold.get(fact.facet, f"{profile.title} cannot be told it.")
        elif not _words(fact, profile):
            reason = "Nothing is left of it that can be written."
        else:
            reason = _unrendered_text(fact, rank, profile)
        if reason:
            dropped.append(Dropped(fact.facet, fact.value, reason))
        else:
            clauses.extend(_clauses(fact, number, rank, profile))
            dropped.extend(_cut(fact, profile))
    return SceneClauses(facts, tuple(clauses), tuple(dropped))


def _unrendered_text(fact: Fact, rank: int, profile: Profile) -> str:
    """Why a line of visible text is left out; "" if it is written, and for other facets."""
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
    worth = fact.confidence * table("facets")[fact.facet]["importance"] * _FACT_DECAY**rank
    for index, words in enumerate(_words(fact, profile)):
        yield Clause(fact.facet, number, _short(words), worth * _CLAUSE_DECAY**index)


def _cut(fact: Fact, profile: Profile) -> Iterator[Dropped]:
    """The ends of clauses longer than MAX_CLAUSE_LENGTH."""
    for words in () if fact.facet == "text" else _words(fact, profile):
        if len(words) > MAX_CLAUSE_LENGTH:
            end = words[len(_short(words)) :]
            yield Dropped(fact.facet, end, "Too long for one phrase: its end is left out.")


def _short(words: str) -> str:
    """The first MAX_CLAUSE_LENGTH characters, cut between words if possible."""
    if len(words) <= MAX_CLAUSE_LENGTH:
        return words
    start = words[:MAX_CLAUSE_LENGTH]
    return (start.rsplit(" ", 1)[0] if " " in start else start).rstrip(" \\")


@dataclass(frozen=True)
class WordSlot:
    """The place of a facet in a sentence.

    before, after: the facets written before and after it in the sentence. present: all facets that
    are written. verbs: whether the target wants whole sentences ('a dog is sitting') rather than
    captions. hexes: whether it wants colors as hex codes with names.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    present: frozenset[str]
    verbs: bool = False
    hexes: bool = False

    def follows(self, *facets: str) -> bool:
        """Whether one of the facets stands earlier in the same sentence."""
        return not set(facets).isdisjoint(self.before)

    def leads(self, *facets: str) -> bool:
        """Whether one of the facets comes later in the same sentence."""
        return not set(facets).isdisjoint(self.after)


WordedClause: TypeAlias = tuple[str, str]
"""The glue before the words, which depends only on the WordSlot, and the words of the facet."""

Phrasing: TypeAlias = Callable[[FacetClauses, WordSlot], WordedClause]
PhrasingTable: TypeAlias = Mapping[str, Phrasing]
