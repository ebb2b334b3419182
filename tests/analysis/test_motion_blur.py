import numpy as np
import pytest
from tests.analysis.synthetic_pictures import leaves, out_of_focus, picture, smeared

from imagetoprompt.analysis.blur import motion_blur


def turned(first: float, second: float) -> float:
    gap = abs(first - second) % 180
    return min(gap, 180 - gap)


@pytest.mark.parametrize("angle", [0, 30, 65, 90, 120, 155])
def test_the_angle_of_motion_blur_is_measured(angle: float) -> None:
    found = motion_blur(picture(smeared(leaves(), 16, angle)))
    assert found.confidence > 0.9
    assert turned(found.angle, angle) < 8


def test_a_sharp_picture_does_not_move() -> None:
    assert motion_blur(picture(leaves())).confidence < 0.2


def test_defocus_is_not_motion() -> None:
    assert motion_blur(picture(out_of_focus(leaves(), 11))).confidence < 0.4


def test_a_longer_motion_blur_is_measured_longer() -> None:
    short, long = (motion_blur(picture(smeared(leaves(), n, 20))).length for n in (6, 40))
    assert short < long


def test_stripes_do_not_move() -> None:
    rows = np.sign(np.sin(np.arange(288) / 3.0))[:, None, None] * 80 + 128
    assert motion_blur(picture(np.repeat(np.repeat(rows, 384, axis=1), 3, axis=2))).confidence < 0.5


def test_a_flat_picture_does_not_move() -> None:
    assert motion_blur(picture(np.full((200, 300, 3), 77.0))).confidence == 0.0
