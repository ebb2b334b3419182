"""`setting`, `time`, `weather`, `season`: each by a linear probe on the classifier's features.

The most specific words that are sure enough are reported. A close-up before a blurred background
has no setting.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from imagetoprompt.analysis import linear_models
from imagetoprompt.core.scene import Observation
from imagetoprompt.facts.hedging import hedged_observations
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table

FACETS: Final = ("setting", "time", "weather", "season")

# The probes of these facets were trained on photographs; paintings and drawings treat light and sky
# differently. They are trusted less when a photograph is less likely than this.
PHOTO_TRAINED_FACETS: Final = ("time", "weather", "season")
MIN_PHOTO_PROBABILITY: Final = 0.5


def observe(picture: Picture, /) -> Iterator[Observation]:
    """Yield one observation for each facet, empty if nothing is likely; then unsure ones."""
    words = table("place", __package__)
    for facet in FACETS:
        probabilities = linear_models.probe_probabilities(picture, facet)
        trusted = discounted(probabilities, medium_trust(picture, facet))
        yield from hedged_observations(facet, trusted, words[facet])


def medium_trust(picture: Picture, facet: str) -> float:
    """How far the probe of the facet is trusted on this picture, 0 to 1."""
    if facet not in PHOTO_TRAINED_FACETS:
        return 1.0
    photo = linear_models.probe_probabilities(picture, "medium")["photo"]
    trusted = min(1.0, photo / MIN_PHOTO_PROBABILITY)
    if facet == "season":
        # Bright sand looks like snow to this probe, and the setting's probe recognizes sand well.
        trusted *= 1 - linear_models.probe_probabilities(picture, "setting")["desert"]
    return trusted


def discounted(probabilities: Mapping[str, float], factor: float) -> dict[str, float]:
    """The probabilities times `factor` (0 to 1); what they lose goes to the label `other`."""
    other = linear_models.OTHER
    known = {label: share * factor for label, share in probabilities.items() if label != other}
    return {**known, other: 1 - sum(known.values())}
