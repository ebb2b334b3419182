"""Scores of `text`: words read, and words seen where there are none."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bench.accuracy.described_pictures import DescribedPicture
from bench.accuracy.scores import Goal, Score, share


def words(seen: Sequence[DescribedPicture]) -> Iterator[Score]:
    """The share of words read exactly, capitals and all, and of words read that are not there."""
    true, measured, both = Counter[str](), Counter[str](), 0
    for picture in seen:
        written, read = Counter(picture.truth["text"]["words"]), Counter(_read(picture))
        true, measured, both = true + written, measured + read, both + (written & read).total()
    n = true.total()
    yield Score(
        "text", "words read exactly, drawn", 100 * both / n if n else None, n, "%", Goal(95)
    )
    n = measured.total()
    right = 100 * both / n if n else None
    yield Score("text", "words said that are there, drawn", right, n)


def false_words(seen: Sequence[DescribedPicture], where: str) -> Iterator[Score]:
    """The share of pictures without text in which words are said."""
    false_words_read = [bool(_read(picture)) for picture in seen]
    yield share(
        "text",
        f"pictures without text with false words, {where}",
        false_words_read,
        Goal(2, most=True),
    )


def _read(seen: DescribedPicture) -> list[str]:
    return [word for fact in seen.said("text") for word in fact["value"].split()]
