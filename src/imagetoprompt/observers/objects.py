"""`subject`: what stands in the picture, the main thing first, as far as two networks agree.

The detector counts and places, the classifier doubts and refines. It does not know who a person is,
nor their age or sex, and says nothing of them.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from imagetoprompt.analysis.dominant_colors import object_color
from imagetoprompt.core.measurements import Box, Subject
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table
from imagetoprompt.lexicon.english import plural, with_article, with_count
from imagetoprompt.models import classifier
from imagetoprompt.models.classifier import WHOLE_PICTURE, ClassScores, classify
from imagetoprompt.models.detector import DetectionGroup, calibrated_confidence, group_detections

FACETS: Final = ("subject",)

# At most so many kinds of things: more is an inventory, not a description.
MAX_SUBJECTS: Final = 4
# What is less prominent than this is not a subject, unless it keeps somebody company.
MIN_PROMINENCE: Final = 0.08
# From here on a thing is large enough that the picture is about it.
MAIN_PROMINENCE: Final = 0.12
# The share of the classifier's vote at which a name is exact enough for what the detector saw.
MIN_EXACT_VOTE: Final = 0.8
# The least at which what only the classifier sees is named: in the whole and in its middle.
MIN_CLASS_CONFIDENCE: Final = 0.65
CENTER_SHARE: Final[Box] = (0.177, 0.177, 0.646, 0.646)
# More people than this are a crowd; more than FEW things are not counted.
CROWD: Final = 11
FEW_COUNT: Final = 4


def observe(picture: Picture, /) -> Iterator[Observation]:
    """The subjects, the main one first; none in a picture of a place alone."""
    groups = _worth_telling(group_detections(picture))
    claims = [claim for group in groups[:MAX_SUBJECTS] for claim in _seen(picture, group)]
    main = groups[0] if groups else None
    if (
        main is None
        or main.prominence < MAIN_PROMINENCE
        or claims[0].confidence < MIN_CLASS_CONFIDENCE
    ):
        yield from _named(picture, _alike(groups))
    yield from claims


def _worth_telling(groups: tuple[DetectionGroup, ...]) -> list[DetectionGroup]:
    """Groups that people would mention, the likeliest first."""
    words = table("objects")
    weights, small = words["weight"], set(words["companions"]["small"])
    peopled = any(group.label == "person" for group in groups)
    told = [
        group
        for group in groups
        if weights.get(group.label, 1.0)
        and (group.prominence >= MIN_PROMINENCE or (peopled and group.label in small))
    ]
    return sorted(told, key=lambda group: -weights.get(group.label, 1.0) * group.prominence)


def _seen(picture: Picture, group: DetectionGroup) -> Iterator[Observation]:
    first = group.front[0]
    belief = calibrated_confidence(picture, first)
    name = table("objects")["said"].get(group.label, group.label)
    classes = classify(picture, first.box)
    other = _other_animal(classes, group.label)
    if other is not None:
        name, belief = other.name, other.probability
    elif group.label != "person":
        name = _exact(classes, name)
    boxes = tuple(each.box for each in group.front)
    yield Observation(
        "subject",
        _worded(f"{_tint(picture, group)} {name}".strip(), group),
        round(belief, 3),
        "detector",
        Subject(name, len(boxes), boxes),
    )


def _tint(picture: Picture, group: DetectionGroup) -> str:
    """The color of a thing that stands alone and has one worth telling."""
    alone = len(group.front) == 1 and group.label in table("objects")["tints"]["things"]
    return object_color(picture, group.front[0].box) if alone else ""


def _other_animal(classes: ClassScores, label: str) -> classifier.ClassName | None:
    """Another animal that the classifier is sure of: it knows a fox, which COCO calls a dog."""
    words = table("objects")
    named = classifier.class_of(classes.probabilities, MIN_CLASS_CONFIDENCE)
    if label not in words["animals"]["names"] or named is None or "animal" not in named.kinds:
        return None
    same = words["same"].get(label, ())
    return None if any(kind in same for kind in (named.name, *named.kinds)) else named


def _exact(classes: ClassScores, name: str) -> str:
    """The breed, make, sort or content, when the classifier is sure of it."""
    for content, whole in table("objects")["holding"].get(name, {}).items():
        if classifier.class_share(classes.probabilities, content) >= MIN_CLASS_CONFIDENCE:
            return str(whole)
    if classifier.class_share(classes.probabilities, name) < MIN_CLASS_CONFIDENCE:
        return name
    named = classifier.class_of(classes.probabilities, MIN_EXACT_VOTE, name)
    return name if named is None else named.name


def _worded(name: str, group: DetectionGroup) -> str:
    """The noun phrase: 'a dog', 'two dogs', 'several dogs', 'a group of people', 'a crowd'."""
    sure, possible = len(group.front), len(group.front) + group.doubtful
    if name == "person" and possible + group.behind > CROWD:
        return "a crowd of people"
    if sure == 1:
        return with_article(name)
    if sure == possible and sure <= FEW_COUNT:
        return with_count(name, sure)
    return "a group of people" if name == "person" and sure > 2 else f"several {plural(name)}"


def _alike(groups: list[DetectionGroup]) -> set[str]:
    """All that the classifier calls the things that the detector saw."""
    same = table("objects")["same"]
    labels = [group.label for group in groups]
    return {name for label in labels for name in (label, *same.get(label, ()))}


def _named(picture: Picture, known: set[str]) -> Iterator[Observation]:
    """What only the classifier sees: named alike in the whole picture and in its middle."""
    views = (
        classify(picture, WHOLE_PICTURE),
        classify(picture, CENTER_SHARE),
    )
    mean = np.mean([each.probabilities for each in views], axis=0)
    named = classifier.class_of(np.asarray(mean, np.float32), MIN_CLASS_CONFIDENCE)
    if named is None or known.intersection((named.name, *named.kinds)):
        return
    yield Observation(
        "subject",
        with_article(named.name),
        round(min(named.probability, 0.95), 3),
        "classifier",
        Subject(named.name, 1, ()),
    )
