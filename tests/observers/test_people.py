import numpy as np
from tests.models.prepared import prepare

from imagetoprompt.core.measurements import Action, Box
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import classifier, detector, pose_estimation
from imagetoprompt.models.classifier import WHOLE_PICTURE, ClassScores
from imagetoprompt.models.detector import Detection
from imagetoprompt.models.pose_estimation import KeyPoints
from imagetoprompt.observers import people

BOXES: tuple[Box, ...] = ((0.0, 0.1, 0.3, 0.8), (0.35, 0.1, 0.3, 0.8), (0.7, 0.1, 0.3, 0.8))
# COCO order, seen from the front; hips, knees and ankles end it.
HEAD = ((0.5, 0.1), (0.52, 0.08), (0.48, 0.08), (0.55, 0.1), (0.45, 0.1))
ARMS = ((0.6, 0.2), (0.4, 0.2), (0.63, 0.34), (0.37, 0.34), (0.63, 0.48), (0.37, 0.48))
RAISED = ((0.6, 0.2), (0.4, 0.2), (0.63, 0.1), (0.37, 0.1), (0.62, -0.1), (0.38, -0.1))
LEGS = ((0.56, 0.5), (0.44, 0.5), (0.56, 0.75), (0.44, 0.75), (0.56, 1.0), (0.44, 1.0))
CROSSED = ((0.56, 0.5), (0.44, 0.5), (0.75, 0.55), (0.25, 0.55), (0.52, 0.58), (0.48, 0.58))


def body(*parts: tuple[tuple[float, float], ...]) -> KeyPoints:
    return tuple((x, y, 0.9) for part in parts for x, y in part)


STANDING, SITTING = body(HEAD, ARMS, LEGS), body(HEAD, ARMS, CROSSED)


def claims(*bodies: KeyPoints, boxes: tuple[Box, ...] = BOXES) -> list[Observation]:
    """What is claimed of people who hold themselves so."""
    picture = Picture(np.zeros((60, 60, 3), np.uint8), (60, 60), "")
    boxes = boxes[: len(bodies)]
    detections = tuple(Detection("person", 0.95, box) for box in boxes)
    flat = ClassScores(np.full(1000, 0.001, np.float32), np.zeros(1280, np.float32))
    prepare(picture, detector.detect, answer=detections)
    prepare(picture, classifier._classified, WHOLE_PICTURE, answer=flat)
    for box, points in zip(boxes, bodies, strict=True):
        prepare(picture, pose_estimation.find_key_points, box, answer=tuple(points))
    return list(people.observe(picture))


def test_without_people_there_is_no_action() -> None:
    assert claims() == []


def test_one_person_is_described_in_full() -> None:
    (claim,) = claims(STANDING)
    assert claim.value == "standing, facing the camera"


def test_arms_go_with_the_stance() -> None:
    (claim,) = claims(body(HEAD, RAISED, LEGS))
    assert claim.value == "standing with arms raised, facing the camera"


def test_arms_alone_are_a_participle_too() -> None:
    hidden = tuple((x, y, 0.1 if place > 12 else 0.9) for place, (x, y, _) in enumerate(STANDING))
    raised = (*body(HEAD, RAISED), *hidden[11:])
    assert claims(raised)[0].value == "raising both arms, facing the camera"


def test_key_points_are_handed_on() -> None:
    (claim,) = claims(SITTING)
    assert claim.measurement == Action((SITTING,))


def test_people_who_agree_are_described_together() -> None:
    assert claims(SITTING, SITTING, SITTING)[0].value == "sitting"


def test_people_who_do_not_agree_are_only_measured() -> None:
    (claim,) = claims(SITTING, STANDING)
    assert (claim.value, claim.confidence) == ("", 0.0)


def test_people_far_away_are_not_described() -> None:
    assert claims(STANDING, boxes=((0.5, 0.5, 0.04, 0.1),)) == []
