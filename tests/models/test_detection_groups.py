import numpy as np
import pytest

from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import detector
from imagetoprompt.models.detector import (
    Detection,
    DetectionGroup,
    box_iou,
    group_detections,
    without_duplicates,
)

LEFT: Box = (0.1, 0.2, 0.3, 0.6)
RIGHT: Box = (0.6, 0.2, 0.3, 0.6)
TINY: Box = (0.45, 0.4, 0.02, 0.05)


def grouped(monkeypatch: pytest.MonkeyPatch, *detections: Detection) -> tuple[DetectionGroup, ...]:
    """The groups of a picture in which the detector finds just these."""
    monkeypatch.setattr(detector, "detect", lambda _: detections)
    return group_detections(Picture.from_pixels(np.zeros((10, 10, 3), np.uint8)))


def test_a_box_ious_itself_wholly() -> None:
    assert box_iou(LEFT, LEFT) == pytest.approx(1)


def test_boxes_apart_do_not_overlap() -> None:
    assert box_iou(LEFT, RIGHT) == 0.0


def test_one_place_keeps_its_surest_name() -> None:
    dog, bear = Detection("dog", 0.9, LEFT), Detection("bear", 0.5, LEFT)
    assert without_duplicates([dog, bear]) == (dog,)


def test_things_of_one_kind_are_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    (group,) = grouped(monkeypatch, Detection("dog", 0.9, LEFT), Detection("dog", 0.8, RIGHT))
    assert [each.box for each in group.front] == [LEFT, RIGHT]


def test_the_half_seen_are_doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    (group,) = grouped(monkeypatch, Detection("dog", 0.9, LEFT), Detection("dog", 0.3, RIGHT))
    assert (len(group.front), group.doubtful) == (1, 1)


def test_the_small_stand_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    (group,) = grouped(monkeypatch, Detection("person", 0.9, LEFT), Detection("person", 0.8, TINY))
    assert (len(group.front), group.behind) == (1, 1)


def test_the_large_come_before_the_small(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = grouped(monkeypatch, Detection("dog", 0.9, TINY), Detection("car", 0.8, LEFT))
    assert [group.label for group in groups] == ["car", "dog"]


def test_the_unsure_are_no_group(monkeypatch: pytest.MonkeyPatch) -> None:
    assert grouped(monkeypatch, Detection("dog", 0.4, LEFT)) == ()
