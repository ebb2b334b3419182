"""`action`: how the people in front hold themselves, from their key points.

It does not know what they do with what is in their hands, nor what they feel.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from imagetoprompt.core.measurements import Action
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture
from imagetoprompt.models.detector import Detection, calibrated_confidence, group_detections
from imagetoprompt.models.pose_estimation import KeyPoints, Pose, find_key_points, pose_of

FACETS: Final = ("action",)

# Each person costs a run of the network; four tell what a group does.
MAX_PEOPLE: Final = 4
# Of a body smaller than this share of the height or width the key points are guesses.
MIN_PERSON_SHARE: Final = 0.2
# The part of the people who must do the same before it is said of them.
MIN_AGREEMENT: Final = 0.6
# How often each was right where it was said, by make accuracy; arms and facing, and
# stances without labelled pictures, were counted by eye.
TRUST: Final = {
    "lying": 0.8,
    "bent over": 0.95,
    "bending sideways": 0.9,
    "standing on one leg": 0.93,
    "sitting": 0.9,
    "crouching": 0.88,
    "lunging": 0.88,
    "running": 0.8,
    "walking": 0.8,
    "standing": 0.88,
    "": 0.85,
}
# Arms alone, as a participle.
GESTURES: Final = {
    "arms raised": "raising both arms",
    "one arm raised": "raising one arm",
    "arms outstretched": "stretching out both arms",
}


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One observation where there is a person whose key points are clear."""
    people = [each for each in _people(picture) if max(each.box[2:]) >= MIN_PERSON_SHARE]
    if not people:
        return
    points = [find_key_points(picture, each.box) for each in people]
    postures = [pose_of(each, picture.size) for each in points]
    value, trust = _alone(postures[0]) if len(people) == 1 else _together(postures)
    belief = trust * min(1.0, 0.2 + calibrated_confidence(picture, people[0])) if value else 0.0
    yield Observation("action", value, round(belief, 3), "keypoints", _measured(points))


def _people(picture: Picture) -> Sequence[Detection]:
    groups = [group for group in group_detections(picture) if group.label == "person"]
    return groups[0].front[:MAX_PEOPLE] if groups else ()


def _alone(posture: Pose) -> tuple[str, float]:
    """What one person does, and how far it is to be trusted."""
    clauses = [posture.stance, posture.arms, posture.facing and f"facing {posture.facing}"]
    if posture.stance and posture.arms:
        clauses[:2] = [f"{posture.stance} with {posture.arms}"]
    elif posture.arms:
        clauses[1] = GESTURES[posture.arms]
    return ", ".join(clause for clause in clauses if clause), TRUST[posture.stance]


def _together(postures: list[Pose]) -> tuple[str, float]:
    """The stance in which most of the people agree."""
    (stance, count), *_ = Counter(each.stance for each in postures).most_common(1)
    agreed = stance if count >= MIN_AGREEMENT * len(postures) else ""
    return agreed, TRUST[agreed]


def _measured(points: Sequence[KeyPoints]) -> Action:
    return Action(tuple(points))
