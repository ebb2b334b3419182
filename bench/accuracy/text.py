"""Scores of `text`: words read, and words seen where there are none."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bench.accuracy.described_pictures import Seen
from bench.accuracy.scores import Goal, Score, share


def words(seen: Sequence[Seen]) -> Iterator[Score]:
    """The share of words read exactly, capitals and all, and of words read that are not there."""
    true, told, both = Counter[str](), Counter[str](), 0
    for each in seen:
        written, read = Counter(each.truth["text"]["words"]), Counter(_read(each))
        true, told, both = true + written, told + read, both + (written & read).total()
    n = true.total()
    yield Score(
        "text", "words read exactly, drawn", 100 * both / n if n else None, n, "%", Goal(95)
    )
    n = told.total()
    right = 100 * both / n if n else None
    yield Score("text", "words said that are there, drawn", right, n)


def false_words(seen: Sequence[Seen], where: str) -> Iterator[Score]:
    """The share of pictures without text in which words are said."""
    told = [bool(_read(each)) for each in seen]
    yield share(
        "text", f"pictures without text with false words, {where}", told, Goal(2, most=True)
    )


def _read(seen: Seen) -> list[str]:
    return [word for fact in seen.said("text") for word in fact["value"].split()]
