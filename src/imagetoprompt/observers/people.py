"""`action`: the pose of the people in front, from their key points.

What they do with objects in their hands is not recognized.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from imagetoprompt.core.measurements import Action
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture
from imagetoprompt.models.detector import Detection, calibrated_confidence, group_detections
from imagetoprompt.models.pose_estimation import Pose, find_key_points, pose_of

FACETS: Final = ("action",)

# Each person costs a run of the network; four show what a group does.
MAX_PEOPLE: Final = 4
# Key points of a body whose longer side is a smaller share of the picture are guesses.
MIN_BODY_SIZE: Final = 0.2
# The share of the people who must share a stance before it is reported for the group.
MIN_AGREEMENT: Final = 0.6
# How often each reported stance was right (`make accuracy`); arms and facing, and
# stances without labeled pictures, were counted by eye.
STANCE_ACCURACY: Final = {
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
# Arms without a stance, as a participle.
GESTURES: Final = {
    "arms raised": "raising both arms",
    "one arm raised": "raising one arm",
    "arms outstretched": "stretching out both arms",
}


def observe(picture: Picture, /) -> Iterator[Observation]:
    """Yield one observation if a person is large enough in the picture."""
    people = [person for person in _people(picture) if max(person.box[2:]) >= MIN_BODY_SIZE]
    if not people:
        return
    key_points = [find_key_points(picture, person.box) for person in people]
    poses = [pose_of(points, picture.size) for points in key_points]
    value, accuracy = _one_person(poses[0]) if len(people) == 1 else _several_people(poses)
    confidence = (
        accuracy * min(1.0, 0.2 + calibrated_confidence(picture, people[0])) if value else 0.0
    )
    yield Observation("action", value, round(confidence, 3), "keypoints", Action(tuple(key_points)))


def _people(picture: Picture) -> Sequence[Detection]:
    groups = [group for group in group_detections(picture) if group.label == "person"]
    return groups[0].front[:MAX_PEOPLE] if groups else ()


def _one_person(pose: Pose) -> tuple[str, float]:
    """The pose of one person in words, and how often such words are right."""
    clauses = [pose.stance, pose.arms, pose.facing and f"facing {pose.facing}"]
    if pose.stance and pose.arms:
        clauses[:2] = [f"{pose.stance} with {pose.arms}"]
    elif pose.arms:
        clauses[1] = GESTURES[pose.arms]
    return ", ".join(clause for clause in clauses if clause), STANCE_ACCURACY[pose.stance]


def _several_people(poses: list[Pose]) -> tuple[str, float]:
    """The stance that most of the people share ("" for none), and how often it is right."""
    (stance, count), *_ = Counter(pose.stance for pose in poses).most_common(1)
    agreed = stance if count >= MIN_AGREEMENT * len(poses) else ""
    return agreed, STANCE_ACCURACY[agreed]
