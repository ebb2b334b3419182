"""What is left out when a limit leaves no room for everything: the least worth first."""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from math import ceil
from typing import Final

from imagetoprompt.core.prompt import Dropped, Limit, Unit
from imagetoprompt.lexicon import table
from imagetoprompt.targets.writing.clauses import Clause, FacetClauses, SceneClauses
from imagetoprompt.targets.writing.sentence_order import DraftText

Renderer = Callable[[Mapping[str, FacetClauses]], DraftText]

# A share of the limit: one clause longer than this would push out nearly everything else.
_LARGE: Final = 0.6


@dataclass(frozen=True)
class FittedText:
    """A text within its limit, its length, and what had to go."""

    draft: DraftText
    length: int
    dropped: tuple[Dropped, ...]


def fit_to_limit(
    telling: SceneClauses, whole: DraftText, write: Renderer, limit: Limit, ending: str = ""
) -> FittedText:
    """As much as fits with the ending: clauses go by confidence x importance, the lowest first.

    whole: the text with every clause. write: the text of fewer. A clause that would fill most of
    the limit by itself goes before all others.
    """
    length = count_units(whole.text + ending, limit.unit)
    if length <= limit.count:
        return FittedText(whole, length, ())
    order = _order(telling, limit)

    def without(number: int) -> DraftText:
        return write(telling.told(set(order[:number])))

    def fits(number: int) -> bool:
        return count_units(without(number).text + ending, limit.unit) <= limit.count

    gone = bisect_left(range(len(order)), True, key=fits)
    draft = without(gone)
    reason = f"No room for it within {limit.count} {limit.unit}."
    return FittedText(
        draft,
        count_units(draft.text + ending, limit.unit),
        tuple(telling.lost(set(order[:gone]), reason)),
    )


def _order(telling: SceneClauses, limit: Limit) -> list[Clause]:
    """All clauses in the order in which they would go."""
    return sorted(
        telling.clauses,
        key=lambda clause: (
            count_units(clause.words, limit.unit) <= limit.count * _LARGE,
            clause.worth,
        ),
    )


# Words that every English vocabulary of 32 000 pieces holds whole.
_WHOLE: Final = frozenset(
    "a an and are as at by for from in is it its no of on or the there to under with".split()  # noqa: SIM905
)


def count_units(text: str, unit: Unit) -> int:
    """The length of the text in the unit; T5 tokens never come out too low."""
    if unit == "characters":
        return len(text)
    if unit == "words":
        return len(text.split())
    return clip_tokens(text) if unit == "CLIP tokens" else t5_tokens(text)


def clip_tokens(text: str) -> int:
    """Tokens of CLIP's own vocabulary, without its marks of begin and end.

    Where its tokenizer cannot be installed, a count that never comes out too low.
    """
    return _clip()(text)


def t5_tokens(text: str) -> int:
    """At least as many as T5's SentencePiece gives; its vocabulary is not at hand.

    No piece is shorter than a character, so a word never has more than its characters and one
    mark of its beginning; an English word that CLIP keeps whole has at most one for two letters,
    by the table, so that the count is the same everywhere. The mark of the end is counted.
    """
    return bool(text) + sum(_t5_word(word) for word in re.findall(r"\w+|[^\w\s]", text))


@lru_cache(maxsize=4096)
def _t5_word(word: str) -> int:
    if word.lower() in _WHOLE or word in ",.":
        return 1
    plain = word.isascii() and word.isalpha() and word[1:].islower() and len(word) > 2
    if plain and _clip_words().get(word.lower()) == 1:
        return max(3, ceil(len(word) / 2))
    return len(word.encode()) + 1


@cache
def _clip() -> Callable[[str], int]:
    if find_spec("instant_clip_tokenizer") is None:
        return clip_tokens_at_most
    from instant_clip_tokenizer import Tokenizer  # noqa: PLC0415 - absent on some machines

    tokenizer = Tokenizer()
    return lambda text: len(tokenizer.encode(text))


# CLIP parts a text into runs of letters, single digits and runs of signs (Radford et al. 2021,
# simple_tokenizer.py) before it looks for tokens, so that no token reaches across them.
_RUNS: Final = re.compile(r"[^\W\d_]+|\d|(?:[^\w\s]|_)+")


def clip_tokens_at_most(text: str) -> int:
    """CLIP tokens from the table of words, and a token a byte for what is not in it."""
    known = _clip_words()
    return sum(known.get(run) or len(run.encode()) for run in _RUNS.findall(text.lower()))


@cache
def _clip_words() -> dict[str, int]:
    names = {"one": 1, "two": 2, "three": 3}
    lists = table("clip", __package__)
    return {word: count for name, count in names.items() for word in lists[name].split()}
