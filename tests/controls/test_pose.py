import numpy as np

from imagetoprompt.controls import pose
from imagetoprompt.images.picture import open_picture

STANDING = tuple((0.5, (index + 1) / 20, 0.9) for index in range(17))


def test_the_neck_is_between_the_shoulders() -> None:
    points = list(STANDING)
    points[5], points[6] = (0.7, 0.3, 0.9), (0.3, 0.3, 0.9)
    assert pose.joints(tuple(points), (100, 200))[1] == (50, 60)


def test_a_hidden_shoulder_takes_the_neck_away() -> None:
    points = list(STANDING)
    points[5] = (0.7, 0.3, 0.1)
    joints = pose.joints(tuple(points), (100, 200))
    assert (joints[1], joints[5]) == (None, None)


def test_joints_follow_the_order_of_openpose() -> None:
    # Nose, right shoulder, right elbow, right wrist, left shoulder, …, right eye, left eye, ears.
    rows = [each and each[1] for each in pose.joints(STANDING, (100, 2000))]
    coco = [0, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3]
    assert [rows[0], *rows[2:]] == [100 * (place + 1) for place in coco]


def test_a_person_is_drawn_in_the_colors_of_openpose() -> None:
    drawn = pose.draw(open_picture("examples/astronaut.jpg")).pixels
    seen = {tuple(int(each) for each in row) for row in np.unique(drawn.reshape(-1, 3), axis=0)}
    nose, neck, limb = (255, 0, 0), (255, 85, 0), (0, 0, 153)
    assert {(0, 0, 0), nose, neck, limb} <= seen


def test_the_red_point_is_on_the_nose() -> None:
    drawn = pose.draw(open_picture("examples/astronaut.jpg")).pixels
    rows, columns = np.nonzero((drawn == (255, 0, 0)).all(axis=2))
    assert (abs(columns.mean() / 512 - 0.44) < 0.03, abs(rows.mean() / 512 - 0.24) < 0.03) == (
        True,
        True,
    )


def test_nobody_gives_black() -> None:
    assert int(pose.draw(open_picture("examples/coffee.jpg")).pixels.max()) == 0
