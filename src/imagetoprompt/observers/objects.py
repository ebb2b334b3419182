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
from imagetoprompt.lexicon.english import counted, plural, with_article
from imagetoprompt.models import imagenet_tree
from imagetoprompt.models.classifier import WHOLE, Classes, classify
from imagetoprompt.models.detection_calibration import believe
from imagetoprompt.models.detection_groups import Group, gather

FACETS: Final = ("subject",)

# At most so many kinds of things: more is an inventory, not a description.
MOST: Final = 4
# What is less prominent than this is not a subject, unless it keeps somebody company.
NOTICED: Final = 0.08
# From here on a thing is large enough that the picture is about it.
PROMINENT: Final = 0.12
# The share of the classifier's vote at which a name is exact enough for what the detector saw.
EXACT: Final = 0.8
# The least at which what only the classifier sees is named: in the whole and in its middle.
ALONE: Final = 0.65
MIDDLE: Final[Box] = (0.177, 0.177, 0.646, 0.646)
# More people than this are a crowd; more than FEW things are not counted.
CROWD: Final = 11
FEW: Final = 4


def observe(picture: Picture, /) -> Iterator[Observation]:
    """The subjects, the main one first; none in a picture of a place alone."""
    groups = _worth_telling(gather(picture))
    claims = [claim for group in groups[:MOST] for claim in _seen(picture, group)]
    main = groups[0] if groups else None
    if main is None or main.prominence < PROMINENT or claims[0].confidence < ALONE:
        yield from _named(picture, _alike(groups))
    yield from claims


def _worth_telling(groups: tuple[Group, ...]) -> list[Group]:
    """Groups that people would mention, the likeliest first."""
    words = table("objects")
    weights, small = words["weight"], set(words["companions"]["small"])
    peopled = any(group.label == "person" for group in groups)
    told = [
        group
        for group in groups
        if weights.get(group.label, 1.0)
        and (group.prominence >= NOTICED or (peopled and group.label in small))
    ]
    return sorted(told, key=lambda group: -weights.get(group.label, 1.0) * group.prominence)


def _seen(picture: Picture, group: Group) -> Iterator[Observation]:
    first = group.front[0]
    belief = believe(picture, first)
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


def _tint(picture: Picture, group: Group) -> str:
    """The color of a thing that stands alone and has one worth telling."""
    alone = len(group.front) == 1 and group.label in table("objects")["tints"]["things"]
    return object_color(picture, group.front[0].box) if alone else ""


def _other_animal(classes: Classes, label: str) -> imagenet_tree.Named | None:
    """Another animal that the classifier is sure of: it knows a fox, which COCO calls a dog."""
    words = table("objects")
    named = imagenet_tree.name(classes.probabilities, ALONE)
    if label not in words["animals"]["names"] or named is None or "animal" not in named.kinds:
        return None
    same = words["same"].get(label, ())
    return None if any(kind in same for kind in (named.name, *named.kinds)) else named


def _exact(classes: Classes, name: str) -> str:
    """The breed, make, sort or content, when the classifier is sure of it."""
    for content, whole in table("objects")["holding"].get(name, {}).items():
        if imagenet_tree.share(classes.probabilities, content) >= ALONE:
            return str(whole)
    if imagenet_tree.share(classes.probabilities, name) < ALONE:
        return name
    named = imagenet_tree.name(classes.probabilities, EXACT, name)
    return name if named is None else named.name


def _worded(name: str, group: Group) -> str:
    """The noun phrase: 'a dog', 'two dogs', 'several dogs', 'a group of people', 'a crowd'."""
    sure, possible = len(group.front), len(group.front) + group.doubtful
    if name == "person" and possible + group.behind > CROWD:
        return "a crowd of people"
    if sure == 1:
        return with_article(name)
    if sure == possible and sure <= FEW:
        return counted(name, sure)
    return "a group of people" if name == "person" and sure > 2 else f"several {plural(name)}"


def _alike(groups: list[Group]) -> set[str]:
    """All that the classifier calls the things that the detector saw."""
    same = table("objects")["same"]
    labels = [group.label for group in groups]
    return {name for label in labels for name in (label, *same.get(label, ()))}


def _named(picture: Picture, known: set[str]) -> Iterator[Observation]:
    """What only the classifier sees: named alike in the whole picture and in its middle."""
    views = (classify(picture, WHOLE), classify(picture, MIDDLE))
    mean = np.mean([each.probabilities for each in views], axis=0)
    named = imagenet_tree.name(np.asarray(mean, np.float32), ALONE)
    if named is None or known.intersection((named.name, *named.kinds)):
        return
    yield Observation(
        "subject",
        with_article(named.name),
        round(min(named.probability, 0.95), 3),
        "classifier",
        Subject(named.name, 1, ()),
    )
