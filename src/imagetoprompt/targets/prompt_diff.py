"""diff(before, after) -> what changed between two prompts of one target, facet by facet.

It compares words by their spans; it does not know why anything changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from imagetoprompt.core.prompt import Prompt
from imagetoprompt.core.scene import FACETS


@dataclass(frozen=True)
class Change:
    """The words of one facet in the prompt before and after; "" where it is not written."""

    facet: str
    before: str
    after: str


def diff(before: Prompt, after: Prompt, /) -> tuple[Change, ...]:
    """The facets whose words differ, in facet order."""
    return tuple(_changes(before, after))


def _changes(before: Prompt, after: Prompt) -> Iterator[Change]:
    for facet in FACETS:
        old, new = words(before, facet), words(after, facet)
        if old != new:
            yield Change(facet, old, new)


def words(prompt: Prompt, facet: str) -> str:
    """All that the prompt says of the facet, its spans joined by ' … '."""
    spans = (prompt.text[span.start : span.end] for span in prompt.spans if span.facet == facet)
    return " … ".join(text.strip(" ,.") for text in spans)


def rest(prompt: Prompt, facets: tuple[str, ...]) -> str:
    """The text with the spans of the facets cut out: what an edit of them must leave as it is."""
    own = {
        place
        for span in prompt.spans
        if span.facet in facets
        for place in range(span.start, span.end)
    }
    return "".join(letter for place, letter in enumerate(prompt.text) if place not in own)
