"""How long a text is in the unit of a limit: characters, words, CLIP tokens or T5 tokens.

It does not know the limits.
"""

import re
from functools import cache, lru_cache
from math import ceil
from typing import Final

from instant_clip_tokenizer import Tokenizer

from imagetoprompt.prompt import Unit

# Words that every English vocabulary of 32 000 pieces holds whole.
_WHOLE: Final = frozenset(
    "a an and are as at by for from in is it its no of on or the there to under with".split()  # noqa: SIM905
)


def count(text: str, unit: Unit) -> int:
    """The length of the text in the unit; T5 tokens never come out too low."""
    if unit == "characters":
        return len(text)
    if unit == "words":
        return len(text.split())
    return clip_tokens(text) if unit == "CLIP tokens" else t5_tokens(text)


def clip_tokens(text: str) -> int:
    """Tokens of CLIP's own vocabulary, without its marks of begin and end."""
    return len(_clip().encode(text))


def t5_tokens(text: str) -> int:
    """At least as many as T5's SentencePiece gives; its vocabulary is not at hand.

    No piece is shorter than a character, so a word never has more than its characters and one
    mark of its beginning; an English word that CLIP keeps whole has at most one for two letters.
    The mark of the end is counted.
    """
    return bool(text) + sum(_t5_word(word) for word in re.findall(r"\w+|[^\w\s]", text))


@lru_cache(maxsize=4096)
def _t5_word(word: str) -> int:
    if word.lower() in _WHOLE or word in ",.":
        return 1
    plain = word.isascii() and word.isalpha() and word[1:].islower() and len(word) > 2
    if plain and clip_tokens(word) == 1:
        return max(3, ceil(len(word) / 2))
    return len(word.encode()) + 1


@cache
def _clip() -> Tokenizer:
    return Tokenizer()
