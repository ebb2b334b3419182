"""`subject`: the things in the picture, the main one first.

The object detector counts and locates them; the classifier confirms, contradicts or refines their
names. Identity, age and sex of a person are not reported.
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
from imagetoprompt.models.classifier import (
    WHOLE_PICTURE,
    ClassName,
    ClassScores,
    class_of,
    class_share,
    classify,
)
from imagetoprompt.models.detector import (
    DetectionGroup,
    calibrated_confidence,
    group_detections,
)

FACETS: Final = ("subject",)

# A list of more kinds of things is an inventory, not a description.
MAX_KINDS: Final = 4
# A less prominent thing is not mentioned, unless it accompanies people.
MIN_PROMINENCE: Final = 0.08
# From this prominence on, the thing is the main subject.
MIN_MAIN_PROMINENCE: Final = 0.12
# Share of the classifier's vote from which its more specific name replaces the detector's.
MIN_SPECIFIC_SHARE: Final = 0.8
# Share of the classifier's vote from which it confirms or contradicts the detector.
MIN_NAME_SHARE: Final = 0.65
# x, y, width, height of the middle 42 % of the area: the classifier alone names a subject by the
# mean of its scores for the whole picture and for this box.
MIDDLE_BOX: Final[Box] = (0.177, 0.177, 0.646, 0.646)
# Limit of the confidence in a name that the detector does not support.
MAX_CLASSIFIER_CONFIDENCE: Final = 0.95
# More people than this are a crowd; more things than MAX_COUNTED are "several".
CROWD_SIZE: Final = 11
MAX_COUNTED: Final = 4


def observe(picture: Picture, /) -> Iterator[Observation]:
    """Yield the subjects, the main one first; none in a picture of nothing but a place."""
    groups = _worth_mentioning(group_detections(picture))
    claims: list[Observation] = []
    for group in groups[:MAX_KINDS]:
        claims += _group_claims(picture, group)
    main = groups[0] if groups else None
    if (
        main is None
        or main.prominence < MIN_MAIN_PROMINENCE
        or claims[0].confidence < MIN_NAME_SHARE
    ):
        yield from _classifier_claims(picture, _classifier_names(groups))
    yield from claims


def _worth_mentioning(groups: tuple[DetectionGroup, ...]) -> list[DetectionGroup]:
    """The groups that people would mention, the likeliest first."""
    words = table("objects")
    weights, small = words["weight"], set(words["companions"]["small"])
    has_people = any(group.label == "person" for group in groups)
    mentioned = [
        group
        for group in groups
        if weights.get(group.label, 1.0)
        and (group.prominence >= MIN_PROMINENCE or (has_people and group.label in small))
    ]
    return sorted(mentioned, key=lambda group: -weights.get(group.label, 1.0) * group.prominence)


def _group_claims(picture: Picture, group: DetectionGroup) -> Iterator[Observation]:
    first = group.front[0]
    confidence = calibrated_confidence(picture, first)
    name = table("objects")["said"].get(group.label, group.label)
    classes = classify(picture, first.box)
    animal = _other_animal(classes, group.label)
    if animal is not None:
        name, confidence = animal.name, animal.probability
    elif group.label != "person":
        name = _specific_name(classes, name)
    boxes = tuple(thing.box for thing in group.front)
    yield Observation(
        "subject",
        _noun_phrase(f"{_color_word(picture, group)} {name}".strip(), group),
        round(confidence, 3),
        "detector",
        Subject(name, len(boxes), boxes),
    )


def _color_word(picture: Picture, group: DetectionGroup) -> str:
    """The color of a thing that is the only one of its kind; "" if it has no clear one."""
    has_color = len(group.front) == 1 and group.label in table("objects")["tints"]["things"]
    return object_color(picture, group.front[0].box) if has_color else ""


def _other_animal(classes: ClassScores, label: str) -> ClassName | None:
    """Another animal that the classifier is sure of: it knows foxes, which COCO calls dogs."""
    words = table("objects")
    named = class_of(classes.probabilities, MIN_NAME_SHARE)
    if label not in words["animals"]["names"] or named is None or "animal" not in named.kinds:
        return None
    same = words["same"].get(label, ())
    return None if any(kind in same for kind in (named.name, *named.kinds)) else named


def _specific_name(classes: ClassScores, name: str) -> str:
    """The breed, make or content if the classifier is sure of it, else `name`."""
    for content, whole in table("objects")["holding"].get(name, {}).items():
        if class_share(classes.probabilities, content) >= MIN_NAME_SHARE:
            return str(whole)
    if class_share(classes.probabilities, name) < MIN_NAME_SHARE:
        return name
    named = class_of(classes.probabilities, MIN_SPECIFIC_SHARE, name)
    return name if named is None else named.name


def _noun_phrase(name: str, group: DetectionGroup) -> str:
    """The noun phrase: 'a dog', 'two dogs', 'several dogs', 'a group of people', 'a crowd'."""
    sure, possible = len(group.front), len(group.front) + group.doubtful
    if name == "person" and possible + group.behind > CROWD_SIZE:
        return "a crowd of people"
    if sure == 1:
        return with_article(name)
    if sure == possible and sure <= MAX_COUNTED:
        return with_count(name, sure)
    return "a group of people" if name == "person" and sure > 2 else f"several {plural(name)}"


def _classifier_names(groups: list[DetectionGroup]) -> set[str]:
    """All names that the classifier has for the things that the detector saw."""
    same = table("objects")["same"]
    labels = [group.label for group in groups]
    return {name for label in labels for name in (label, *same.get(label, ()))}


def _classifier_claims(picture: Picture, known: set[str]) -> Iterator[Observation]:
    """At most one subject that only the classifier sees, in the whole picture and in its middle."""
    views = (classify(picture, WHOLE_PICTURE), classify(picture, MIDDLE_BOX))
    mean = np.asarray(np.mean([view.probabilities for view in views], axis=0), np.float32)
    kept = table("facets")["subject"]["kept"]
    named = class_of(mean, MIN_NAME_SHARE) or class_of(mean, kept)
    if named is None or known.intersection((named.name, *named.kinds)):
        return
    yield Observation(
        "subject",
        with_article(named.name),
        round(min(named.probability, MAX_CLASSIFIER_CONFIDENCE), 3),
        "classifier",
        Subject(named.name, 1, ()),
    )
