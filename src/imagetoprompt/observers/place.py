"""`setting`, `time`, `weather`, `season`: where and when, as far as the picture shows it.

Each by a trained head, in the most exact words that are sure enough. It does not know what a clock
or a map says, and a close-up before a blurred ground is nowhere.
"""

from collections.abc import Iterator
from typing import Final

from imagetoprompt import heads
from imagetoprompt.hedging import claim
from imagetoprompt.lexicon import table
from imagetoprompt.picture import Picture
from imagetoprompt.scene import Observation

FACETS: Final = ("setting", "time", "weather", "season")


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One claim for each of the facets; an empty one where nothing is likely."""
    for facet in FACETS:
        yield claim(facet, heads.probabilities(picture, facet), table("places")[facet])
