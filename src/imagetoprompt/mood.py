"""infer(facts) -> claims of mood, from light, palette, weather and time, by a published table.

It does not look at pixels: a mood is said only because other facts are.
"""

from collections.abc import Iterable, Iterator

from imagetoprompt.scene import Fact, Observation


def infer(facts: Iterable[Fact]) -> Iterator[Observation]:
    """At most one claim: the moods that several facts point to, in the words of the table."""
    yield from ()
