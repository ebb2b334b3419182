"""`setting`, `time`, `weather`, `season`: where and when, as far as the picture shows it.

Each by a trained head, in the most exact words that are sure enough. It does not know what a clock
or a map says, and a close-up before a blurred ground is nowhere.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from imagetoprompt.analysis import linear_models
from imagetoprompt.core.scene import Observation
from imagetoprompt.facts.hedging import hedged_observation
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table

FACETS: Final = ("setting", "time", "weather", "season")

# Light and sky of paintings and drawings follow other rules than those of photographs, from which
# the heads learned. A picture that is likelier something else than a photograph is believed less.
PHOTOGRAPHIC_FACETS: Final = ("time", "weather", "season")
NON_PHOTO_TRUST: Final = 0.5


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One claim for each of the facets; an empty one where nothing is likely."""
    for facet in FACETS:
        shares = linear_models.probe_probabilities(picture, facet)
        yield hedged_observation(
            facet,
            discounted(shares, medium_trust(picture, facet)),
            table("place", __package__)[facet],
        )


def medium_trust(picture: Picture, facet: str) -> float:
    """How far the head of the facet is believed, 0 to 1: less of what it cannot judge."""
    if facet not in PHOTOGRAPHIC_FACETS:
        return 1.0
    photograph = min(
        1.0, linear_models.probe_probabilities(picture, "medium")["photo"] / NON_PHOTO_TRUST
    )
    # Bright sand passes for snow, and the other head knows sand well.
    sand = (
        linear_models.probe_probabilities(picture, "setting")["desert"]
        if facet == "season"
        else 0.0
    )
    return photograph * (1 - sand)


def discounted(probabilities: Mapping[str, float], trust: float) -> dict[str, float]:
    """The probabilities times `trust` (0 to 1); what they lose goes to none of these."""
    known = {k: share * trust for k, share in probabilities.items() if k != linear_models.OTHER}
    return {**known, linear_models.OTHER: 1 - sum(known.values())}
