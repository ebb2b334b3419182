"""Hit and support of a prompt's words, by a vocabulary of what people name in pictures.

hit: of the words that at least three of five captions of a picture have, the share that its prompt
says too. With a single caption that is every word of it. support: of the words that the prompts
say, the share that at least one caption has. Silence denies nothing: the true precision lies
somewhere between support and 1.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

from imagetoprompt.core.prompt import Prompt

# The share of the captions from which a word counts as what people name.
CONSENSUS: Final = Fraction(3, 5)
# Facets that say how a picture looks, not what is in it.
LOOK_FACETS: Final = frozenset(
    {"light", "palette", "composition", "camera", "focus", "mood", "medium", "style"}
)


@dataclass(frozen=True)
class Word:
    """A word of the vocabulary: its kind (such as "who"), and the pattern that finds it."""

    name: str
    kind: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class CaptionedPrompt:
    """The captions of a picture, and the text of its prompt that says what is in it."""

    captions: tuple[str, ...]
    text: str
    has_subject: bool = True


@dataclass(frozen=True)
class ContentScore:
    """Counts over pictures and words.

    named: words that people agree on; hit: of those, said by the prompt. said: words of the prompt;
    supported: of those, in at least one caption.
    """

    kind: str
    pictures: int
    named: int
    hit: int
    said: int
    supported: int


@cache
def vocabulary() -> tuple[Word, ...]:
    """The words of vocabulary.toml."""
    rows = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8"))
    return tuple(
        Word(name, kind, re.compile(pattern))
        for kind, words in rows.items()
        for name, pattern in words.items()
    )


def content_text(prompt: Prompt) -> str:
    """The prompt without the words of facets that say how the picture looks."""
    text = prompt.text
    for span in prompt.spans:
        if span.facet in LOOK_FACETS:
            text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def scores(pictures: Sequence[CaptionedPrompt]) -> Iterator[ContentScore]:
    """The score of all words, then that of each kind."""
    rows = [_counts(pictures, word) for word in vocabulary()]
    yield _sum("all", len(pictures), rows)
    for kind in dict.fromkeys(row.kind for row in rows):
        yield _sum(kind, len(pictures), [row for row in rows if row.kind == kind])


def _counts(pictures: Iterable[CaptionedPrompt], word: Word) -> ContentScore:
    named = hit = said = supported = 0
    for picture in pictures:
        mentions = sum(bool(word.pattern.search(clean(text))) for text in picture.captions)
        in_prompt = bool(word.pattern.search(clean(picture.text)))
        agreed = mentions >= CONSENSUS * len(picture.captions)
        named, hit = named + agreed, hit + (agreed and in_prompt)
        said, supported = said + in_prompt, supported + (in_prompt and mentions > 0)
    return ContentScore(word.kind, 0, named, hit, said, supported)


def _sum(kind: str, pictures: int, rows: Sequence[ContentScore]) -> ContentScore:
    sums = (
        sum(getattr(row, name) for row in rows) for name in ("named", "hit", "said", "supported")
    )
    return ContentScore(kind, pictures, *sums)


@cache
def clean(text: str) -> str:
    """The text in lower case without parameters, colors and punctuation."""
    words = re.sub(r"--\w+ \S+|#[0-9a-f]{6}|[^a-z' -]", " ", text.lower())
    return re.sub(r"\s+", " ", words).strip()
