import pytest

from imagetoprompt.models.pose_estimation import KeyPoints, Pose, pose_of

Point = tuple[float, float]

# A person of ten heads, seen from the front, x to the right and y down: the person's own left is
# on the right.
FRONT: dict[str, Point] = {
    "nose": (5, 1),
    "left eye": (5.2, 0.8),
    "right eye": (4.8, 0.8),
    "left ear": (5.5, 1),
    "right ear": (4.5, 1),
    "left shoulder": (6, 2),
    "right shoulder": (4, 2),
    "left elbow": (6.3, 3.4),
    "right elbow": (3.7, 3.4),
    "left wrist": (6.3, 4.8),
    "right wrist": (3.7, 4.8),
    "left hip": (5.6, 5),
    "right hip": (4.4, 5),
    "left knee": (5.6, 7.5),
    "right knee": (4.4, 7.5),
    "left ankle": (5.6, 10),
    "right ankle": (4.4, 10),
}


def points(unclear: str = "", /, **moved: Point) -> KeyPoints:
    """The front view with some points moved; those that `unclear` names in part are guesses."""
    places = FRONT | {name.replace("_", " "): place for name, place in moved.items()}
    return tuple(
        (x / 12, y / 12, 0.1 if unclear and unclear in name else 0.9)
        for name, (x, y) in places.items()
    )


def posture(unclear: str = "", /, **moved: Point) -> Pose:
    return pose_of(points(unclear, **moved), (600, 600))


def test_a_person_from_the_front_stands_and_faces_the_camera() -> None:
    assert posture() == Pose("standing", "", "the camera")


def test_size_of_the_picture_is_taken_into_account() -> None:
    wide = tuple((x / 2, y, sure) for x, y, sure in points())
    assert pose_of(wide, (1200, 600)) == posture()


def test_arms_up() -> None:
    up = posture(
        left_elbow=(6.3, 1), right_elbow=(3.7, 1), left_wrist=(6.2, -1), right_wrist=(3.8, -1)
    )
    assert up.arms == "arms raised"


def test_one_arm_up() -> None:
    assert posture(left_elbow=(6.3, 1), left_wrist=(6.2, -1)).arms == "one arm raised"


def test_arms_spread() -> None:
    spread = posture(
        left_elbow=(7.4, 2), right_elbow=(2.6, 2), left_wrist=(8.8, 2), right_wrist=(1.2, 2)
    )
    assert spread.arms == "arms outstretched"


def test_cross_legged_is_sitting() -> None:
    legs = posture(
        left_knee=(7.5, 5.5), right_knee=(2.5, 5.5), left_ankle=(5.2, 5.8), right_ankle=(4.8, 5.8)
    )
    assert legs.stance == "sitting"


def test_on_a_chair_from_the_side_is_sitting() -> None:
    legs = posture(
        left_knee=(8, 5.2), right_knee=(7.6, 5.2), left_ankle=(8, 7.7), right_ankle=(7.6, 7.7)
    )
    assert legs.stance == "sitting"


def test_deep_knees_are_crouching() -> None:
    legs = posture(
        left_knee=(7.8, 5.6), right_knee=(2.2, 5.6), left_ankle=(7.4, 8), right_ankle=(2.6, 8)
    )
    assert legs.stance == "crouching"


def test_one_foot_at_the_other_knee_is_standing_on_one_leg() -> None:
    leg = posture(left_knee=(7.5, 6.2), left_ankle=(5, 7.4))
    assert leg.stance == "standing on one leg"


def test_hips_on_top_and_hands_down_is_bent_over() -> None:
    bent = {"left_shoulder": (8.2, 6.5), "right_shoulder": (8, 6.7)}
    hands = {
        "left_elbow": (9, 8),
        "right_elbow": (8.8, 8),
        "left_wrist": (9.8, 9.6),
        "right_wrist": (9.6, 9.6),
    }
    assert posture(**bent, **hands).stance == "bent over"


def test_on_one_level_is_lying() -> None:
    flat = {name.replace(" ", "_"): (12 - y, x) for name, (x, y) in FRONT.items()}
    assert posture(**flat).stance == "lying"


def test_one_straight_and_one_bent_leg_wide_apart_is_lunging() -> None:
    legs = posture(
        left_knee=(7.8, 6), left_ankle=(7.9, 8.4), right_knee=(3, 6.8), right_ankle=(1.4, 8.6)
    )
    assert legs.stance == "lunging"


@pytest.mark.parametrize(("nose", "side"), [(3.6, "left"), (6.4, "right")])
def test_the_face_tells_the_side(nose: float, side: str) -> None:
    narrow = {"left_shoulder": (5.2, 2.0), "right_shoulder": (4.8, 2.0)}
    assert posture(nose=(nose, 1), **narrow).facing == side


def test_shoulders_the_other_way_round_without_a_face_are_away() -> None:
    turned = posture("nose", left_shoulder=(4, 2), right_shoulder=(6, 2))
    assert turned.facing == "away"


def test_without_knees_there_is_no_stance() -> None:
    assert posture("knee").stance == ""


def test_without_shoulders_there_is_nothing() -> None:
    assert posture("shoulder") == Pose()


def test_a_point_is_no_body() -> None:
    assert pose_of(((0.5, 0.5, 0.9),) * 17, (600, 600)) == Pose()
