"""believe(picture, detection) -> probability that the thing is what the detector calls it.

The classifier is asked about the box and about the whole picture: a detector that was never shown
a painting finds ovens in them, and the classifier does not. It does not know how a thing is worded.
"""

from math import exp, log, log10

from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table
from imagetoprompt.models import imagenet_tree
from imagetoprompt.models.classifier import Classes, classify
from imagetoprompt.models.detector import Detection


def believe(picture: Picture, seen: Detection, /) -> float:
    """The calibrated probability, 0 to 1."""
    rules = table("objects")["belief"]
    confidence = min(max(seen.confidence, 0.001), 0.999)
    facts = {
        "bias": 1.0,
        "confidence": log(confidence / (1 - confidence)),
        "area": seen.box[2] * seen.box[3],
    }
    if seen.label == "person":
        facts["animal"] = _animal(picture, seen)
        return _logistic(rules["person"], facts)
    same = table("objects")["same"].get(seen.label)
    if same is None:
        return _logistic(rules["blind"], facts)
    facts["box"] = _decades(classify(picture, seen.box), same)
    facts["whole"] = _decades(classify(picture), same)
    return _logistic(rules["seen"], facts)


def _animal(picture: Picture, seen: Detection) -> float:
    """The decades of an animal in the box; where the whole picture has none, there is none."""
    whole = _decades(classify(picture), ["animal"])
    return min(whole, _decades(classify(picture, seen.box), ["animal"])) if whole > 1 else whole


def _decades(classes: Classes, names: list[str]) -> float:
    """By how many powers of ten the classifier's share of these names exceeds 0.001."""
    total = sum(imagenet_tree.share(classes.probabilities, each) for each in names)
    return log10(max(total, 0.001)) + 3


def _logistic(weights: dict[str, float], facts: dict[str, float]) -> float:
    return 1 / (1 + exp(-sum(weight * facts[name] for name, weight in weights.items())))
