import numpy as np
import pytest
from tests.models.prepared import prepare

from imagetoprompt.core.measurements import Box, Subject
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture, open_picture
from imagetoprompt.models import classifier, detector
from imagetoprompt.models.classifier import WHOLE_PICTURE, ClassScores
from imagetoprompt.models.detector import Detection
from imagetoprompt.observers import objects

LEFT: Box = (0.1, 0.2, 0.35, 0.7)
RIGHT: Box = (0.55, 0.2, 0.35, 0.7)
PUG, COLLIE, VALLEY, TENT, ESPRESSO = 254, 231, 979, 672, 967


def classes(place: int, share: float = 0.95) -> ClassScores:
    spread = np.full(1000, (1 - share) / 1000, np.float32)
    spread[place] += share
    return ClassScores(spread, np.zeros(1280, np.float32))


def claims(
    *seen: tuple[str, float, Box],
    whole: ClassScores | None = None,
    boxes: ClassScores | None = None,
) -> list[Observation]:
    """What is claimed when the networks answer so."""
    picture = Picture(np.zeros((60, 60, 3), np.uint8), (60, 60), "")
    detections = tuple(Detection(*each) for each in seen)
    prepare(picture, detector.detect, answer=detections)
    scores = whole or classes(VALLEY)
    prepare(picture, classifier._classified, WHOLE_PICTURE, answer=scores)
    for box in (*(each.box for each in detections), objects.MIDDLE_BOX):
        prepare(picture, classifier._classified, box, answer=boxes or scores)
    return list(objects.observe(picture))


def test_an_empty_place_has_no_subject() -> None:
    assert claims() == []


def test_one_person_is_a_person() -> None:
    (claim,) = claims(("person", 0.95, LEFT))
    assert (claim.value, claim.measurement) == ("a person", Subject("person", 1, (LEFT,)))


def test_two_people_are_counted() -> None:
    (claim,) = claims(("person", 0.95, LEFT), ("person", 0.9, RIGHT))
    assert claim.value == "two people"


def test_a_doubtful_second_is_not_counted() -> None:
    (claim,) = claims(("person", 0.95, LEFT), ("person", 0.4, RIGHT))
    assert claim.value == "a person"


def test_a_dozen_people_are_a_crowd() -> None:
    row = [("person", 0.9, (0.08 * place, 0.3, 0.07, 0.4)) for place in range(12)]
    (claim,) = claims(*row)
    assert claim.value == "a crowd of people"


def test_the_breed_is_named_when_the_classifier_is_sure() -> None:
    (claim,) = claims(("dog", 0.95, LEFT), whole=classes(PUG))
    assert claim.value == "a pug"


def test_the_breed_is_left_out_when_it_is_unsure() -> None:
    split = classes(PUG, 0.5)
    split.probabilities[COLLIE] += 0.45
    (claim,) = claims(("dog", 0.95, LEFT), whole=split)
    assert claim.value == "a dog"


def test_agreement_is_believed() -> None:
    (claim,) = claims(("dog", 0.9, LEFT), whole=classes(PUG))
    assert claim.confidence > 0.95


def test_what_the_classifier_does_not_see_is_not_believed() -> None:
    (claim,) = claims(("oven", 0.85, (0.0, 0.0, 1.0, 1.0)))
    assert claim.confidence < 0.1


def test_the_classifier_corrects_the_animal() -> None:
    claim = claims(("cow", 0.9, LEFT), whole=classes(PUG))[0]
    assert claim.value == "a pug"


def test_a_cup_with_coffee_is_a_cup_of_coffee() -> None:
    (claim,) = claims(("cup", 0.95, LEFT), whole=classes(ESPRESSO))
    assert claim.value == "a cup of coffee"


def test_people_come_before_larger_furniture() -> None:
    seen = claims(("couch", 0.9, (0.0, 0.3, 1.0, 0.7)), ("person", 0.9, LEFT))
    assert seen[0].value == "a person"


def test_what_only_the_classifier_sees_is_named() -> None:
    (claim,) = claims(whole=classes(TENT), boxes=classes(TENT))
    assert (claim.value, claim.source) == ("a tent", "classifier")


def test_the_whole_and_its_middle_must_agree() -> None:
    assert claims(whole=classes(TENT), boxes=classes(VALLEY)) == []


def test_small_companions_of_people_are_mentioned() -> None:
    seen = claims(("person", 0.95, LEFT), ("frisbee", 0.9, (0.6, 0.3, 0.05, 0.05)))
    assert [claim.value for claim in seen] == ["a person", "a frisbee"]


def test_small_things_alone_are_not_a_subject() -> None:
    assert claims(("cup", 0.9, (0.6, 0.3, 0.05, 0.05))) == []


@pytest.mark.parametrize("example", ["cat", "coffee"])
def test_examples(example: str) -> None:
    nouns = {"cat": "a cat", "coffee": "a cup of coffee"}
    said = [claim.value for claim in objects.observe(open_picture(f"examples/{example}.jpg"))]
    assert nouns[example] in said
