import cv2
import numpy as np
import pytest
from tests.analysis.synthetic_pictures import body, landscape, leaves, mirrored, picture

from imagetoprompt.analysis.layout import negative_space, repetition, symmetry
from imagetoprompt.analysis.lines import diagonal_lines, leading_lines


def test_a_mirrored_picture_is_symmetric() -> None:
    assert symmetry(picture(mirrored(leaves()))) > 0.9


def test_leaves_are_not_symmetric() -> None:
    assert symmetry(picture(leaves())) < 0.3


def test_plain_sky_over_ground_is_no_symmetry() -> None:
    assert symmetry(picture(landscape(0.5))) < 0.3


@pytest.mark.parametrize(("across", "where"), [(0.2, "on the right"), (0.8, "on the left")])
def test_the_empty_side_is_named(across: float, where: str) -> None:
    canvas = np.full((240, 360, 3), 180.0)
    start = int(across * 360) - 70
    canvas[:, start : start + 140] = leaves()[:240, :140]
    assert negative_space(picture(canvas)).where == where


def test_leaves_leave_no_space_empty() -> None:
    assert negative_space(picture(leaves())).share < 0.1


def test_lines_that_meet_lead() -> None:
    canvas = np.full((300, 400, 3), 90.0)
    for foot in np.linspace(-200, 600, 9):
        cv2.line(canvas, (int(foot), 299), (200, 110), (220.0, 210.0, 200.0), 4, cv2.LINE_AA)
    assert leading_lines(picture(canvas)) > 0.8


def test_parallel_lines_do_not_lead() -> None:
    canvas = np.full((300, 400, 3), 90.0)
    for foot in range(-300, 400, 50):
        cv2.line(canvas, (foot, 299), (foot + 300, 0), (220.0, 210.0, 200.0), 4, cv2.LINE_AA)
    assert leading_lines(picture(canvas)) < 0.3
    assert diagonal_lines(picture(canvas)) > 0.8


def test_bricks_repeat() -> None:
    canvas = np.full((256, 256, 3), 150.0)
    for row in range(0, 256, 32):
        for column in range(0, 256, 32):
            cv2.circle(canvas, (column + 16, row + 16), 9, (60.0, 50.0, 40.0), -1, cv2.LINE_AA)
    assert repetition(picture(canvas)) > 0.7


def test_leaves_do_not_repeat() -> None:
    assert repetition(picture(leaves())) < 0.4


def test_one_body_does_not_repeat() -> None:
    assert repetition(picture(body(0.5))) < 0.4
