import numpy as np
from tests.analysis.synthetic_pictures import leaves, picture, portrait

from imagetoprompt.analysis.depth_of_field import depth_of_field


def test_a_blurred_ground_behind_a_sharp_body_is_shallow() -> None:
    found = depth_of_field(picture(portrait(17)))
    assert (found.name, found.subject_sharp) == ("shallow", True)


def test_leaves_that_are_sharp_all_over_are_deep() -> None:
    assert depth_of_field(picture(leaves())).name == "deep"


def test_more_of_a_deep_picture_is_sharp() -> None:
    shallow, deep = (depth_of_field(picture(portrait(each))).sharp for each in (17, 1))
    assert shallow + 0.15 < deep


def test_a_flat_picture_is_not_sure() -> None:
    assert depth_of_field(picture(np.full((120, 160, 3), 50.0))).confidence < 0.75
