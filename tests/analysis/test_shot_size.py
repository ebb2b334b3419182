import numpy as np
import pytest

from imagetoprompt.analysis.layout import shot_size
from imagetoprompt.analysis.subject_detection import MainSubject
from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture

PLAIN = Picture(np.full((60, 80, 3), 128, np.uint8), (80, 60), "")


def thing(box: Box) -> MainSubject:
    return MainSubject(box, 0.9, "detector", False)


@pytest.mark.parametrize(
    ("box", "name"),
    [
        ((0.02, 0.0, 0.88, 1.0), "close-up"),
        ((0.2, 0.2, 0.6, 0.5), "medium"),
        ((0.4, 0.4, 0.2, 0.2), "wide"),
        ((0.5, 0.5, 0.05, 0.05), "extreme wide"),
    ],
)
def test_a_thing_is_measured_by_its_box(box: Box, name: str) -> None:
    assert shot_size(PLAIN, thing(box)).name == name


def test_a_thing_that_three_edges_cut_is_a_close_up_for_certain() -> None:
    cut, whole = (
        shot_size(PLAIN, thing((0.0, 0.0, 0.9, 1.0))),
        shot_size(PLAIN, thing((0.05, 0.05, 0.9, 0.9))),
    )
    assert (cut.confidence, whole.confidence) == pytest.approx((0.81, 0.63))


def test_without_a_subject_nothing_is_sure() -> None:
    assert shot_size(PLAIN, None).confidence == 0
