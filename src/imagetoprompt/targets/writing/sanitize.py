"""Values made harmless: no line breaks, no quotes, no characters that a target would obey.

It does not know facets or grammar: it sees one string at a time.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from imagetoprompt.lexicon import table

_INVISIBLE: Final = {"Cc", "Cf", "Cs", "Co"}
# Straight, curly, low, angle and full-width quotes, and the backtick, would end our own quotes.
_QUOTES: Final = re.compile('["`\u00ab\u00bb\u2018-\u201f\uff02]')
_EDGES: Final = " \t,.;:!?\u2026\u00b7-\u2013\u2014_/&+*="


@lru_cache(maxsize=4096)
def clean(value: str, syntax: str) -> str:
    """The value on one line without what `syntax` would obey, bare of punctuation at its ends.

    A line break becomes a comma, a double quote a single one, invisible and control characters go.
    """
    harmless = _obeyed(_QUOTES.sub("'", _visible(value.replace("\n", ", "))), syntax)
    commas = re.sub(r"\s*,[\s,]*", ", ", re.sub(r"\s+", " ", harmless))
    return re.sub(r"\.{2,}", ",", commas).strip(_EDGES)


@lru_cache(maxsize=4096)
def clean_words(value: str, syntax: str) -> str:
    """Words that stand in a picture, for standing between double quotes: as they are, but safe."""
    kept = _QUOTES.sub("'", _visible(value))
    return re.sub(r"\s+", " ", _obeyed(kept, syntax)).strip()


@lru_cache(maxsize=4096)
def clauses(value: str) -> tuple[str, ...]:
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
    rows = table("syntax")[syntax]["rules"]
    return tuple((re.compile(pattern), instead) for pattern, instead in rows)
