"""advices(picture, fields, sentences) -> what should mend a painting, each with its link.

It reads the knob and its value out of the sentences of `compare.advice`; it does not know why they
were said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from imagetoprompt.web.pages.urls import Pair, Pairs, address, joined

STRENGTH: Final = re.compile(r"(?:raise|lower) the strength from [\d.]+ to ([\d.]*\d)")
KEEP: Final = re.compile(r"\b(?:keep it )?with (\w+) at [\d.]*\d")
# What only a command line needs.
COMMAND: Final = re.compile(r",? as '--[^']*'")


@dataclass(frozen=True)
class Advice:
    """One sentence, and the address where what it says is done; "" when no link can."""

    words: str
    use: str


def advices(picture: str, fields: Pairs, sentences: tuple[str, ...]) -> tuple[Advice, ...]:
    """Each sentence with its link. fields: what the painting was asked with."""
    return tuple(_advice(picture, fields, each) for each in sentences)


def _advice(picture: str, fields: Pairs, sentence: str) -> Advice:
    changes = tuple(_changes(sentence))
    use = address(picture, joined(fields, *changes)) if changes else ""
    return Advice(COMMAND.sub("", sentence), use)


def _changes(sentence: str) -> Iterator[Pair]:
    strength, keep = STRENGTH.search(sentence), KEEP.search(sentence)
    if strength:
        yield "strength", strength[1]
    if keep:
        yield "keep", keep[1]
