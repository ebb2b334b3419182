"""Where the words of a facet will stand: Slot, and the shape of a function that words a facet.

A Slot knows which facets are there, never their values: that is what keeps an edit local.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from imagetoprompt.targets.writing.clauses import Told


@dataclass(frozen=True)
class Slot:
    """A place in a sentence: the facets told before and after it there, and all that are told.

    verbs: whether the target wants whole sentences, 'a dog is sitting', rather than captions.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    told: frozenset[str]
    verbs: bool = False

    def follows(self, *facets: str) -> bool:
        """Whether one of the facets stands earlier in the same sentence."""
        return not set(facets).isdisjoint(self.before)

    def leads(self, *facets: str) -> bool:
        """Whether one of the facets comes later in the same sentence."""
        return not set(facets).isdisjoint(self.after)


Worded: TypeAlias = tuple[str, str]
"""The glue before the words, which depends on the Slot alone, and the words of the facet."""

Speech: TypeAlias = Callable[[Told, Slot], Worded]
Speeches: TypeAlias = Mapping[str, Speech]
